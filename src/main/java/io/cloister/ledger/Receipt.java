package io.cloister.ledger;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.List;

/**
 * What one transaction did. Its encoding is a leaf of the header's receipts root; the last leaf of a block is the
 * block's own receipt with an empty transaction hash, for what happened while the block was ended.
 *
 * @param code empty for success, else the code of the refusal
 */
public record Receipt(
        long height, int index, Bytes transactionHash, int module, int kind, String code, List<Event> events) {
    private static final int MAX_EVENTS = 4_096;
    private static final int MAX_DATA = 1 << 20;

    public Receipt {
        events = List.copyOf(events);
    }

    public boolean succeeded() {
        return code.isEmpty();
    }

    public Bytes encode() {
        return new Writer()
                .string("cloister/receipt/v1")
                .u64(height)
                .u32(index)
                .bytes(transactionHash)
                .u8(module)
                .u8(kind)
                .string(code)
                .list(events, (w, e) -> w.string(e.name()).bytes(e.data()))
                .toBytes();
    }

    public static Receipt decode(Bytes encoded) {
        Reader in = new Reader(encoded);
        Labels.expect(in, "cloister/receipt/v1");
        Receipt receipt = new Receipt(
                in.u64(),
                (int) in.u32(),
                in.bytes(32),
                in.u8(),
                in.u8(),
                in.string(64),
                in.list(MAX_EVENTS, r -> new Event(r.string(64), r.bytes(MAX_DATA))));
        in.end();
        return receipt;
    }
}
