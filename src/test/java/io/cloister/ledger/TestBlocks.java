package io.cloister.ledger;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.BlockContext;
import io.cloister.consensus.Execution;
import io.cloister.consensus.Header;
import io.cloister.consensus.Outline;
import java.util.List;
import java.util.Optional;

/** Blocks as a proposer makes them, for tests that decide them themselves. */
public final class TestBlocks {
    private TestBlocks() {}

    public static List<Batch> batches(List<Bytes> transactions) {
        return transactions.isEmpty() ? List.of() : List.of(new Batch(transactions));
    }

    /** A block of epoch 0 that has no commit of the one before. */
    public static BlockContext context(long height, long timeMillis, Bytes proposer, Bytes parent) {
        return new BlockContext(0, height, timeMillis, proposer, parent, Optional.empty(), Optional.empty());
    }

    public static Block block(
            String chainId, BlockContext context, List<Bytes> transactions, Bytes validatorsHash, Execution execution) {
        List<Batch> batches = batches(transactions);
        Header header = new Header(
                chainId,
                context.epoch(),
                context.height(),
                0,
                context.timeMillis(),
                context.parentId(),
                Outline.hash(context.lastCommit()),
                Outline.openingHash(context.opening()),
                Outline.transactionsRoot(batches.stream().map(Batch::digest).toList()),
                execution.receiptsRoot(),
                execution.stateRoot(),
                validatorsHash,
                execution.nextValidators().hash(),
                List.of(),
                context.proposerNodeId());
        return new Block(header, context.lastCommit(), context.opening(), batches);
    }

    /** The same header a millisecond later. */
    public static Header later(Header header) {
        return new Header(
                header.chainId(),
                header.epoch(),
                header.height(),
                header.round(),
                header.timeMillis() + 1,
                header.parent(),
                header.commitHash(),
                header.openingHash(),
                header.transactionsRoot(),
                header.receiptsRoot(),
                header.stateRoot(),
                header.validatorsHash(),
                header.nextValidatorsHash(),
                header.absent(),
                header.proposer());
    }
}
