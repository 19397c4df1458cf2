package io.cloister.mpc;

import io.cloister.crypto.SecretBytes;
import java.util.Optional;

/**
 * Port: sealed storage for what must survive a restart: key shares, and the key dealings that they can be made from
 * again. Presignature shares are never given to it.
 */
public interface KeyShareStore {
    /**
     * Stores durably before it returns; replaces what is there.
     *
     * @param id ASCII, at most 64 characters
     * @param secret stays the caller's to close
     */
    void put(String id, long epoch, SecretBytes secret);

    /** The caller closes what it gets. */
    Optional<SecretBytes> get(String id, long epoch);
}
