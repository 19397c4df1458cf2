package io.cloister.mpc.board;

import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/** A block's height and time, in milliseconds since the epoch. */
public record Moment(long height, long timeMillis) {
    void encode(Writer writer) {
        writer.u64(height).u64(timeMillis);
    }

    static Moment decode(Reader reader) {
        return new Moment(reader.u64(), reader.u64());
    }
}
