package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.Application;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.Execution;
import io.cloister.consensus.Extension;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Outline;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.Statement;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.DataPlane;
import io.cloister.consensus.core.Effect;
import io.cloister.consensus.core.HeightContext;
import io.cloister.consensus.core.Input;
import io.cloister.consensus.core.LogRecord;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.Now;
import io.cloister.consensus.core.Proposal;
import io.cloister.consensus.core.Refusal;
import io.cloister.consensus.core.Replica;
import io.cloister.consensus.core.Timer;
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
import java.util.function.Supplier;

/**
 * Carries out what the core wants: signs, logs, executes, commits and sends, strictly in order. Used by one thread at a
 * time; has no thread and no clock of its own. Whatever goes wrong inside ends its part in the chain: a node that
 * cannot log or commit must not go on.
 */
final class Participant {
    private static final Logger LOG = System.getLogger(Participant.class.getName());
    private static final int SERVED_BLOCKS = 32;
    private static final int SERVED_BYTES = 2 << 20;
    private static final long BATCH_BYTES = 256 * 1024;

    /**
     * What surrounds the core.
     *
     * @param boot the keys of this boot
     * @param background runs what only reads the store and answers a peer, so that no peer can hold the core up
     * @param storage stores what is decided
     * @param beside runs what takes long
     */
    record Surroundings(
            Genesis genesis,
            Bytes nodeId,
            BootSigner boot,
            SignatureCheck check,
            Application application,
            ConsensusStore store,
            ConsensusLog log,
            TransactionPool pool,
            Outbox outbox,
            Alarms alarms,
            Executor background,
            Storage storage,
            Beside beside,
            Supplier<Now> clock) {}

    private final Surroundings around;
    private final EngineSettings settings;
    private final Replica replica;
    private final SafeSigner signer;
    private final DataPlane data;
    private final Door door;
    private final BlockExecutor executor;
    private final StoreTail tail;
    private final SnapshotServer snapshots;
    private final SnapshotIntake intake;
    private final EvidencePool evidence;
    private final Scores scores = new Scores();
    private final Deque<Effect> effects = new ArrayDeque<>();
    private Consumer<CertifiedBlock> decided = block -> {};
    private Optional<String> halted = Optional.empty();

    Participant(Surroundings around, EngineSettings settings) {
        this.around = around;
        this.settings = settings;
        Application application = around.application();
        this.replica = new Replica(new Replica.Config(
                around.genesis().chainId(),
                around.nodeId(),
                around.boot().voteKey(),
                settings.timeouts(),
                settings.timeliness(),
                settings.pace(),
                settings.snapshots(),
                around.check(),
                application::isEvidence,
                application::verifyExtension));
        this.signer = new SafeSigner(around.boot()::sign);
        this.data = new DataPlane(around.nodeId(), settings.pool().blocks());
        this.door = new Door(around.pool());
        this.executor = new BlockExecutor(around.nodeId(), application, data, around.check());
        this.tail = new StoreTail(around.store());
        this.snapshots = new SnapshotServer(tail, () -> around.clock().get().millis());
        this.intake = new SnapshotIntake(application, around.store());
        this.evidence = new EvidencePool(around.genesis().chainId(), around.check());
    }

    /** Verifies and takes up what the store and the log hold, and begins with the height after it. */
    void start() {
        Application application = around.application();
        StoredChain.Tip tip = new StoredChain(around.store(), around.genesis(), settings, around.check())
                .verifyAndRestore(application);
        LoggedPast past = new LoggedPast(around.log().replay());
        around.pool().validators(tip.named());
        while (past.after(tip.parent().height()).isPresent()) {
            tip = restored(tip, past.after(tip.parent().height()).get());
        }
        if (tip.parent().height() > 0) {
            snapshots.keep(tip.parent().height(), application.snapshot());
        }
        signer.forgetBelow(Math.max(tip.parent().height(), around.log().silentThrough()) + 1);
        Input.Memory memory = past.memory(tip.parent().height(), tip.epoch());
        run(new Input.Begin(
                tip.epoch(),
                tip.parent(),
                tip.named(),
                application.laterValidators(),
                memory,
                around.pool().size()));
    }

