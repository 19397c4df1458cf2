package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Ecdsa;

/**
 * Whether a vote key signed a digest. A pure function; an implementation may answer from a cache of earlier answers.
 */
@FunctionalInterface
public interface SignatureCheck {
    /**
     * secp256k1 ECDSA with low s and the right recovery id: the one encoding, and the one that an EVM contract accepts.
     */
    SignatureCheck SECP256K1 = Ecdsa::isRecoverable;

    /**
     * @param voteKey compressed key, 33 bytes
     * @param digest 32 bytes of {@link SignBytes}
     * @param signature r, s and recovery id, 65 bytes
     */
    boolean genuine(Bytes voteKey, Bytes digest, Bytes signature);
}
