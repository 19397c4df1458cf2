package io.cloister.vault;

import io.cloister.crypto.SecretBytes;
import java.util.Optional;
import java.util.function.Predicate;

/** Where the peers' part of the state level's key comes from; implemented over the attested channels. */
public interface PeersPart {
    /** Length of the part, in bytes. */
    int LENGTH = 32;

    /**
     * The part that fits, of those that the peers hand out; what a peer hands out may be anything. Empty when none of
     * those in reach has it. The vault closes it.
     */
    Optional<SecretBytes> fetch(Predicate<SecretBytes> fits);

    /**
     * Hands a new part to the peers. Returns only when as many peers hold it durably as the caller's policy wants;
     * throws otherwise, and the state level is then not made.
     */
    void deposit(SecretBytes part);
}
