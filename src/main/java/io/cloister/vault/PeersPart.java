package io.cloister.vault;

import io.cloister.crypto.SecretBytes;
import java.util.Optional;

/** Where the peers' part of the state level's key comes from; implemented over the attested channels. */
public interface PeersPart {
    /** Length of the part, in bytes. */
    int LENGTH = 32;

    /** The part that the peers keep for this node. Empty when none of those in reach has one. The vault closes it. */
    Optional<SecretBytes> fetch();

    /**
     * Hands a new part to the peers. Returns only when as many peers hold it durably as the caller's policy wants;
     * throws otherwise, and the state level is then not made.
     */
    void deposit(SecretBytes part);
}
