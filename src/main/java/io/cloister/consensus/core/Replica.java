package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.HeldPolka;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Polka;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.Statement;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node's part in the chain, from height to height: admits what peers send, paces the heights, keeps peers and itself
 * in step, and gives each height to a {@link Driver}. Pure: all that it wants done comes back as effects. Not
 * thread-safe.
 */
public final class Replica {

    /**
     * Who this node is and how it behaves.
     *
     * @param nodeId own node id; with {@code voteKey} it finds the own seat in each height's set
     */
    public record Config(
            String chainId,
            Bytes nodeId,
            Bytes voteKey,
            Timeouts timeouts,
            Timeliness timeliness,
            Pace pace,
            Snapshots snapshots,
            SignatureCheck check,
            KeyEvidence evidence,
            ExtensionCheck extensions) {}

    private final Config config;
    private final Admission admission;
    private final CatchUp catchUp;
    private final SnapshotSync snapshot;
    private final Recovery recovery;
    private final ProposeDelay proposeDelay;
    private final EarlyMessages early = new EarlyMessages();
    private final AnswerLimits limits = new AnswerLimits();
    private final Presence presence = new Presence();
    private List<Effect> effects = new ArrayList<>();

    private Optional<Driver> driver = Optional.empty();
    private Now now = new Now(0, 0);
    private long epoch;
    private Optional<Parent> parent = Optional.empty();
    private Optional<ValidatorSet> named = Optional.empty();
    private Optional<ValidatorSet> later = Optional.empty();
    private Optional<Opening> opening = Optional.empty();
    private Optional<HeldPolka> carried = Optional.empty();
    private Optional<Block> carriedBlock = Optional.empty();
    private Optional<Block> required = Optional.empty();
    private List<Vote> lastPrecommits = List.of();
    private long heightAtTick;
    private Optional<CertifiedBlock> decided = Optional.empty();
    private boolean started;
    private boolean committing;
    private boolean installing;
    private int waiting;
    private int expected;
    private boolean gathered;
    private boolean mayStart;

    public Replica(Config config) {
        this.config = config;
        this.admission = new Admission(config.check(), config.extensions());
        this.catchUp = new CatchUp(config.pace().patience());
        this.snapshot =
                new SnapshotSync(config.chainId(), config.check(), config.pace().patience(), catchUp);
        this.recovery = new Recovery(config.nodeId(), config.pace(), config.check(), config.evidence());
        this.proposeDelay = new ProposeDelay(config.timeouts());
    }

    /** Takes one input; the effects are to be carried out in order. The first input is {@link Input.Begin}. */
    public List<Effect> step(Now at, Input input) {
        now = at;
        effects = new ArrayList<>();
        switch (input) {
            case Input.Begin begin -> begin(begin);
            case Input.Received(Bytes from, Message message) -> received(from, message);
            case Input.Fired(Timer timer) -> fired(timer);
            case Input.Committed committed -> committed(committed);
            case Input.ChunkTaken taken -> {
                effects.addAll(snapshot.taken(taken));
                fetchWhenBehind();
            }
            case Input.Installed installed -> installed(installed);
            case Input.Waiting(int transactions) -> waiting = transactions;
            case Input.VoteSigned signed -> {
                saw(config.nodeId(), signed.vote().round());
                play(signed);
            }
            case Input.Stated(Statement statement) -> effects.addAll(recovery.stated(statement, height()));
            case Input.OpeningSigned(Opening made) -> {
                effects.add(new Effect.Broadcast(new Message.Opened(made)));
                consider(config.nodeId(), made);
            }
            case Input.OfHeight ofHeight -> play(ofHeight);
        }
        installWhenDue();
        startWhenDue();
        return effects;
    }

