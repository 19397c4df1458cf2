package io.cloister.ledger.membership;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.Leaf;
import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/**
 * New evidence for the boot that is registered; the transaction's sender is its vote key.
 *
 * @param height of the certified block that the leaf names
 * @param blockId of that block
 */
public record Refresh(long height, Bytes blockId, Evidence evidence) {
    private static final Bytes LABEL = Bytes.utf8("refresh");

    public static Leaf leaf(String chainId, int slot, long height, Bytes blockId) {
        return RecentBlock.leaf(LABEL, chainId, slot, height, blockId);
    }

    public Bytes encode() {
        return new Writer().u64(height).fixed(blockId).bytes(evidence.encode()).toBytes();
    }

    public static Refresh decode(Bytes body) {
        Reader in = new Reader(body);
        Refresh refresh = new Refresh(in.u64(), in.fixed(32), Evidence.decode(in.bytes(Evidence.MAX_SIZE)));
        in.end();
        return refresh;
    }
}
