package io.cloister.vault.hibernate;

import io.cloister.vault.ConflictException;
import io.cloister.vault.VaultException;
import jakarta.persistence.OptimisticLockException;

/** Brings the vault's own exceptions out of what Hibernate and the container wrap around them. */
final class VaultFailures {
    private static final int DEPTH = 12;

    private VaultFailures() {}

    static VaultException translate(Exception failure) {
        Throwable at = failure;
        for (int i = 0; i < DEPTH && at != null; i++) {
            if (at instanceof VaultException ours) {
                return ours;
            }
            if (at instanceof OptimisticLockException) {
                return new ConflictException("the row was changed meanwhile: " + at.getMessage());
            }
            at = at.getCause();
        }
        return new VaultException("the transaction failed: " + failure.getMessage(), failure);
    }
}
