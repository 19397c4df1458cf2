package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/**
 * What a validator's application adds to its precommit for a block: it stands in the next block, where every validator
 * computes the same from it.
 *
 * @param data 1 to {@link Limits#EXTENSION_BYTES} bytes of the application's
 * @param signature of the vote key over {@link SignBytes#extension}, 65 bytes
 */
public record Extension(Bytes data, Bytes signature) {
    public Extension {
        Limits.require(
                !data.isEmpty() && data.length() <= Limits.EXTENSION_BYTES,
                "a vote extension of " + data.length() + " bytes");
        Limits.length(signature, Limits.SIGNATURE_BYTES, "a signature");
    }

    public void encode(Writer writer) {
        writer.bytes(data).fixed(signature);
    }

    public static Extension decode(Reader reader) {
        return new Extension(reader.bytes(Limits.EXTENSION_BYTES), reader.fixed(Limits.SIGNATURE_BYTES));
    }
}
