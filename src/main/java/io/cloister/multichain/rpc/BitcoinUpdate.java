package io.cloister.multichain.rpc;

import io.cloister.codec.Bytes;
import io.cloister.multichain.BlockRef;
import io.cloister.multichain.bitcoin.OutPoint;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link BitcoinWatcher} knows after a step. Payments and spends are given at each step until they are
 * forgotten, so that a reader who missed a step loses nothing.
 *
 * @param tip the best block that has been read; confirmations are counted from it
 * @param finalTip the highest block with as many confirmations as the profile's floor, if the chain is that long
 * @param caughtUp false while blocks are still being read, other than at leisure
 * @param payments to watched scripts
 * @param ignored the newest payments to watched scripts that are too small or too late
 * @param spends of watched coins
 * @param leftOut scripts to which more was paid than there is room for; read again when there is
 * @param broken a block that was final and is no longer in the best chain: what rests on the chain must halt
 */
public record BitcoinUpdate(
        BlockRef tip,
        Optional<BlockRef> finalTip,
        boolean caughtUp,
        List<Payment> payments,
        List<Payment> ignored,
        List<Spend> spends,
        int leftOut,
        Optional<BlockRef> broken) {

    /**
     * A payment to a watched script.
     *
     * @param block empty while it waits in the mempool
     * @param confirmations 0 in the mempool, 1 in the tip
     * @param required confirmations that its value needs
     * @param late whether it came after the watch's end
     */
    public record Payment(
            OutPoint outPoint,
            long value,
            Bytes script,
            Optional<BlockRef> block,
            long confirmations,
            int required,
            boolean late) {
        public boolean isFinal() {
            return confirmations >= required;
        }
    }

    /**
     * The spending of a watched coin.
     *
     * @param spender id of the spending transaction in wire order
     * @param block empty while it waits in the mempool
     */
    public record Spend(OutPoint coin, Bytes spender, Optional<BlockRef> block, long confirmations) {}
}
