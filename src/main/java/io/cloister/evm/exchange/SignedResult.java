package io.cloister.evm.exchange;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;

/**
 * The answer to a private simulation, signed by the node's result-signing key. Its label sets it apart from everything
 * else that the node signs.
 *
 * @param requestHash SHA-256 of the sealed request
 * @param fork rules of the simulation
 * @param authority who vouches for the state that it ran on; {@code request} when all of it came with the request
 * @param release measurement of the node
 * @param result the result's JSON
 */
public record SignedResult(
        String chainId,
        Bytes requestHash,
        String fork,
        String authority,
        Bytes release,
        Bytes result,
        Signature signature) {
    /** Bytes of the longest result. */
    public static final int MAX_RESULT = 4 << 20;

    private static final String LABEL = "cloister/evm-result/v1";
    private static final int MAX_NAME = 64;

    public static SignedResult sign(
            SigningKey key,
            String chainId,
            Bytes requestHash,
            String fork,
            String authority,
            Bytes release,
            Bytes result) {
        Bytes digest = digest(chainId, requestHash, fork, authority, release, result);
        return new SignedResult(chainId, requestHash, fork, authority, release, result, key.sign(digest));
    }

    /** @param resultKey 33 bytes, from the node's evidence */
    public boolean isSignedBy(Bytes resultKey) {
        return Ecdsa.verify(
                Point.decode(resultKey), digest(chainId, requestHash, fork, authority, release, result), signature);
    }

    Bytes encode() {
        return unsigned(chainId, requestHash, fork, authority, release, result)
                .fixed(signature.recoverable())
                .toBytes();
    }

    static SignedResult decode(Reader in) {
        if (!in.string(MAX_NAME).equals(LABEL)) {
            throw new CodecException(Reason.UNKNOWN, "not a signed result");
        }
        return new SignedResult(
                in.string(MAX_NAME),
                in.fixed(32),
                in.string(MAX_NAME),
                in.string(MAX_NAME),
                in.bytes(MAX_NAME),
                in.bytes(MAX_RESULT),
                Signature.decodeRecoverable(in.fixed(65)));
    }

    private static Bytes digest(
            String chainId, Bytes requestHash, String fork, String authority, Bytes release, Bytes result) {
        return Hashes.sha256(unsigned(chainId, requestHash, fork, authority, release, Hashes.sha256(result))
                .toBytes());
    }

    private static Writer unsigned(
            String chainId, Bytes requestHash, String fork, String authority, Bytes release, Bytes result) {
        return new Writer()
                .string(LABEL)
                .string(chainId)
                .fixed(requestHash)
                .string(fork)
                .string(authority)
                .bytes(release)
                .bytes(result);
    }
}
