package io.cloister.vault.hibernate;

import jakarta.persistence.Column;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.Version;

/**
 * What every protected entity has. The id is assigned by the application; every other attribute is {@link Sealed} or
 * {@link Authenticated}. The listener sets key epoch and tag.
 */
@MappedSuperclass
public abstract class ProtectedEntity {
    @Version
    @Column(name = "version", nullable = false)
    private long version;

    @Column(name = "key_epoch", nullable = false)
    private int keyEpoch;

    @Column(name = "tag", nullable = false)
    private byte[] tag = new byte[0];

    /** 0 for a row's first version (rows written without Hibernate begin with 1), one more for each update. */
    public long version() {
        return version;
    }

    /** The key epoch that sealed this version. */
    public int keyEpoch() {
        return keyEpoch;
    }
}
