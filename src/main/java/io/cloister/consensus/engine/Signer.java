package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;

/** The vote key as something that signs. */
@FunctionalInterface
public interface Signer {
    /**
     * @param digest 32 bytes of {@link io.cloister.consensus.SignBytes}
     * @return 65 bytes r, s, recovery id
     */
    Bytes sign(Bytes digest);
}