    private void begin(Input.Begin begin) {
        Input.Memory memory = begin.memory();
        epoch = begin.epoch();
        parent = Optional.of(begin.parent());
        named = Optional.of(begin.named());
        later = Optional.of(begin.later());
        waiting = begin.waiting();
        carried = memory.polka();
        carriedBlock = memory.block();
        recovery.begin(memory, now.millis());
        memory.opening().filter(it -> it.epoch() > epoch).ifPresent(it -> {
            epoch = it.epoch();
            opening = Optional.of(it);
            required = memory.required();
        });
        enter();
        arm(new Timer.Tick(), config.pace().tick());
        effects.add(new Effect.Broadcast(VoteSync.status(current())));
    }

    /** Takes up the height after the parent in the present epoch. */
    private void enter() {
        Parent on = parent.orElseThrow();
        ValidatorSet set = validators();
        started = false;
        committing = false;
        installing = false;
        mayStart = false;
        gathered = false;
        limits.nextHeight();
        presence.keep(set);
        Optional<Validator> self = set.byVoteKey(config.voteKey())
                .filter(v -> v.nodeId().equals(config.nodeId()))
                .filter(v -> recovery.promised() <= epoch);
        HeightContext context =
                new HeightContext(config.chainId(), epoch, on, set, self, opening, required.map(Block::id));
        driver = Optional.of(new Driver(context, config.timeouts(), proposeDelay::base));
        required.ifPresent(it -> play(new Input.BodyReady(it)));
        arm(new Timer.Earliest(height()), config.pace().minBlockInterval());
        arm(new Timer.Gathered(height()), config.pace().gather());
        arm(new Timer.Latest(height()), config.pace().emptyBlockInterval());
    }

    /** The set of the present height and epoch: a block of an earlier epoch keeps its own, but for newer boots. */
    private ValidatorSet validators() {
        ValidatorSet own =
                required.map(it -> renewed(named.orElseThrow(), it.opening())).orElse(named.orElseThrow());
        return renewed(own, opening);
    }

    /** A set with the keys of an opening. */
    private static ValidatorSet renewed(ValidatorSet set, Optional<Opening> by) {
        return by.map(it -> KeyClaim.replaced(set, it.claims()).orElseThrow()).orElse(set);
    }

    private void committed(Input.Committed committed) {
        Block block = committed.block();
        if (!committing || block.height() != height()) {
            throw new IllegalStateException("height " + block.height() + " was not to be committed");
        }
        CertifiedBlock certified = decided.orElseThrow();
        waiting = committed.waiting();
        expected = waiting + block.transactions().size();
        ValidatorSet own = renewed(named.orElseThrow(), block.opening());
        advance(
                Parent.of(certified.header(), lastPrecommits, own),
                certified.certificate(),
                committed.nextValidators(),
                committed.later());
    }

    /** Another block is the last one. */
    private void advance(Parent last, Certificate certificate, ValidatorSet next, ValidatorSet afterNext) {
        parent = Optional.of(last);
        named = Optional.of(next);
        later = Optional.of(afterNext);
        carried = Optional.empty();
        carriedBlock = Optional.empty();
        required = Optional.empty();
        decided = Optional.empty();
        lastPrecommits = List.of();
        if (last.epoch() >= epoch) {
            epoch = last.epoch();
            opening = Optional.empty();
        }
        if (certificate.epoch() > epoch) {
            recovery.learned(certificate.epoch());
        }
        recovery.progressed(now.millis(), epoch, named.orElseThrow());
        enter();
        early.drain().forEach(it -> received(it.from(), it.message()));
        recovery.kept().ifPresent(it -> consider(Bytes.EMPTY, it));
        takeFetched();
    }

    /** The snapshot is in the place of everything below; nothing was voted or decided while it was put there. */
    private void installed(Input.Installed installed) {
        SnapshotSync.Target target = snapshot.complete().orElseThrow();
        snapshot.end();
        waiting = installed.waiting();
        advance(
                Parent.of(target.block(), target.own()),
                target.block().certificate(),
                target.named(),
                installed.later());
    }

    /** A complete snapshot waits until no block is being committed. */
    private void installWhenDue() {
        Optional<SnapshotSync.Target> target = snapshot.complete();
        if (target.isEmpty() || committing) {
            return;
        }
        if (target.get().height() < height()) {
            snapshot.end(); // blocks were faster
            return;
        }
        committing = true;
        installing = true;
        effects.add(target.get().install());
    }

