package io.cloister.multichain.rpc;

import io.cloister.codec.Bytes;
import io.cloister.multichain.BlockRef;
import io.cloister.multichain.ethereum.GatewayEvent;
import java.util.List;
import java.util.Optional;

/**
 * What an {@link EthereumWatcher} knows after a step. Events are given at each step until they are forgotten, so that a
 * reader who missed a step loses nothing.
 *
 * @param tip the node's best block
 * @param finalTip the highest final block
 * @param caughtUp false while final blocks are still being read
 * @param events of the gateway, in the order of the chain
 * @param broken a block that was final and is no longer in the best chain: what rests on the chain must halt
 */
public record EthereumUpdate(
        BlockRef tip, BlockRef finalTip, boolean caughtUp, List<Sighting> events, Optional<BlockRef> broken) {

    /**
     * Where an event stands.
     *
     * @param logIndex position among the logs of its transaction's receipt
     */
    public record Position(BlockRef block, int transactionIndex, int logIndex) {}

    /**
     * An event of the gateway, read from receipts that add up to their header's root.
     *
     * @param transactionHash for people; the node's word only
     * @param confirmations 1 in the tip
     * @param isFinal whether the block is final; only then can it be proved
     */
    public record Sighting(
            Position position, Bytes transactionHash, GatewayEvent event, long confirmations, boolean isFinal) {}
}
