package io.cloister.ledger.membership;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/**
 * An operator takes its node out of the committee; the transaction's sender is the operator key.
 *
 * @param nodeId 33-byte slot key of the node that goes
 * @param number higher than that of any earlier order for the slot
 */
public record Leave(int slot, Bytes nodeId, long number) {

    public Bytes encode() {
        return new Writer().u16(slot).fixed(nodeId).u64(number).toBytes();
    }

    public static Leave decode(Bytes body) {
        Reader in = new Reader(body);
        Leave leave = new Leave(in.u16(), in.fixed(33), in.u64());
        in.end();
        return leave;
    }
}