    /** Line 10 waits until there is something to decide or somebody else has begun. */
    private void startWhenDue() {
        if (driver.isEmpty() || started || committing) {
            return;
        }
        Driver playing = current();
        boolean others = playing.proposals().first(0).isPresent()
                || playing.context().validators().hasHonest(playing.votes().weightOfSpeakers());
        boolean worthwhile = waiting > 0 && (waiting >= expected || gathered);
        if (others || (mayStart && worthwhile)) {
            start();
        }
    }

    private void start() {
        started = true;
        proposeDelay.began(now.millis());
        play(new Input.Start());
    }

    private void play(Input.OfHeight input) {
        if (installing) {
            return; // this height is not played to its end
        }
        for (Effect effect : current().step(input)) {
            switch (effect) {
                case Effect.Commit(CertifiedBlock block) -> decide(block);
                case Effect.SignVote vote -> sign(vote);
                case Effect.SignProposal proposal -> sign(proposal);
                default -> effects.add(effect);
            }
        }
        measure();
    }

    /** Whoever stated or accepted a later epoch signs nothing in this one. */
    private void sign(Effect wanted) {
        if (recovery.promised() <= epoch) {
            effects.add(wanted);
        }
    }

    /** The certificate goes into the log before anything of the next height, and is durable with its first precommit. */
    private void decide(CertifiedBlock block) {
        if (committing) {
            return; // a peer's certified block of this height is being committed
        }
        committing = true;
        decided = Optional.of(block);
        Bytes id = block.block().id();
        lastPrecommits = current().votes().precommits(block.certificate().round(), id);
        boolean logged = current().isLogged(id);
        effects.add(new Effect.Persist(
                new LogRecord.Decided(
                        block.certificate(), block.keys(), logged ? Optional.empty() : Optional.of(block.block())),
                false));
        effects.add(new Effect.Commit(block));
    }

    /** How long the first round's proposal took, for the propose timeout. */
    private void measure() {
        Driver playing = current();
        boolean there = playing.round() == 0
                && playing.proposals()
                        .first(0)
                        .flatMap(it -> playing.proposals().body(it.id()))
                        .isPresent();
        if (there) {
            proposeDelay.arrived(now.millis());
        }
    }

    private void fired(Timer timer) {
        switch (timer) {
            case Timer.OfRound ofRound -> play(new Input.TimedOut(ofRound));
            case Timer.Earliest(long of) -> mayStart = mayStart || of == height();
            case Timer.Gathered(long of) -> gathered = gathered || of == height();
            case Timer.Latest(long of) -> {
                if (of == height() && !started && !committing) {
                    start();
                }
            }
            case Timer.Tick() -> tick();
            case Timer.Request request -> {
                catchUp.expired(request)
                        .ifPresent(peer -> effects.add(new Effect.Refuse(peer, Refusal.UNPROVEN_HEIGHT)));
                fetch();
            }
            case Timer.Snapshot request -> {
                effects.addAll(snapshot.expired(request));
                fetchWhenBehind();
            }
        }
    }

    private void tick() {
        limits.tick();
        catchUp.tick();
        effects.addAll(snapshot.tick());
        if (started && !committing) {
            current().ownMessages().forEach(message -> effects.add(new Effect.Broadcast(message)));
            current().unassembled().forEach(outline -> effects.add(new Effect.Assemble(outline)));
        }
        effects.add(new Effect.Broadcast(VoteSync.status(current())));
        tickOfRecovery();
        if (heightAtTick == height() || catchUp.isBehind(height(), 2)) {
            fetch(); // a whole beat behind somebody
        }
        heightAtTick = height();
        arm(new Timer.Tick(), config.pace().tick());
    }

