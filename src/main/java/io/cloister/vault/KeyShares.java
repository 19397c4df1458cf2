package io.cloister.vault;

import io.cloister.crypto.SecretBytes;
import java.util.Optional;

/** Where key shares are kept, at the state level. What a share is only its owner knows. */
public interface KeyShares {
    /** The longest share, in bytes. */
    int MAX_SHARE = 64 << 10;

    /**
     * What is known of a share without opening it.
     *
     * @param id 1 to 128 bytes
     * @param epoch 0 or higher
     * @param kind 1 to 32 bytes
     */
    record ShareInfo(String id, long epoch, String kind) {}

    /**
     * Keeps a share durably, in the place of an older one with the same id.
     *
     * @param share stays the caller's to close
     */
    void save(ShareInfo info, SecretBytes share);

    /** The caller closes the share. When there is none, the table is checked, so that a deleted share is noticed. */
    Optional<SecretBytes> find(String id);
}