    /** A block that was decided and logged when the node stopped, and had not reached the store. */
    private StoredChain.Tip restored(StoredChain.Tip tip, CertifiedBlock block) {
        Execution execution;
        try {
            execution = executor.execution(block.block());
        } catch (InvalidBlock e) {
            throw new IllegalStateException("the log holds a decided block that cannot be executed", e);
        }
        StoredChain.Tip next = new StoredChain(around.store(), around.genesis(), settings, around.check())
                .follow(tip, block, execution.nextValidators());
        if (!execution.stateRoot().equals(block.block().header().stateRoot())) {
            throw new IllegalStateException("height " + block.height() + " of the log leads to another state");
        }
        around.store().commit(block, execution.changes(), execution.nextValidators());
        executor.forget();
        around.application().finalizeBlock(block.block(), block.certificate(), execution);
        around.application().commit(block.height());
        return next;
    }

    /** Who hears of each decided block that holds here, before it is stored. */
    void onDecided(Consumer<CertifiedBlock> listener) {
        decided = listener;
    }

    /** What of a peer's message may be {@linkplain #deliver delivered}. May be called from any thread. */
    Message admit(Message message) {
        return door.admit(message);
    }

    /** A message of an authenticated peer, as the door {@linkplain #admit admitted} it. */
    void deliver(Bytes from, Message message) {
        if (scores.isMuted(from)) {
            return;
        }
        switch (message) {
            case Message.Batches batches -> batches.batches().forEach(batch -> take(from, batch));
            case Message.BatchRequest(List<Bytes> digests) ->
                guarded(() -> effects.addAll(data.requested(from, digests)));
            case Message.Misbehaviour(List<Evidence> shown) -> shown.forEach(each -> report(Optional.of(from), each));
            default -> run(new Input.Received(from, message));
        }
    }

    private void take(Bytes from, Batch batch) {
        guarded(() -> carryOut(data.received(from, batch, around.pool().isOfValidators(batch))));
        run(new Input.Waiting(data.transactions()));
    }

    private void carryOut(DataPlane.Result result) {
        effects.addAll(result.effects());
        door.open(data.missing());
        result.complete().forEach(block -> feed(new Input.BodyReady(block)));
    }

    /** Bytes of an authenticated peer that are no message. */
    void malformed(Bytes from) {
        scores.refused(from, Refusal.MALFORMED);
    }

    void fire(Timer timer) {
        run(new Input.Fired(timer));
        if (timer instanceof Timer.Tick) {
            scores.fade();
            guarded(() -> {
                effects.addAll(data.tick());
                effects.addAll(evidence.tick());
            });
        }
    }

    /** Transactions have come into the pool: they go out in batches. */
    void transactionsPending() {
        for (Optional<TransactionPool.Sealed> next = around.pool().seal(BATCH_BYTES);
                next.isPresent();
                next = around.pool().seal(BATCH_BYTES)) {
            TransactionPool.Sealed sealed = next.get();
            guarded(() -> effects.addAll(data.spread(sealed.batch(), sealed.ofValidators())));
        }
        run(new Input.Waiting(data.transactions()));
    }

    /** Decided blocks up to this height are in the store. */
    void stored(long height) {
        guarded(() -> {
            around.log().forgetBelow(height + 1);
            around.application().commit(height);
        });
    }

    /** The evidence for the own statement is made. */
    void stated(Statement statement) {
        run(new Input.Stated(statement));
    }

    private void run(Input input) {
        guarded(() -> feed(input));
    }

    private void guarded(Runnable work) {
        if (halted.isPresent()) {
            return;
        }
        try {
            work.run();
            while (halted.isEmpty() && !effects.isEmpty()) {
                carryOut(effects.remove());
            }
        } catch (RuntimeException e) {
            halt("failed: " + e);
            LOG.log(Level.ERROR, "consensus has stopped at height " + replica.height(), e);
        }
    }

