package io.cloister.crypto;

/** A sealed message that this key does not open: wrong key, wrong associated data, changed or cut bytes. */
public final class DecryptionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DecryptionException(String message) {
        super(message);
    }

    DecryptionException(String message, Throwable cause) {
        super(message, cause);
    }
}
