package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.VoteType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node's part in the chain, from height to height: admits what peers send, paces the heights, keeps peers and itself
 * in step, and gives each height to a {@link Driver}. Pure: all that it wants done comes back as effects. Not
 * thread-safe.
 */
public final class Replica {
    private static final int ANSWERS_PER_TICK = 8;
    private static final int SERVICES_PER_TICK = 4;

    /**
     * Who this node is and how it behaves.
     *
     * @param nodeId own node id; with {@code voteKey} it finds the own seat in each height's set
     */
    public record Config(
            String chainId,
            Bytes nodeId,
            Bytes voteKey,
            ProposerRule rule,
            Timeouts timeouts,
            Pace pace,
            SignatureCheck check) {}

    /** Where a validator was last heard of. */
    public record Seen(long height, int round) {}

    /** How often in a row a peer has said that it lacks the proposal of a round. */
    private record Asked(long height, int round, int times) {}

    private final Config config;
    private final Admission admission;
    private final CatchUp catchUp;
    private final EarlyMessages early = new EarlyMessages();
    private final Map<Bytes, Integer> answers = new HashMap<>();
    private final Map<Bytes, Integer> services = new HashMap<>();
    private final Map<Bytes, Asked> asked = new HashMap<>();
    private final Map<Bytes, Seen> seen = new HashMap<>();
    private List<Effect> effects = new ArrayList<>();

    private Optional<Driver> driver = Optional.empty();
    private long epoch;
    private long height;
    private Bytes lastId = Bytes.EMPTY;
    private long lastTimeMillis;
    private long heightAtTick;
    private boolean started;
    private boolean committing;
    private boolean pending;
    private boolean mayStart;

    public Replica(Config config) {
        this.config = config;
        this.admission = new Admission(config.check());
        this.catchUp = new CatchUp(config.pace().patience());
    }

    /** Takes one input; the effects are to be carried out in order. The first input is {@link Input.Begin}. */
    public List<Effect> step(Input input) {
        effects = new ArrayList<>();
        switch (input) {
            case Input.Begin begin -> begin(begin);
            case Input.Received(Bytes from, Message message) -> received(from, message);
            case Input.Fired(Timer timer) -> fired(timer);
            case Input.Committed committed -> committed(committed);
            case Input.Pending() -> pending = true;
            case Input.VoteSigned signed -> {
                seen.put(
                        config.nodeId(),
                        new Seen(signed.vote().height(), signed.vote().round()));
                play(signed);
            }
            case Input.OfHeight ofHeight -> play(ofHeight);
        }
        startWhenDue();
        return effects;
    }

    private void begin(Input.Begin begin) {
        epoch = begin.epoch();
        pending = begin.pending();
        enter(begin.height(), begin.lastId(), begin.lastTimeMillis(), begin.validators());
        if (!begin.records().isEmpty()) {
            started = true;
            play(new Input.Resume(begin.records()));
        }
        arm(new Timer.Tick(), config.pace().tick());
        effects.add(new Effect.Broadcast(VoteSync.status(current())));
    }

    private void enter(long newHeight, Bytes newLastId, long newLastTime, ValidatorSet validators) {
        height = newHeight;
        lastId = newLastId;
        lastTimeMillis = newLastTime;
        started = false;
        committing = false;
        mayStart = false;
        asked.clear();
        seen.keySet().removeIf(id -> validators.byNodeId(id).isEmpty());
        Optional<Validator> self =
                validators.byVoteKey(config.voteKey()).filter(v -> v.nodeId().equals(config.nodeId()));
        driver = Optional.of(new Driver(new HeightContext(
                config.chainId(), epoch, height, validators, self, config.rule(), config.timeouts())));
        arm(new Timer.Earliest(height), config.pace().minBlockInterval());
        arm(new Timer.Latest(height), config.pace().emptyBlockInterval());
    }

    private void committed(Input.Committed committed) {
        Block block = committed.block();
        if (!committing || block.height() != height) {
            throw new IllegalStateException("height " + block.height() + " was not to be committed");
        }
        pending = committed.pending();
        enter(height + 1, block.id(), block.header().timeMillis(), committed.nextValidators());
        early.drain().forEach(it -> received(it.from(), it.message()));
        takeFetched();
    }

    /** Line 10 waits until there is something to decide or somebody else has begun. */
    private void startWhenDue() {
        if (driver.isEmpty() || started || committing) {
            return;
        }
        Driver playing = current();
        boolean others = playing.proposals().first(0).isPresent()
                || playing.context().validators().hasHonest(playing.votes().weightOfSpeakers());
        if (others || (mayStart && pending)) {
            start();
        }
    }

    private void start() {
        started = true;
        play(new Input.Start());
    }

    private void play(Input.OfHeight input) {
        for (Effect effect : current().step(input)) {
            if (effect instanceof Effect.Commit) {
                if (committing) {
                    continue; // a peer's certified block of this height is on its way to the store
                }
                committing = true;
            }
            effects.add(effect);
        }
    }

    private void fired(Timer timer) {
        switch (timer) {
            case Timer.OfRound ofRound -> play(new Input.TimedOut(ofRound));
            case Timer.Earliest(long of) -> mayStart = mayStart || of == height;
            case Timer.Latest(long of) -> {
                if (of == height && !started && !committing) {
                    start();
                }
            }
            case Timer.Tick() -> tick();
            case Timer.Request request -> {
                catchUp.expired(request)
                        .ifPresent(peer -> effects.add(new Effect.Refuse(peer, Refusal.UNPROVEN_HEIGHT)));
                effects.addAll(catchUp.ask(height));
            }
        }
    }

