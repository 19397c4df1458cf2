package io.cloister.ledger.membership;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.Leaf;
import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/**
 * A node takes the seat that an operator grants it. The slot key has signed the record, the new vote key is the
 * transaction's sender, and the evidence's leaf names a certified block.
 *
 * @param record of the joining boot
 * @param height of the certified block that the leaf names
 * @param blockId of that block
 */
public record Join(SeatGrant grant, NodeRecord record, long height, Bytes blockId, Evidence evidence) {
    private static final Bytes LABEL = Bytes.utf8("join");

    public static Leaf leaf(String chainId, int slot, long height, Bytes blockId) {
        return RecentBlock.leaf(LABEL, chainId, slot, height, blockId);
    }

    public Bytes encode() {
        return new Writer()
                .fixed(grant.encode())
                .bytes(record.encode())
                .u64(height)
                .fixed(blockId)
                .bytes(evidence.encode())
                .toBytes();
    }

    public static Join decode(Bytes body) {
        Reader in = new Reader(body);
        Join join = new Join(
                SeatGrant.decode(in.fixed(SeatGrant.SIZE)),
                NodeRecord.decode(in.bytes(NodeRecord.MAX_SIZE)),
                in.u64(),
                in.fixed(32),
                Evidence.decode(in.bytes(Evidence.MAX_SIZE)));
        in.end();
        return join;
    }
}