    private void feed(Input input) {
        effects.addAll(replica.step(around.clock().get(), input));
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Build(long height, int round) -> {
                if (height == replica.height()) {
                    executor.build(replica, round, around.clock().get().wallMillis())
                            .ifPresent(it -> feed(new Input.ValueReady(height, round, it)));
                }
            }
            case Effect.Assemble(Outline outline) -> assemble(outline);
            case Effect.Validate(Block block) -> validate(block);
            case Effect.SignProposal sign -> sign(sign);
            case Effect.SignVote sign -> sign(sign);
            case Effect.Persist(LogRecord record, boolean sync) -> around.log().append(record, sync);
            case Effect.Broadcast(Message message) -> around.outbox().broadcast(message);
            case Effect.Send(Bytes to, Message message) -> around.outbox().send(to, message);
            case Effect.Serve(Bytes to, long from) -> {
                long below = replica.height();
                around.background().execute(() -> serveOrLog(to, from, below));
            }
            case Effect.ServeSnapshot(Bytes to, Message request) ->
                around.background().execute(() -> serveOrLog(to, request));
            case Effect.BeginSnapshot(CertifiedHeader block) -> feed(intake.begin(block));
            case Effect.TakeChunk chunk ->
                around.background().execute(() -> {
                    Input.ChunkTaken taken = intake.take(chunk);
                    around.beside().back(() -> run(taken));
                });
            case Effect.Install install -> around.beside().store(() -> install(install));
            case Effect.Arm(Timer timer, long delay) -> around.alarms().arm(timer, delay);
            case Effect.Commit(CertifiedBlock block) -> commit(block);
            case Effect.State state -> state(state);
            case Effect.SignOpening(List<Statement> statements) -> open(statements);
            case Effect.LeaveEpochsBelow(long epoch) -> signer.leaveEpochsBelow(epoch);
            case Effect.Refuse(Bytes from, var refusal) -> {
                LOG.log(Level.DEBUG, "refused {0} of {1}", refusal, from);
                scores.refused(from, refusal);
            }
            case Effect.Misbehaved(Evidence found) -> report(Optional.empty(), found);
            case Effect.Halt(String cause) -> halt(cause);
        }
    }

    private void assemble(Outline outline) {
        List<Bytes> members = replica.context().validators().validators().stream()
                .map(it -> it.nodeId())
                .toList();
        carryOut(data.assemble(outline, members));
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
        flaw.ifPresent(it -> LOG.log(
                Level.WARNING, "block of {0} at height {1}: {2}", block.header().proposer(), block.height(), it));
        feed(new Input.Judged(block.height(), block.id(), flaw.isEmpty()));
    }

    private void sign(Effect.SignProposal wanted) {
        HeightContext context = replica.context();
        Block block = wanted.block();
        int round = wanted.round();
        int validRound = wanted.polka().map(polka -> polka.round()).orElse(-1);
        Bytes digest = context.proposalDigest(round, validRound, block.id());
        signer.sign(context.epoch(), block.height(), round, SafeSigner.Ballot.PROPOSAL, digest)
                .map(it -> new Proposal(context.epoch(), round, block.outline(), wanted.polka(), it))
                .ifPresent(proposal -> feed(new Input.ProposalSigned(proposal, block)));
    }

    private void sign(Effect.SignVote wanted) {
        HeightContext context = replica.context();
        if (wanted.height() != context.height() || context.self().isEmpty()) {
            return;
        }
        boolean prevote = wanted.type() == VoteType.PREVOTE;
        Bytes digest = context.voteDigest(wanted.type(), wanted.round(), wanted.blockId(), wanted.basis());
        signer.sign(
                        context.epoch(),
                        wanted.height(),
                        wanted.round(),
                        prevote ? SafeSigner.Ballot.PREVOTE : SafeSigner.Ballot.PRECOMMIT,
                        digest)
                .map(signature -> new Vote(
                        wanted.type(),
                        context.epoch(),
                        wanted.height(),
                        wanted.round(),
                        wanted.blockId(),
                        wanted.basis(),
                        context.self().get().slot(),
                        prevote ? Optional.empty() : extension(wanted, context),
                        signature))
                .ifPresent(vote -> feed(new Input.VoteSigned(vote)));
    }

    private Optional<Extension> extension(Effect.SignVote precommit, HeightContext context) {
        if (precommit.blockId().isEmpty()) {
            return Optional.empty();
        }
        Bytes data = around.application()
                .extend(precommit.height(), precommit.blockId().get());
        if (data.isEmpty()) {
            return Optional.empty();
        }
        Bytes digest =
                context.extensionDigest(precommit.round(), precommit.blockId().get(), data);
        return signer.sign(context.epoch(), precommit.height(), precommit.round(), SafeSigner.Ballot.EXTENSION, digest)
                .map(it -> new Extension(data, it));
    }

    /** The statement's evidence may take a while; the answer is {@link #stated}. */
    private void state(Effect.State wanted) {
        if (replica.parent().height() < around.log().silentThrough()) {
            return; // what was locked there is not known any more: nothing may be stated before the chain is past it
        }
        int slot = replica.named()
                .byNodeId(around.nodeId())
                .orElseThrow(() -> new IllegalStateException("a statement without a slot"))
                .slot();
        around.boot()
                .state(new BootSigner.Request(
                        around.genesis().chainId(),
                        wanted.fromEpoch(),
                        wanted.recovery(),
                        slot,
                        wanted.base(),
                        wanted.polka()));
    }

    private void open(List<Statement> statements) {
        Opening unsigned = new Opening(statements, KeyClaim.UNSIGNED);
        Bytes signature = around.boot().signBySlot(unsigned.hash());
        feed(new Input.OpeningSigned(new Opening(statements, signature)));
    }

    private void report(Optional<Bytes> from, Evidence shown) {
        boolean sound = evidence.add(shown, replica.context(), replica.parent());
        if (sound && from.isEmpty()) {
            LOG.log(Level.WARNING, "slot {0} contradicted itself at height {1}", shown.slot(), shown.height());
        }
        if (!sound) {
            from.filter(it -> evidence.isJudged(shown, replica.context(), replica.parent()))
                    .ifPresent(it -> scores.refused(it, Refusal.BAD_EVIDENCE));
        }
    }

    private void commit(CertifiedBlock certified) {
        Block block = certified.block();
        Optional<String> flaw = executor.flaw(replica, block);
        if (flaw.isPresent()) {
            halt("a certified block of height " + block.height() + " does not hold here: " + flaw.get());
            return;
        }
        Execution execution;
        try {
            execution = executor.execution(block);
        } catch (InvalidBlock e) {
            throw new IllegalStateException("a block that was valid a moment ago is not", e);
        }
        decided.accept(certified);
        tail.add(new StoreTail.Entry(certified, execution.changes(), execution.nextValidators()));
        signer.forgetBelow(block.height() + 1);
        executor.forget();
        around.application().finalizeBlock(block, certified.certificate(), execution);
        around.pool().committed(block.transactions(), execution.nextValidators());
        data.committed(block);
        if (block.height() % settings.snapshots().every() == 0) {
            snapshots.keep(block.height(), around.application().snapshot());
        }
        door.open(data.missing());
        around.storage().decided();
        feed(new Input.Committed(
                block, execution.nextValidators(), around.application().laterValidators(), data.transactions()));
    }

    /** On the storing thread, with the last decided blocks stored before. */
    private void install(Effect.Install wanted) {
        try {
            while (tail.storeNext().isPresent()) {
                LOG.log(Level.DEBUG, "stored before a snapshot");
            }
            intake.store(wanted);
            around.beside().back(() -> guarded(() -> installed(wanted)));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a snapshot could not be stored", e);
            around.beside().back(() -> fail("a snapshot could not be stored: " + e));
        }
    }

    /** What the log promises stays; nothing at or below the snapshot's height is signed from now on. */
    private void installed(Effect.Install wanted) {
        long height = wanted.last().header().height();
        intake.adopt();
        executor.forget();
        data.skipped();
        door.open(data.missing());
        signer.forgetBelow(height + 1);
        around.pool().validators(wanted.named());
        around.log().forgetBelow(height + 1);
        around.application().commit(height);
        snapshots.keep(height, around.application().snapshot());
        LOG.log(Level.INFO, "goes on from a snapshot of height {0}", height);
        feed(new Input.Installed(around.application().laterValidators(), data.transactions()));
    }

    private void serveOrLog(Bytes to, Message request) {
        try {
            Message answer = switch (request) {
                case Message.ChunkRequest asked -> snapshots.chunk(asked);
                case Message.SnapshotRequest asked -> snapshots.offer(asked);
                default -> throw new IllegalArgumentException("no request for a snapshot");
            };
            around.outbox().send(to, answer);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "cannot serve a snapshot", e);
        }
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
            Optional<CertifiedBlock> block = tail.block(height);
            if (block.isEmpty()) {
                break;
            }
            Writer encoded = new Writer();
            block.get().encode(encoded);
            bytes += encoded.toBytes().length();
            if (!blocks.isEmpty() && bytes > SERVED_BYTES) {
                break;
            }
            blocks.add(block.get());
        }
        around.outbox().send(to, new Message.Blocks(blocks));
    }

    /** Something beside the consensus thread went wrong for good. */
    void fail(String cause) {
        halt(cause);
    }

    private void halt(String cause) {
        halted = Optional.of(cause);
        effects.clear();
        LOG.log(Level.ERROR, "consensus halts at height {0}: {1}", replica.height(), cause);
    }

    Replica replica() {
        return replica;
    }

    /** The store with what is decided and not in it yet. */
    StoreTail tail() {
        return tail;
    }

    DataPlane data() {
        return data;
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
        return evidence.all();
    }
}