    private void tickOfRecovery() {
        Recovery.Standing at = standing();
        effects.addAll(recovery.tick(
                at,
                now.millis(),
                presence.heard(
                        at.named(),
                        config.nodeId(),
                        now.millis() - config.pace().recent())));
        recovery.own()
                .flatMap(Statement::polka)
                .flatMap(it -> bodyOf(it.header().id()))
                .ifPresent(it -> effects.add(new Effect.Broadcast(new Message.Body(it))));
    }

    private Recovery.Standing standing() {
        boolean seated = validators().byVoteKey(config.voteKey()).isPresent();
        return new Recovery.Standing(
                config.chainId(),
                epoch,
                parent.orElseThrow(),
                named.orElseThrow(),
                later.orElseThrow(),
                opening.isEmpty(),
                seated,
                heldPolka(),
                this::bodyOf);
    }

    /** The highest polka of this height: of the epoch in progress, or one that was carried over. */
    private Optional<HeldPolka> heldPolka() {
        return driver.flatMap(Driver::valid)
                .map(polka ->
                        held(polka, current().proposals().body(polka.blockId()).orElseThrow()))
                .or(() -> carried);
    }

    /** A block of the height in progress, whoever brought it. */
    private Optional<Block> bodyOf(Bytes id) {
        return current()
                .proposals()
                .body(id)
                .or(() -> carriedBlock.filter(it -> it.id().equals(id)))
                .or(() -> required.filter(it -> it.id().equals(id)))
                .or(() -> recovery.body(id));
    }

    private HeldPolka held(Polka polka, Block block) {
        List<KeyClaim> keys = opening.map(Opening::claims).orElse(List.of());
        List<KeyClaim> own =
                required.flatMap(Block::opening).map(Opening::claims).orElse(List.of());
        return new HeldPolka(epoch, block.header(), polka, KeyClaim.newest(own, keys));
    }

    private void received(Block block) {
        boolean forHeight = !committing && current().wantsBody(block.id());
        boolean forRecovery = recovery.wantsBody(block.id());
        if ((!forHeight && !forRecovery) || !block.isIntact()) {
            return;
        }
        if (forRecovery) {
            recovery.hold(block);
            recovery.kept().ifPresent(it -> consider(Bytes.EMPTY, it));
        }
        if (forHeight && current().wantsBody(block.id())) {
            play(new Input.BodyReady(block));
        }
    }

    private void received(Bytes from, Message.Statements statements) {
        for (Statement statement : statements.statements()) {
            Optional<Refusal> refusal = recovery.heard(standing(), statement);
            if (refusal.isPresent()) {
                effects.add(new Effect.Refuse(from, refusal.get()));
                return;
            }
            notice(from, statement.baseHeight() + 1);
        }
    }

    /** E5: accepts the first sound opening of an epoch that this node has not left already. */
    private void consider(Bytes from, Opening proposed) {
        Recovery.Standing at = standing();
        if (committing || !recovery.isAcceptable(at, proposed)) {
            recovery.keep(at, proposed);
            return;
        }
        Optional<Refusal> refusal = recovery.judge(at, proposed);
        if (refusal.isPresent()) {
            effects.add(new Effect.Refuse(from, refusal.get()));
            return;
        }
        remember(proposed);
        epoch = proposed.epoch();
        opening = Optional.of(proposed);
        recovery.opened(epoch, now.millis());
        effects.add(new Effect.LeaveEpochsBelow(epoch));
        required.ifPresent(it -> effects.add(new Effect.Persist(new LogRecord.Required(it), false)));
        effects.add(new Effect.Persist(new LogRecord.Opened(height(), proposed), true));
        enter();
        mayStart = true;
        start();
    }

    /** What this epoch leaves behind: its polka, and the body of what the next one requires. */
    private void remember(Opening proposed) {
        Optional<HeldPolka> shown = proposed.required().filter(it -> it.header().height() == height());
        Optional<HeldPolka> own = heldPolka();
        Optional<HeldPolka> kept =
                shown.filter(it -> own.isEmpty() || !own.get().isLaterThan(it)).or(() -> own);
        Optional<Block> body = kept.flatMap(it -> bodyOf(it.header().id()));
        required = shown.map(it -> bodyOf(it.header().id()).orElseThrow());
        carried = kept;
        carriedBlock = body;
    }

