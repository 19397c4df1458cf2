package io.cloister.vault.identity;

import io.cloister.vault.KeyShares;
import io.cloister.vault.hibernate.Authenticated;
import io.cloister.vault.hibernate.ProtectedEntity;
import io.cloister.vault.hibernate.Sealed;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Arrays;
import org.hibernate.annotations.Mutability;
import org.hibernate.type.descriptor.java.Immutability;

/** A key share; its owner alone knows the format. */
@Entity(name = "VaultKeyShare")
@Table(name = "vault_key_share")
class KeyShareEntity extends ProtectedEntity {
    @Id
    @Column(name = "id", nullable = false)
    private String id = "";

    @Authenticated
    @Column(name = "epoch", nullable = false)
    private long epoch;

    @Authenticated
    @Column(name = "kind", nullable = false)
    private String kind = "";

    @Sealed
    @Mutability(Immutability.class)
    @Column(name = "share", nullable = false)
    private byte[] share = new byte[0];

    protected KeyShareEntity() {}

    KeyShareEntity(String id) {
        this.id = id;
    }

    void replace(KeyShares.ShareInfo info, byte[] newShare) {
        wipe();
        epoch = info.epoch();
        kind = info.kind();
        share = newShare;
    }

    byte[] share() {
        return share;
    }

    void wipe() {
        Arrays.fill(share, (byte) 0);
    }
}
