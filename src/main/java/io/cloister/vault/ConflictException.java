package io.cloister.vault;

/**
 * A row to insert exists already, a row to update is gone, or another writer was faster; roll back, then read again.
 */
public final class ConflictException extends VaultException {
    private static final long serialVersionUID = 1L;

    public ConflictException(String message) {
        super(message);
    }
}
