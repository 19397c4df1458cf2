package io.cloister.mpc.board;

import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.mpc.Fault;

/**
 * Why a slot may not deal presignatures, and since when.
 *
 * @param fault {@link Fault#WITHHELD} ends with time; {@link Fault#BAD_SHARE} is proved and does not
 */
record Exclusion(Fault fault, Moment at) {
    boolean isOver(BoardParameters parameters, Moment now) {
        return fault == Fault.WITHHELD && parameters.batch().passed(at, now);
    }

    void encode(Writer writer) {
        writer.u8(fault.code());
        at.encode(writer);
    }

    static Exclusion decode(Reader reader) {
        return new Exclusion(Fault.of(reader.u8()), Moment.decode(reader));
    }
}
