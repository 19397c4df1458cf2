package io.cloister.mpc.board;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/** A presignature's number p: its batch, never used twice on a chain, and its index in the batch. */
public record PresignatureId(long batch, int index) {
    public Bytes encode() {
        return new Writer().u64(batch).u16(index).toBytes();
    }

    void encode(Writer writer) {
        writer.u64(batch).u16(index);
    }

    static PresignatureId decode(Reader reader) {
        return new PresignatureId(reader.u64(), reader.u16());
    }
}
