package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Polka;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.ProposalKeeper.Candidate;
import io.cloister.consensus.core.ProposalKeeper.Verdict;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The rules of one height, each with its lines in algorithm 1 of arXiv 1807.04938. After every change {@link #run}
 * applies the first rule that holds, in a fixed order, until none does; so the same messages in the same order always
 * lead to the same effects.
 *
 * <p>Two readings of the paper: "PROPOSAL(h, r, v, *)" in lines 36 and 49 holds as soon as the body of v is held,
 * whichever round's proposal or own record brought it, because the quorum of votes for id(v) speaks for the proposal.
 * And a rule that asks for valid(v) waits until the answer is there.
 */
final class RoundMachine {
    private final HeightContext context;
    private final Timeouts timeouts;
    private final LongSupplier proposeBase;
    private final VoteKeeper votes;
    private final ProposalKeeper proposals;
    private final Consumer<Effect> out;

    private int round = -1;
    private Step step = Step.PROPOSE;
    private Optional<Polka> locked = Optional.empty();
    private Optional<Polka> valid = Optional.empty();
    private boolean prevoteTimerArmed;
    private boolean polkaSeen;
    private boolean precommitTimerArmed;
    private boolean decided;

    /** @param proposeBase the present base of the propose timeout */
    RoundMachine(
            HeightContext context,
            Timeouts timeouts,
            LongSupplier proposeBase,
            VoteKeeper votes,
            ProposalKeeper proposals,
            Consumer<Effect> out) {
        this.context = context;
        this.timeouts = timeouts;
        this.proposeBase = proposeBase;
        this.votes = votes;
        this.proposals = proposals;
        this.out = out;
    }

    int round() {
        return round;
    }

    Step step() {
        return step;
    }

    boolean isDecided() {
        return decided;
    }

    /** lockedValue and lockedRound, as the polka that locked. */
    Optional<Polka> locked() {
        return locked;
    }

    /** validValue and validRound, as the polka that made it valid. */
    Optional<Polka> valid() {
        return valid;
    }

    /** Applies rules until none holds. */
    void run() {
        while (!decided && (decide() || skip() || polkaForValue() || polkaForNil() || proposal() || timers())) {
            // each application may enable another rule
        }
    }

    /** L11-21. */
    void startRound(int newRound) {
        enter(newRound); // L12, L13
        if (context.proposes(newRound)) { // L14
            if (valid.isPresent()) {
                out.accept(new Effect.SignProposal(newRound, body(valid.get().blockId()), valid)); // L16, L19
            } else if (context.required().isPresent()) {
                prescribed().ifPresent(it -> out.accept(new Effect.SignProposal(newRound, it, Optional.empty())));
            } else {
                out.accept(new Effect.Build(context.height(), newRound)); // L18
            }
        }
        arm(Step.PROPOSE); // L21; for the proposer too, because its value may never be ready
    }

    /** What must be decided because a recovery found a polka for it is proposed like a value of one's own. */
    private Optional<Block> prescribed() {
        return context.required().flatMap(proposals::body);
    }

    private void enter(int newRound) {
        round = newRound;
        step = Step.PROPOSE;
        prevoteTimerArmed = false;
        polkaSeen = false;
        precommitTimerArmed = false;
        votes.enter(newRound);
        proposals.forgetBefore(newRound - 1, needed());
    }

    private Set<Bytes> needed() {
        Set<Bytes> ids = new HashSet<>();
        locked.ifPresent(it -> ids.add(it.blockId()));
        valid.ifPresent(it -> ids.add(it.blockId()));
        context.required().ifPresent(ids::add);
        votes.decisions().forEach(it -> ids.add(it.blockId()));
        return ids;
    }

    /** The body of what a recovery prescribes is there, and it is this node's turn. */
    void prescribedReady() {
        if (!decided
                && round >= 0
                && step == Step.PROPOSE
                && context.proposes(round)
                && proposals.first(round).isEmpty()) {
            prescribed().ifPresent(it -> out.accept(new Effect.SignProposal(round, it, Optional.empty())));
        }
    }

    /** The answer to getValue(): L18-19. */
    void valueReady(int forRound, Block block) {
        if (forRound == round && step == Step.PROPOSE && !decided) {
            out.accept(new Effect.SignProposal(round, block, Optional.empty())); // L19 with validRound -1
        }
    }

    /** L49-54: a quorum of precommits in any round decides. */
    private boolean decide() {
        for (VoteKeeper.Decision decision : votes.decisions()) {
            Bytes id = decision.blockId();
            Optional<Block> body = proposals.body(id);
            if (body.isEmpty() || proposals.verdict(id) == Verdict.UNKNOWN) {
                continue;
            }
            decided = true;
            if (!proposals.isValid(id)) { // L50
                out.accept(new Effect.Halt("two thirds precommitted a block that is invalid here: " + id));
                return true;
            }
            out.accept(new Effect.Commit(certified(body.get(), decision))); // L51
            return true;
        }
        return false;
    }

    private CertifiedBlock certified(Block block, VoteKeeper.Decision decision) {
        Certificate certificate = new Certificate(
                context.epoch(),
                context.height(),
                decision.round(),
                decision.blockId(),
                votes.precommits(decision.round(), decision.blockId()).stream()
                        .map(Vote::commitSignature)
                        .toList());
        boolean earlier = block.header().epoch() < context.epoch();
        return new CertifiedBlock(
                block,
                certificate,
                earlier ? context.opening().map(Opening::claims).orElse(List.of()) : List.of());
    }

    /** L55-56. */
    private boolean skip() {
        OptionalInt later = votes.skip();
        later.ifPresent(this::startRound);
        return later.isPresent();
    }

    /** L36-43. */
    private boolean polkaForValue() {
        if (polkaSeen || step == Step.PROPOSE) {
            return false;
        }
        Optional<Bytes> value = votes.winner(round, VoteType.PREVOTE);
        if (value.isEmpty() || !proposals.isValid(value.get())) {
            return false;
        }
        polkaSeen = true; // "for the first time"
        Polka polka = votes.polka(round, value.get());
        valid = Optional.of(polka); // L42, L43
        if (step == Step.PREVOTE) { // L37
            locked = valid; // L38, L39
            vote(VoteType.PRECOMMIT, value, -1); // L40
            step = Step.PRECOMMIT; // L41
        } else {
            Optional<Block> body = proposals.body(polka.blockId());
            out.accept(new Effect.Persist(new LogRecord.Valued(context.epoch(), context.height(), polka, body), true));
        }
        return true;
    }

    /** L44-46. */
    private boolean polkaForNil() {
        if (step != Step.PREVOTE || !votes.quorum(round, VoteType.PREVOTE, Optional.empty())) {
            return false;
        }
        vote(VoteType.PRECOMMIT, Optional.empty(), -1); // L45
        step = Step.PRECOMMIT; // L46
        return true;
    }

    /** L22-33. */
    private boolean proposal() {
        Optional<Candidate> first = proposals.first(round);
        if (step != Step.PROPOSE || first.isEmpty()) {
            return false;
        }
        Bytes id = first.get().id();
        int validRound = first.get().proposal().validRound();
        if (proposals.verdict(id) == Verdict.UNKNOWN) {
            return false;
        }
        // A valid round comes with its polka, which Admission checked; so the second half of L28 holds by itself.
        boolean unlocked = validRound < 0
                ? locked.isEmpty() // L23
                : locked.isEmpty() || locked.get().round() <= validRound; // L29
        boolean old = validRound >= 0 || context.required().isPresent(); // its time was near when it was new
        boolean acceptable = proposals.isValid(id) && (old || first.get().timely());
        boolean same = locked.isPresent() && locked.get().blockId().equals(id);
        if (acceptable && (unlocked || same)) {
            int basis = Math.max(validRound, same ? locked.get().round() : -1);
            vote(VoteType.PREVOTE, Optional.of(id), basis); // L24, L30
        } else {
            vote(VoteType.PREVOTE, Optional.empty(), -1); // L26, L32
        }
        step = Step.PREVOTE; // L27, L33
        return true;
    }

    /** L34-35 and L47-48, each for the first time in the round. */
    private boolean timers() {
        if (step == Step.PREVOTE && !prevoteTimerArmed && votes.quorumOfAny(round, VoteType.PREVOTE)) {
            prevoteTimerArmed = true;
            arm(Step.PREVOTE); // L35
            return true;
        }
        if (!precommitTimerArmed && votes.quorumOfAny(round, VoteType.PRECOMMIT)) {
            precommitTimerArmed = true;
            arm(Step.PRECOMMIT); // L48
            return true;
        }
        return false;
    }

    /** L57-67. */
    void timedOut(int ofRound, Step ofStep) {
        if (ofRound != round || decided) {
            return;
        }
        switch (ofStep) {
            case PROPOSE -> {
                if (step == Step.PROPOSE) { // L58
                    vote(VoteType.PREVOTE, Optional.empty(), -1); // L59
                    step = Step.PREVOTE; // L60
                }
            }
            case PREVOTE -> {
                if (step == Step.PREVOTE) { // L62
                    vote(VoteType.PRECOMMIT, Optional.empty(), -1); // L63
                    step = Step.PRECOMMIT; // L64
                }
            }
            case PRECOMMIT -> startRound(round + 1); // L66, L67
        }
    }

    private void vote(VoteType type, Optional<Bytes> blockId, int basis) {
        if (context.self().isPresent()) {
            out.accept(new Effect.SignVote(type, context.height(), round, blockId, basis));
        }
    }

    private void arm(Step ofStep) {
        out.accept(new Effect.Arm(
                new Timer.OfRound(context.epoch(), context.height(), round, ofStep),
                timeouts.of(ofStep, round, proposeBase.getAsLong())));
    }

    private Block body(Bytes id) {
        return proposals.body(id).orElseThrow();
    }
}
