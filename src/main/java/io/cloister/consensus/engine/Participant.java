package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Application;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.Execution;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.core.Effect;
import io.cloister.consensus.core.Evidence;
import io.cloister.consensus.core.HeightContext;
import io.cloister.consensus.core.Input;
import io.cloister.consensus.core.LogRecord;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.Proposal;
import io.cloister.consensus.core.Refusal;
import io.cloister.consensus.core.Replica;
import io.cloister.consensus.core.Timer;
import io.cloister.consensus.core.Vote;
import io.cloister.consensus.store.ConsensusLog;
import io.cloister.consensus.store.ConsensusStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Carries out what the core wants: signs, logs, executes, commits and sends, strictly in order. Used by one thread at a
 * time; has no thread and no clock of its own. Whatever goes wrong inside ends its part in the chain: a node that
 * cannot log or commit must not go on.
 */
final class Participant {
    private static final Logger LOG = System.getLogger(Participant.class.getName());
    private static final int SERVED_BLOCKS = 32;
    private static final int SERVED_BYTES = 2 << 20;
    private static final int RESPREAD_BYTES = 512 * 1024;
    private static final int RESPREAD_COUNT = 512;
    private static final int EVIDENCE_KEPT = 256;

    /**
     * What surrounds the core.
     *
     * @param background runs what only reads the store and answers a peer, so that no peer can hold the core up
     * @param wallClock milliseconds since 1970
     */
    record Surroundings(
            Genesis genesis,
            Bytes nodeId,
            Signer signer,
            SignatureCheck check,
            Application application,
            ConsensusStore store,
            ConsensusLog log,
            TransactionPool pool,
            Outbox outbox,
            Alarms alarms,
            Executor background,
            LongSupplier wallClock) {}

    private final Surroundings around;
    private final EngineSettings settings;
    private final Replica replica;
    private final SafeSigner signer;
    private final BlockExecutor executor;
    private final Scores scores = new Scores();
    private final List<Evidence> evidence = new ArrayList<>();
    private final Deque<Effect> effects = new ArrayDeque<>();
    private Optional<String> halted = Optional.empty();
    private Consumer<CertifiedBlock> decided = block -> {};

    Participant(Surroundings around, EngineSettings settings, Replica replica) {
        this.around = around;
        this.settings = settings;
        this.replica = replica;
        this.signer = new SafeSigner(around.signer());
        this.executor =
                new BlockExecutor(around.genesis().chainId(), around.nodeId(), around.application(), around.pool());
    }

    /** Verifies and takes up what the store holds, and begins with the height after it. */
    void start() {
        StoredChain.Tip tip = new StoredChain(around.store(), around.genesis(), settings, around.check())
                .verifyAndRestore(around.application());
        Digests digests = new Digests(around.genesis().chainId(), tip.epoch());
        List<LogRecord> records = around.log().replay().stream()
                .filter(it -> it.height() >= tip.height())
                .toList();
        signer.forgetBelow(Math.max(tip.height(), around.log().silentThrough() + 1));
        records.forEach(it -> signer.remember(it, digests));
        around.pool().validators(tip.validators());
        run(new Input.Begin(
                tip.height(),
                tip.epoch(),
                tip.lastId(),
                tip.lastTimeMillis(),
                tip.validators(),
                records.stream().filter(it -> it.height() == tip.height()).toList(),
                around.pool().size() > 0));
    }

    /**
     * Who hears of each decided block that holds here, before it is stored: the certificate proves it already, and more
     * than two thirds have it in their logs.
     */
    void onDecided(Consumer<CertifiedBlock> listener) {
        decided = listener;
    }

    /** A message of an authenticated peer. */
    void deliver(Bytes from, Message message) {
        if (!scores.isMuted(from)) {
            run(new Input.Received(from, message));
        }
    }

    /** Bytes of an authenticated peer that are no message. */
    void malformed(Bytes from) {
        scores.refused(from, Refusal.MALFORMED);
    }

    void fire(Timer timer) {
        run(new Input.Fired(timer));
        if (timer instanceof Timer.Tick) {
            scores.fade();
            List<Bytes> waiting = around.pool().ownWaiting(RESPREAD_COUNT, RESPREAD_BYTES);
            if (!waiting.isEmpty()) {
                around.outbox().broadcast(new Message.Transactions(waiting));
            }
        }
    }

    /** A transaction has come into the pool. */
    void transactionsPending() {
        run(new Input.Pending());
    }

    private void run(Input input) {
        if (halted.isPresent()) {
            return;
        }
        try {
            effects.addAll(replica.step(input));
            while (halted.isEmpty() && !effects.isEmpty()) {
                carryOut(effects.remove());
            }
        } catch (RuntimeException e) {
            halt("failed: " + e);
            LOG.log(Level.ERROR, "consensus has stopped at height " + replica.height(), e);
        }
    }

