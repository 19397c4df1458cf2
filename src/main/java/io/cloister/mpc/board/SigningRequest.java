package io.cloister.mpc.board;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Scalar;
import io.cloister.mpc.sharing.Derivation;
import java.util.List;

/**
 * What a module wants signed. The requester has made the digest itself from what the chain knows: nobody outside can
 * have a digest of his choice signed.
 *
 * @param requestId 32 bytes, unique for ever; a repeat gets the same answer
 * @param digest 32 bytes, not zero modulo the group order
 * @param path derivation from the root key; empty for the root key
 * @param purpose short label for people and metrics
 */
public record SigningRequest(Bytes requestId, Bytes digest, List<Bytes> path, String purpose) {
    private static final int MAX_PURPOSE = 64;

    /** @throws CodecException OUT_OF_RANGE */
    public SigningRequest {
        path = List.copyOf(path);
        boolean sizes = requestId.length() == 32 && digest.length() == 32;
        if (!sizes || purpose.length() > MAX_PURPOSE || Scalar.reduce(digest).isZero()) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a signing request that cannot be served");
        }
        Derivation.requirePath(path);
    }

    void encode(Writer writer) {
        writer.fixed(requestId).fixed(digest).list(path, Writer::bytes).string(purpose);
    }

    static SigningRequest decode(Reader reader) {
        return new SigningRequest(
                reader.fixed(32),
                reader.fixed(32),
                reader.list(Derivation.MAX_ELEMENTS, r -> r.bytes(Derivation.MAX_ELEMENT_LENGTH)),
                reader.string(4 * MAX_PURPOSE));
    }
}