    private void received(Bytes from, Message message) {
        switch (message) {
            case Message.Proposed(Proposal proposal) -> received(from, proposal);
            case Message.Votes votes -> received(from, votes);
            case Message.Status status -> received(from, status);
            case Message.BlockRequest(long wanted) -> {
                if (wanted < height() && limits.mayServe(from)) {
                    effects.add(new Effect.Serve(from, wanted));
                }
            }
            case Message.Blocks blocks -> {
                catchUp.answered(from, blocks.blocks());
                takeFetched();
            }
            case Message.SnapshotRequest request -> {
                if (limits.mayServe(from)) {
                    effects.add(new Effect.ServeSnapshot(from, request));
                }
            }
            case Message.ChunkRequest request -> {
                if (limits.mayServeChunk(from)) {
                    effects.add(new Effect.ServeSnapshot(from, request));
                }
            }
            case Message.SnapshotOffer offer -> {
                effects.addAll(snapshot.offered(from, offer));
                fetchWhenBehind();
            }
            case Message.Chunk chunk -> {
                effects.addAll(snapshot.answered(from, chunk));
                fetchWhenBehind();
            }
            case Message.Body(Block block) -> received(block);
            case Message.Statements statements -> received(from, statements);
            case Message.Opened(Opening proposed) -> consider(from, proposed);
            case Message.Batches _, Message.BatchRequest _, Message.Misbehaviour _ -> {
                // the business of the data plane and of the evidence pool
            }
        }
    }

    private void received(Bytes from, Proposal proposal) {
        if (proposal.height() != height()) {
            if (proposal.height() == height() + 1) {
                early.add(from, proposal);
            }
            notice(from, proposal.height());
            return;
        }
        if (proposal.epoch() != epoch || committing || !current().wants(proposal) || isOfAnotherOpening(proposal)) {
            return;
        }
        HeightContext context = current().context();
        Optional<Refusal> refusal = admission.refusal(context, proposal);
        if (refusal.isPresent()) {
            effects.add(new Effect.Refuse(from, refusal.get()));
            return;
        }
        saw(context.proposer(proposal.round()).nodeId(), proposal.round());
        boolean timely =
                config.timeliness().holds(proposal.outline().header().timeMillis(), now.wallMillis(), proposal.round());
        play(new Input.ProposalArrived(proposal, timely));
    }

    /** Whether its proposer was shown another opening of this epoch than this node, which is not its fault. */
    private boolean isOfAnotherOpening(Proposal proposal) {
        Optional<Bytes> own = opening.map(Opening::hash);
        return proposal.outline()
                .opening()
                .filter(it ->
                        it.epoch() == epoch && own.isPresent() && !own.get().equals(it.hash()))
                .filter(it -> recovery.divides(standing(), it))
                .isPresent();
    }

    private void received(Bytes from, Message.Votes votes) {
        for (Vote vote : votes.votes()) {
            if (vote.height() != height()) {
                if (vote.height() == height() + 1) {
                    early.add(from, vote);
                }
                notice(from, vote.height());
            } else if (vote.epoch() == epoch && !admit(from, vote)) {
                return;
            }
        }
    }

    /** @return false when the rest of the message is not worth looking at */
    private boolean admit(Bytes from, Vote vote) {
        HeightContext context = current().context();
        Optional<Validator> signer = context.validators().bySlot(vote.slot());
        if (signer.isPresent() && (committing || !current().wants(vote))) {
            return true;
        }
        Optional<Refusal> refusal = admission.refusal(context, vote);
        if (refusal.isPresent()) {
            effects.add(new Effect.Refuse(from, refusal.get()));
            return false;
        }
        saw(signer.orElseThrow().nodeId(), vote.round());
        play(new Input.VoteArrived(vote));
        return true;
    }