    private void feed(Input input) {
        effects.addAll(replica.step(input));
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Build(long height, int round) -> {
                if (height == replica.height()) {
                    Block block = executor.build(replica, around.wallClock().getAsLong());
                    feed(new Input.ValueReady(height, round, block));
                }
            }
            case Effect.Validate(Block block) -> validate(block);
            case Effect.SignProposal sign -> sign(sign);
            case Effect.SignVote sign -> sign(sign);
            case Effect.Persist(LogRecord record) -> around.log().append(record);
            case Effect.Broadcast(Message message) -> around.outbox().broadcast(message);
            case Effect.Send(Bytes to, Message message) -> around.outbox().send(to, message);
            case Effect.Serve(Bytes to, long from) -> {
                long below = replica.height();
                around.background().execute(() -> serveOrLog(to, from, below));
            }
            case Effect.Arm(Timer timer, long delay) -> around.alarms().arm(timer, delay);
            case Effect.Commit(Block block, Certificate certificate) -> commit(block, certificate);
            case Effect.Refuse(Bytes from, var refusal) -> {
                LOG.log(Level.DEBUG, "refused {0} of {1}", refusal, from);
                scores.refused(from, refusal);
            }
            case Effect.Misbehaved(Evidence found) -> {
                LOG.log(Level.WARNING, "slot {0} signed twice at height {1}", found.slot(), found.height());
                if (evidence.size() < EVIDENCE_KEPT) {
                    evidence.add(found);
                }
            }
            case Effect.Halt(String cause) -> halt(cause);
        }
    }

    private void validate(Block block) {
        if (block.height() != replica.height()) {
            return;
        }
        Optional<String> flaw;
        try {
            flaw = executor.flaw(replica, block);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "executing block " + block.id() + " failed", e);
            flaw = Optional.of("failed: " + e);
        }
        long drift = Math.abs(block.header().timeMillis() - around.wallClock().getAsLong());
        boolean timely = drift <= settings.maxClockDriftMillis();
        if (flaw.isPresent() || !timely) {
            LOG.log(
                    Level.WARNING,
                    "block of slot {0} at height {1}: {2}",
                    block.header().proposer(),
                    block.height(),
                    flaw.orElse("its time is " + drift + " ms away"));
        }
        feed(new Input.Judged(block.height(), block.id(), flaw.isEmpty(), timely));
    }

    private void sign(Effect.SignProposal wanted) {
        HeightContext context = replica.context();
        Block block = wanted.block();
        int validRound = wanted.polka().map(polka -> polka.round()).orElse(-1);
        Bytes digest = context.proposalDigest(wanted.round(), validRound, block.id());
        signer.sign(block.height(), wanted.round(), SafeSigner.Ballot.PROPOSAL, digest)
                .ifPresent(signature ->
                        feed(new Input.ProposalSigned(new Proposal(wanted.round(), block, wanted.polka(), signature))));
    }

    private void sign(Effect.SignVote wanted) {
        HeightContext context = replica.context();
        if (wanted.height() != context.height()) {
            return;
        }
        int slot = context.self().orElseThrow().slot();
        Bytes digest = context.voteDigest(wanted.type(), wanted.round(), wanted.blockId());
        signer.sign(wanted.height(), wanted.round(), Digests.ballot(wanted.type()), digest)
                .ifPresent(signature -> feed(new Input.VoteSigned(
                        new Vote(wanted.type(), wanted.height(), wanted.round(), wanted.blockId(), slot, signature))));
    }

    private void commit(Block block, Certificate certificate) {
        Execution execution;
        Optional<String> flaw = executor.flaw(replica, block);
        if (flaw.isPresent()) {
            halt("a certified block of height " + block.height() + " does not hold here: " + flaw.get());
            return;
        }
        try {
            execution = executor.execution(block);
        } catch (InvalidBlock e) {
            throw new IllegalStateException("a block that was valid a moment ago is not", e);
        }
        CertifiedBlock certified = new CertifiedBlock(block, certificate);
        decided.accept(certified);
        around.store().commit(certified, execution.changes(), execution.nextValidators());
        signer.forgetBelow(block.height() + 1);
        executor.forget();
        around.application().committed(block, certificate, execution);
        around.log().forgetBelow(block.height() + 1);
        around.pool().committed(block.transactions(), execution.nextValidators());
        feed(new Input.Committed(
                block, execution.nextValidators(), around.pool().size() > 0));
    }

    private void serveOrLog(Bytes to, long from, long below) {
        try {
            serve(to, from, below);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "cannot serve blocks from height " + from, e);
        }
    }

    private void serve(Bytes to, long from, long below) {
        List<CertifiedBlock> blocks = new ArrayList<>();
        long bytes = 0;
        for (long height = from; height < below && blocks.size() < SERVED_BLOCKS; height++) {
            Optional<CertifiedBlock> block = around.store().block(height);
            if (block.isEmpty()) {
                break;
            }
            bytes += Block.bytesOf(block.get().block().transactions());
            if (!blocks.isEmpty() && bytes > SERVED_BYTES) {
                break;
            }
            blocks.add(block.get());
        }
        around.outbox().send(to, new Message.Blocks(blocks));
    }

    private void halt(String cause) {
        halted = Optional.of(cause);
        effects.clear();
        LOG.log(Level.ERROR, "consensus halts at height {0}: {1}", replica.height(), cause);
    }

    Replica replica() {
        return replica;
    }

    /** Why this node no longer takes part, if so. */
    Optional<String> halted() {
        return halted;
    }

    Scores scores() {
        return scores;
    }

    /** What validators signed against each other, the first of it. */
    List<Evidence> evidence() {
        return List.copyOf(evidence);
    }
}
