package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Signature;

/**
 * Whether a vote key signed a digest. A pure function; an implementation may answer from a cache of earlier answers.
 */
@FunctionalInterface
public interface SignatureCheck {
    /**
     * secp256k1 ECDSA with low s and the right recovery id: the one encoding, and the one that an EVM contract accepts.
     */
    SignatureCheck SECP256K1 = (voteKey, digest, signature) -> {
        try {
            Signature decoded = Signature.decodeRecoverable(signature);
            return decoded.isLowS()
                    && Ecdsa.recover(digest, decoded)
                            .filter(key -> key.encode().equals(voteKey))
                            .isPresent();
        } catch (CodecException e) {
            return false;
        }
    };

    /**
     * @param voteKey compressed key, 33 bytes
     * @param digest 32 bytes of {@link SignBytes}
     * @param signature r, s and recovery id, 65 bytes
     */
    boolean genuine(Bytes voteKey, Bytes digest, Bytes signature);
}