    private void received(Bytes from, Message.Status status) {
        if (current().context().validators().byNodeId(from).isPresent()) {
            presence.heard(from, status.height(), status.round(), now.millis());
        }
        if (status.height() > height()) {
            notice(from, status.height());
        } else if (limits.mayAnswer(from)) {
            if (status.height() < height()) {
                effects.add(new Effect.Send(from, VoteSync.status(current())));
            } else if (status.epoch() < epoch) {
                opening.ifPresent(it -> show(from, it));
            } else if (status.epoch() == epoch && !committing) {
                VoteSync.answer(
                                current(),
                                status,
                                limits.mayNeedProposal(
                                        from, status, current().context().proposes(status.round())))
                        .forEach(message -> effects.add(new Effect.Send(from, message)));
            }
        }
    }

    /** The opening of this epoch, with the block that it requires. */
    private void show(Bytes to, Opening shown) {
        effects.add(new Effect.Send(to, new Message.Opened(shown)));
        shown.required()
                .flatMap(it -> bodyOf(it.header().id()))
                .ifPresent(it -> effects.add(new Effect.Send(to, new Message.Body(it))));
    }

    /** A peer speaks of another height. One height ahead is normal for a moment; more means that blocks are missing. */
    private void notice(Bytes from, long ofHeight) {
        if (ofHeight > height()) {
            catchUp.claim(from, ofHeight);
            fetchWhenBehind();
        }
    }

    private void fetchWhenBehind() {
        if (catchUp.isBehind(height(), 2)) {
            fetch();
        }
    }

    /** Asks for a snapshot when too much is missing, else for blocks; also when nobody has a snapshot. */
    private void fetch() {
        boolean pruned = catchUp.isPruned();
        long behind = config.snapshots().behind();
        if (!snapshot.isActive() && !catchUp.isBusy() && (pruned || catchUp.isBehind(height(), behind))) {
            long least = pruned ? height() : height() + behind / 2;
            effects.addAll(snapshot.begin(Trust.of(parent.orElseThrow(), named.orElseThrow()), least));
        }
        if (!snapshot.isActive()) {
            effects.addAll(catchUp.ask(height()));
        }
    }

    private void takeFetched() {
        if (committing) {
            return;
        }
        Optional<CertifiedBlock> next = catchUp.next(height());
        if (next.isEmpty()) {
            fetchWhenBehind();
            return;
        }
        CertifiedBlock certified = next.get();
        Optional<Refusal> refusal = admission.refusal(current().context(), named.orElseThrow(), certified);
        if (refusal.isPresent()) {
            effects.add(new Effect.Refuse(catchUp.reject(), refusal.get()));
            fetch();
            return;
        }
        decide(certified);
    }

    private void saw(Bytes id, int round) {
        presence.heard(id, height(), round, now.millis());
    }

    private void arm(Timer timer, long delayMillis) {
        effects.add(new Effect.Arm(timer, delayMillis));
    }

    private Driver current() {
        return driver.orElseThrow(() -> new IllegalStateException("not begun"));
    }

    public long height() {
        return current().context().height();
    }

    public long epoch() {
        return epoch;
    }

    public Parent parent() {
        return parent.orElseThrow();
    }

    /** The set that the last block names next; a header without an opening has it as its own. */
    public ValidatorSet named() {
        return named.orElseThrow();
    }

    /** No vote in an epoch below this is given; above {@link #epoch} while a recovery is under way. */
    public long promised() {
        return recovery.promised();
    }

    /** How far a recovery is, for people. */
    public String recovery() {
        return recovery.toString();
    }

    public HeightContext context() {
        return current().context();
    }

    public int round() {
        return current().round();
    }

    public Step step() {
        return current().step();
    }

    /** Where each validator was last heard of, by node id: by its votes, or by what it says of itself. */
    public Map<Bytes, Presence.Seen> seen() {
        return presence.all();
    }

    /** The slots whose votes of a type are held for a round of this height. */
    public List<Integer> voters(int round, VoteType type) {
        return current().votes().votes(round, type).stream().map(Vote::slot).toList();
    }
}
