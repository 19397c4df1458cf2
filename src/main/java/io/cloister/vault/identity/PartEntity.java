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

/** A part that this node keeps for a peer. */
@Entity(name = "VaultPart")
@Table(name = "vault_part")
class PartEntity extends ProtectedEntity {
    @Id
    @Column(name = "owner", nullable = false)
    private String owner = "";

    @Authenticated
    @Column(name = "generation", nullable = false)
    private long generation;

    @Sealed
    @Mutability(Immutability.class)
    @Column(name = "part", nullable = false)
    private byte[] part = new byte[0];

    protected PartEntity() {}

    PartEntity(String owner) {
        this.owner = owner;
    }

    long generation() {
        return generation;
    }

    byte[] part() {
        return part;
    }

    void replace(long newGeneration, byte[] newPart) {
        wipe();
        generation = newGeneration;
        part = newPart;
    }

    void wipe() {
        Arrays.fill(part, (byte) 0);
    }
}
