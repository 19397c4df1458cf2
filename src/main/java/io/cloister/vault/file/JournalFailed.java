package io.cloister.vault.file;

import io.cloister.vault.VaultException;

/** The disk did not do what it was told, for one because it is full. The journal takes nothing until it is reopened. */
public final class JournalFailed extends VaultException {
    private static final long serialVersionUID = 1L;

    JournalFailed(String message) {
        super(message);
    }

    JournalFailed(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
