package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.Application;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.BlockContext;
import io.cloister.consensus.Commit;
import io.cloister.consensus.Execution;
import io.cloister.consensus.Header;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.Limits;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Outline;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.Turns;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.core.DataPlane;
import io.cloister.consensus.core.HeightContext;
import io.cloister.consensus.core.Parent;
import io.cloister.consensus.core.Replica;
import io.cloister.consensus.core.Succession;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes blocks of what the application prepares, and says whether a block is valid: header fields, then execution with
 * equal roots. Executions of the height in progress are kept, so that a block is executed once.
 */
final class BlockExecutor {
    private static final Logger LOG = System.getLogger(BlockExecutor.class.getName());
    private static final int KEPT = 4;

    private final Bytes nodeId;
    private final Application application;
    private final DataPlane data;
    private final SignatureCheck check;
    private final Map<Bytes, Execution> executions = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes, Execution> eldest) {
            return size() > KEPT;
        }
    };

    BlockExecutor(Bytes nodeId, Application application, DataPlane data, SignatureCheck check) {
        this.nodeId = nodeId;
        this.application = application;
        this.data = data;
        this.check = check;
    }

    /**
     * getValue(): a block for the replica's height, made in this round at this time; none when the application does not even
     * take an empty one, which it may when it refuses the epoch's opening.
     */
    Optional<Block> build(Replica replica, int round, long nowMillis) {
        HeightContext context = replica.context();
        Parent parent = context.parent();
        BlockContext block = new BlockContext(
                context.epoch(),
                context.height(),
                Math.max(nowMillis, parent.timeMillis() + 1),
                nodeId,
                parent.id(),
                parent.commit(),
                context.opening());
        long room =
                Limits.BLOCK_BYTES - context.opening().map(BlockExecutor::bytes).orElse(0L);
        List<Batch> waiting = data.waiting(room);
        try {
            List<Batch> chosen = application.prepare(block, waiting, room);
            data.leftOut(waiting.stream().filter(it -> !chosen.contains(it)).toList());
            return Optional.of(build(context, block, round, chosen));
        } catch (InvalidBlock | RuntimeException e) {
            // Transactions that the application takes in and cannot execute must not keep every proposer silent.
            LOG.log(Level.ERROR, "the application failed on what waits, proposing an empty block", e);
            data.leftOut(waiting);
        }
        try {
            return Optional.of(build(context, block, round, List.of()));
        } catch (InvalidBlock e) {
            LOG.log(Level.ERROR, "the application refuses an empty block", e);
            return Optional.empty();
        }
    }

    private Block build(HeightContext context, BlockContext of, int round, List<Batch> chosen) throws InvalidBlock {
        Optional<Commit> commit = of.lastCommit();
        Optional<Opening> opening = of.opening();
        List<Bytes> transactions =
                chosen.stream().flatMap(it -> it.transactions().stream()).toList();
        Execution execution = application.process(of, transactions);
        Header header = new Header(
                context.chainId(),
                context.epoch(),
                context.height(),
                round,
                of.timeMillis(),
                of.parentId(),
                Outline.hash(commit),
                Outline.openingHash(opening),
                Outline.transactionsRoot(chosen.stream().map(Batch::digest).toList()),
                execution.receiptsRoot(),
                execution.stateRoot(),
                context.validators().hash(),
                execution.nextValidators().hash(),
                absent(context.parent(), context.validators(), context.height(), round),
                nodeId);
        Block block = new Block(header, commit, opening, chosen);
        executions.put(block.id(), execution);
        return block;
    }

    private static long bytes(Opening opening) {
        Writer writer = new Writer();
        opening.encode(writer);
        return writer.toBytes().length();
    }

    private static List<Integer> absent(Parent parent, ValidatorSet set, long height, int round) {
        return Turns.absent(set, absent(parent), height, round);
    }

    private static List<Integer> absent(Parent parent) {
        return parent.header().map(Header::absent).orElse(List.of());
    }

    /**
     * valid(v): empty when the block is valid, else what is wrong with it. Chain and the roots of its parts are checked.
     */
    Optional<String> flaw(Replica replica, Block block) {
        Header header = block.header();
        Parent parent = replica.parent();
        if (header.height() != parent.height() + 1) {
            return Optional.of("another height");
        }
        if (!header.parent().equals(parent.id())) {
            return Optional.of("another parent");
        }
        if (header.timeMillis() <= parent.timeMillis()) {
            return Optional.of("time does not rise");
        }
        Optional<ValidatorSet> set =
                Succession.validators(parent.epoch(), replica.named(), header, block.opening(), check);
        if (set.isEmpty()) {
            return Optional.of("another epoch, or other validators");
        }
        Bytes proposer = Turns.proposer(set.get(), absent(parent), header.height(), header.round())
                .nodeId();
        if (!header.proposer().equals(proposer)) {
            return Optional.of("made by another than the round's proposer");
        }
        if (!header.absent().equals(absent(parent, set.get(), header.height(), header.round()))) {
            return Optional.of("another list of absent validators");
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
        Execution execution = application.process(BlockContext.of(block), block.transactions());
        executions.put(id, execution);
        return execution;
    }

    /** The height is over; executions on top of the old state are worth nothing now. */
    void forget() {
        executions.clear();
    }
}
