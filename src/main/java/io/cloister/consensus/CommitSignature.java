package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/** One validator's part of a certificate: its slot and 65 bytes r, s, recovery id. */
public record CommitSignature(int slot, Bytes signature) {
    public CommitSignature {
        Limits.require(slot >= 1 && slot <= 0xffff, "slot " + slot);
        Limits.length(signature, Limits.SIGNATURE_BYTES, "a signature");
    }

    public void encode(Writer writer) {
        writer.u16(slot).fixed(signature);
    }

    public static CommitSignature decode(Reader reader) {
        return new CommitSignature(reader.u16(), reader.fixed(Limits.SIGNATURE_BYTES));
    }
}
