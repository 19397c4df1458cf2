package io.cloister.mpc.board;

import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.mpc.Fault;

/**
 * A kind of fault that the ledger itself has verified of a slot.
 *
 * @param times how often
 * @param instance the last instance it concerned
 * @param at when it was last verified
 */
public record FaultRecord(int slot, Fault fault, long times, long instance, Moment at) {
    void encode(Writer writer) {
        writer.u16(slot).u8(fault.code()).u64(times).u64(instance);
        at.encode(writer);
    }

    static FaultRecord decode(Reader reader) {
        return new FaultRecord(reader.u16(), Fault.of(reader.u8()), reader.u64(), reader.u64(), Moment.decode(reader));
    }
}