    private void tick() {
        answers.clear();
        services.clear();
        catchUp.tick();
        if (started && !committing) {
            current().ownMessages().forEach(message -> effects.add(new Effect.Broadcast(message)));
        }
        effects.add(new Effect.Broadcast(VoteSync.status(current())));
        if (heightAtTick == height || catchUp.isBehind(height, 2)) {
            effects.addAll(catchUp.ask(height)); // a whole beat behind somebody
        }
        heightAtTick = height;
        arm(new Timer.Tick(), config.pace().tick());
    }

    private void received(Bytes from, Message message) {
        switch (message) {
            case Message.Proposed(Proposal proposal) -> received(from, proposal);
            case Message.Votes votes -> received(from, votes);
            case Message.Status status -> received(from, status);
            case Message.BlockRequest(long wanted) -> {
                if (wanted < height && services.merge(from, 1, Integer::sum) <= SERVICES_PER_TICK) {
                    effects.add(new Effect.Serve(from, wanted));
                }
            }
            case Message.Blocks blocks -> {
                catchUp.answered(from, blocks.blocks());
                takeFetched();
            }
            case Message.Transactions transactions -> {
                // the pool's business, not the core's
            }
        }
    }

    private void received(Bytes from, Proposal proposal) {
        if (proposal.height() != height) {
            if (proposal.height() == height + 1) {
                early.add(from, proposal);
            }
            notice(from, proposal.height());
            return;
        }
        if (committing || !current().wants(proposal)) {
            return;
        }
        HeightContext context = current().context();
        Optional<Refusal> refusal = admission.refusal(context, proposal);
        if (refusal.isPresent()) {
            effects.add(new Effect.Refuse(from, refusal.get()));
            return;
        }
        saw(context.proposer(proposal.round()), proposal.round());
        play(new Input.ProposalArrived(proposal));
    }

    private void received(Bytes from, Message.Votes votes) {
        for (Vote vote : votes.votes()) {
            if (vote.height() != height) {
                if (vote.height() == height + 1) {
                    early.add(from, vote);
                }
                notice(from, vote.height());
            } else if (!admit(from, vote)) {
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
        saw(signer.orElseThrow(), vote.round());
        play(new Input.VoteArrived(vote));
        return true;
    }

    private void received(Bytes from, Message.Status status) {
        if (current().context().validators().byNodeId(from).isPresent()) {
            seen.put(from, new Seen(status.height(), status.round()));
        }
        if (status.height() > height) {
            notice(from, status.height());
        } else if (mayAnswer(from)) {
            if (status.height() < height) {
                effects.add(new Effect.Send(from, VoteSync.status(current())));
            } else if (!committing) {
                VoteSync.answer(current(), status, mayNeedProposal(from, status))
                        .forEach(message -> effects.add(new Effect.Send(from, message)));
            }
        }
    }

    /** A proposal is large and may be on its way: its proposer sends it at the second asking, others at the third. */
    private boolean mayNeedProposal(Bytes from, Message.Status status) {
        int times = Optional.ofNullable(asked.get(from))
                .filter(it -> it.height() == status.height() && it.round() == status.round())
                .map(Asked::times)
                .orElse(0);
        if (status.hasProposal()) {
            asked.remove(from);
            return false;
        }
        asked.put(from, new Asked(status.height(), status.round(), times + 1));
        return times + 1 >= (current().context().proposes(status.round()) ? 2 : 3);
    }

    /** A peer speaks of another height. One height ahead is normal for a moment; more means that blocks are missing. */
    private void notice(Bytes from, long ofHeight) {
        if (ofHeight > height) {
            catchUp.claim(from, ofHeight);
            if (catchUp.isBehind(height, 2)) {
                effects.addAll(catchUp.ask(height));
            }
        }
    }

    private void takeFetched() {
        if (committing) {
            return;
        }
        Optional<CertifiedBlock> next = catchUp.next(height);
        if (next.isEmpty()) {
            if (catchUp.isBehind(height, 2)) {
                effects.addAll(catchUp.ask(height));
            }
            return;
        }
        CertifiedBlock certified = next.get();
        Optional<Refusal> refusal = admission.refusal(current().context(), lastId, lastTimeMillis, certified);
        if (refusal.isPresent()) {
            effects.add(new Effect.Refuse(catchUp.reject(), refusal.get()));
            effects.addAll(catchUp.ask(height));
            return;
        }
        committing = true;
        effects.add(new Effect.Commit(certified.block(), certified.certificate()));
    }

    /** Bounds what a peer can make this node send it between two ticks. */
    private boolean mayAnswer(Bytes to) {
        return answers.merge(to, 1, Integer::sum) <= ANSWERS_PER_TICK;
    }

    private void saw(Validator validator, int round) {
        seen.put(validator.nodeId(), new Seen(height, round));
    }

    private void arm(Timer timer, long delayMillis) {
        effects.add(new Effect.Arm(timer, delayMillis));
    }

    private Driver current() {
        return driver.orElseThrow(() -> new IllegalStateException("not begun"));
    }

    public long height() {
        return height;
    }

    public long epoch() {
        return epoch;
    }

    public Bytes lastId() {
        return lastId;
    }

    public long lastTimeMillis() {
        return lastTimeMillis;
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
    public Map<Bytes, Seen> seen() {
        return Map.copyOf(seen);
    }

    /** The slots whose votes of a type are held for a round of this height. */
    public List<Integer> voters(int round, VoteType type) {
        return current().votes().votes(round, type).stream().map(Vote::slot).toList();
    }
}
