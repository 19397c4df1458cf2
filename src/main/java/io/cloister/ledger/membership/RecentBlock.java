package io.cloister.ledger.membership;

import io.cloister.attestation.Leaf;
import io.cloister.attestation.Purpose;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.View;
import java.util.List;
import java.util.Optional;

/** A certified block that evidence names, so that evidence of an earlier boot or of another chain does not serve. */
final class RecentBlock {
    private RecentBlock() {}

    /** What evidence over a block vouches for. */
    static Leaf leaf(Bytes label, String chainId, int slot, long height, Bytes blockId) {
        return new Leaf(
                Purpose.RE_KEY,
                List.of(
                        Bytes.utf8(chainId),
                        new Writer().u16(slot).toBytes(),
                        label,
                        new Writer().u64(height).toBytes(),
                        blockId));
    }

    /** @param door whether this node may be a block behind the one that is named */
    static void require(View state, long height, Bytes blockId, boolean door) throws Refusal {
        long last = Ledger.height(state);
        boolean old = last + 1 - height > MembershipModule.MAX_AGE;
        Optional<Bytes> named = Ledger.blockId(state, height);
        boolean ahead = door && height >= last;
        if (old || !named.map(blockId::equals).orElse(ahead)) {
            throw new Refusal("block-not-recent", "the named block is not one of the last " + MembershipModule.MAX_AGE);
        }
    }
}
