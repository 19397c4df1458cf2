package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Application;
import io.cloister.consensus.Block;
import io.cloister.consensus.BlockContext;
import io.cloister.consensus.Execution;
import io.cloister.consensus.Header;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.Limits;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.core.Replica;
import io.cloister.crypto.MerkleTree;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes blocks of what the application prepares, and says whether a block is valid: header fields, then execution with
 * equal roots. Executions of the height in progress are kept, so that a block is executed once.
 */
final class BlockExecutor {
    private static final Logger LOG = System.getLogger(BlockExecutor.class.getName());
    private static final int KEPT = 4;

    private final String chainId;
    private final Bytes nodeId;
    private final Application application;
    private final TransactionPool pool;
    private final Map<Bytes, Execution> executions = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes, Execution> eldest) {
            return size() > KEPT;
        }
    };

    BlockExecutor(String chainId, Bytes nodeId, Application application, TransactionPool pool) {
        this.chainId = chainId;
        this.nodeId = nodeId;
        this.application = application;
        this.pool = pool;
    }

    /** getValue(): a block for the replica's height at this time. */
    Block build(Replica replica, long nowMillis) {
        long time = Math.max(nowMillis, replica.lastTimeMillis() + 1);
        BlockContext context = new BlockContext(replica.height(), time, nodeId, replica.lastId(), replica.lastId());
        List<Bytes> chosen = List.of();
        Optional<Execution> execution = Optional.empty();
        try {
            chosen = prepare(context);
            execution = Optional.of(application.execute(context, chosen));
        } catch (InvalidBlock | RuntimeException e) {
            // Transactions that the application takes in and cannot execute must not keep every proposer silent.
            LOG.log(Level.ERROR, "the application failed on what waits, proposing an empty block", e);
            pool.passedOver(chosen);
            chosen = List.of();
        }
        Execution effective = execution.orElseGet(() -> executeNothing(context));
        Block block = new Block(header(replica, time, chosen, effective), chosen);
        executions.put(block.id(), effective);
        return block;
    }

    private List<Bytes> prepare(BlockContext context) {
        List<Bytes> candidates = pool.candidates(Limits.BLOCK_BYTES);
        List<Bytes> chosen = application.prepare(context, candidates, Limits.BLOCK_BYTES);
        if (Block.bytesOf(chosen) > Limits.BLOCK_BYTES || chosen.size() > Limits.BLOCK_TRANSACTIONS) {
            throw new IllegalStateException("the application prepared more than fits a block");
        }
        Set<Bytes> taken = new HashSet<>(chosen);
        pool.passedOver(candidates.stream().filter(it -> !taken.contains(it)).toList());
        return chosen;
    }

    private Execution executeNothing(BlockContext context) {
        try {
            return application.execute(context, List.of());
        } catch (InvalidBlock e) {
            throw new IllegalStateException("the application refuses an empty block", e);
        }
    }

    private Header header(Replica replica, long time, List<Bytes> transactions, Execution execution) {
        return new Header(
                chainId,
                replica.epoch(),
                replica.height(),
                time,
                replica.lastId(),
                MerkleTree.root(transactions),
                execution.receiptsRoot(),
                execution.stateRoot(),
                replica.context().validators().hash(),
                execution.nextValidators().hash(),
                nodeId);
    }

    /**
     * valid(v): empty when the block is valid, else what is wrong with it. Chain, epoch and transactions root are
     * checked.
     */
    Optional<String> flaw(Replica replica, Block block) {
        Header header = block.header();
        ValidatorSet validators = replica.context().validators();
        if (header.height() != replica.height() || header.epoch() != replica.epoch()) {
            return Optional.of("another height or epoch");
        }
        if (!header.parent().equals(replica.lastId())) {
            return Optional.of("another parent");
        }
        if (header.timeMillis() <= replica.lastTimeMillis()) {
            return Optional.of("time does not rise");
        }
        if (!header.validatorsHash().equals(validators.hash())) {
            return Optional.of("other validators");
        }
        if (validators.byNodeId(header.proposer()).isEmpty()) {
            return Optional.of("made by nobody of the committee");
        }
        try {
            return mismatch(header, execution(block));
        } catch (InvalidBlock e) {
            return Optional.of("refused by the application: " + e.getMessage());
        }
    }

    private static Optional<String> mismatch(Header header, Execution execution) {
        if (!execution.stateRoot().equals(header.stateRoot())) {
            return Optional.of("another state root");
        }
        if (!execution.receiptsRoot().equals(header.receiptsRoot())) {
            return Optional.of("another receipts root");
        }
        return execution.nextValidators().hash().equals(header.nextValidatorsHash())
                ? Optional.empty()
                : Optional.of("other next validators");
    }

    /** What the block does, executed at most once while the height lasts. */
    Execution execution(Block block) throws InvalidBlock {
        Bytes id = block.id();
        Optional<Execution> known = Optional.ofNullable(executions.get(id));
        if (known.isPresent()) {
            return known.get();
        }
        Header header = block.header();
        BlockContext context = new BlockContext(
                header.height(), header.timeMillis(), header.proposer(), header.parent(), header.parent());
        Execution execution = application.execute(context, block.transactions());
        executions.put(id, execution);
        return execution;
    }

    /** The height is over; executions on top of the old state are worth nothing now. */
    void forget() {
        executions.clear();
    }
}
