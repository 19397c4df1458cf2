package io.cloister.vault.identity;

import java.util.List;

/** The entity classes that a persistence unit for this package's stores must have. */
public final class VaultEntities {
    public static final List<Class<?>> CLASSES = List.of(IdentityEntity.class, PartEntity.class, KeyShareEntity.class);

    private VaultEntities() {}
}
