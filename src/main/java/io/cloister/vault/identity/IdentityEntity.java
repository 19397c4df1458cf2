package io.cloister.vault.identity;

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

/** The node's identity: one row. Sealed arrays are shared with Hibernate's own picture, so that wiping reaches both. */
@Entity(name = "VaultIdentity")
@Table(name = "vault_identity")
class IdentityEntity extends ProtectedEntity {
    /** The id of the only row. */
    static final String SELF = "self";

    @Id
    @Column(name = "id", nullable = false)
    private String id = SELF;

    @Authenticated
    @Column(name = "node_id", nullable = false)
    private byte[] nodeId = new byte[0];

    @Sealed
    @Mutability(Immutability.class)
    @Column(name = "slot_key", nullable = false)
    private byte[] slotKey = new byte[0];

    @Sealed
    @Mutability(Immutability.class)
    @Column(name = "epoch_key", nullable = false)
    private byte[] epochKey = new byte[0];

    @Sealed
    @Mutability(Immutability.class)
    @Column(name = "boot_counter", nullable = false)
    private byte[] bootCounter = new byte[0];

    protected IdentityEntity() {}

    IdentityEntity(byte[] nodeId, byte[] slotKey, byte[] epochKey, byte[] bootCounter) {
        this.nodeId = nodeId;
        this.slotKey = slotKey;
        this.epochKey = epochKey;
        this.bootCounter = bootCounter;
    }

    byte[] nodeId() {
        return nodeId;
    }

    byte[] slotKey() {
        return slotKey;
    }

    byte[] epochKey() {
        return epochKey;
    }

    byte[] bootCounter() {
        return bootCounter;
    }

    void bootCounter(byte[] next) {
        bootCounter = next;
    }

    /** After the transaction: the entity is of no use any more. */
    void wipe() {
        Arrays.fill(slotKey, (byte) 0);
        Arrays.fill(epochKey, (byte) 0);
    }
}
