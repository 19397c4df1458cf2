package io.cloister.vault.identity;

import io.cloister.vault.hibernate.ProtectedEntity;
import io.cloister.vault.hibernate.Sealed;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Mutability;
import org.hibernate.type.descriptor.java.Immutability;

/** A named value that the node keeps for itself. */
@Entity(name = "VaultSetting")
@Table(name = "vault_setting")
class SettingEntity extends ProtectedEntity {
    @Id
    @Column(name = "name", nullable = false)
    private String name = "";

    @Sealed
    @Mutability(Immutability.class)
    @Column(name = "value", nullable = false)
    private byte[] value = new byte[0];

    protected SettingEntity() {}

    SettingEntity(String name) {
        this.name = name;
    }

    byte[] value() {
        return value;
    }

    void replace(byte[] newValue) {
        value = newValue;
    }
}
