package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.Outline;
import io.cloister.consensus.Polka;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.ProposalKeeper.Candidate;
import io.cloister.consensus.core.ProposalKeeper.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Plays one height in one epoch: keeps what arrives, lets the rules of {@link RoundMachine} run over it, and puts a
 * durable record before every precommit that leaves. What it is given has passed {@link Admission}. Not thread-safe.
 */
final class Driver {
    private final HeightContext context;
    private final VoteKeeper votes;
    private final ProposalKeeper proposals = new ProposalKeeper();
    private final RoundMachine machine;
    private final Set<Integer> convicted = new HashSet<>();
    private final Set<Bytes> logged = new HashSet<>();
    private List<Effect> effects = new ArrayList<>();

    /** @param proposeBase the present base of the propose timeout */
    Driver(HeightContext context, Timeouts timeouts, LongSupplier proposeBase) {
        this.context = context;
        this.votes = new VoteKeeper(context.validators());
        this.machine = new RoundMachine(context, timeouts, proposeBase, votes, proposals, this::emit);
    }

    /** Takes one input; the effects are to be carried out in order. */
    List<Effect> step(Input.OfHeight input) {
        effects = new ArrayList<>();
        switch (input) {
            case Input.Start() -> machine.startRound(0); // L10
            case Input.ProposalArrived(Proposal proposal, boolean timely) -> arrived(proposal, timely);
            case Input.VoteArrived(Vote vote) -> votes.add(vote).ifPresent(this::convict);
            case Input.ValueReady(long height, int round, Block block) -> {
                if (height == context.height()) {
                    machine.valueReady(round, block);
                }
            }
            case Input.BodyReady(Block block) -> bodyReady(block);
            case Input.Judged(long height, Bytes id, boolean valid) -> {
                if (height == context.height()) {
                    proposals.judge(id, valid ? Verdict.VALID : Verdict.INVALID);
                }
            }
            case Input.ProposalSigned(Proposal proposal, Block block) -> signed(proposal, block);
            case Input.VoteSigned(Vote vote) -> signed(vote);
            case Input.TimedOut(Timer.OfRound timer) -> {
                if (timer.height() == context.height() && timer.epoch() == context.epoch()) {
                    machine.timedOut(timer.round(), timer.step());
                }
            }
        }
        if (machine.round() >= 0) {
            machine.run();
        }
        return effects;
    }

    private void emit(Effect effect) {
        if (effect instanceof Effect.Persist(LogRecord.Valued valued, boolean sync)) {
            Optional<Block> body =
                    valued.block().filter(block -> logged.add(valued.polka().blockId()));
            effects.add(new Effect.Persist(
                    new LogRecord.Valued(valued.epoch(), valued.height(), valued.polka(), body), sync));
        } else {
            effects.add(effect);
        }
    }

    private void arrived(Proposal proposal, boolean timely) {
        if (machine.isDecided()) {
            return;
        }
        int slot = context.proposer(proposal.round()).slot();
        votes.noteSender(proposal.round(), slot);
        Candidate candidate = Candidate.of(proposal, timely);
        if (proposal.round() > round() + 1) {
            return; // it counted for line 55; its body will be asked for when that round has come
        }
        if (proposal.round() < machine.round() && !isMissing(candidate.id())) {
            return;
        }
        for (Candidate held : proposals.of(proposal.round())) {
            if (held.sameAs(candidate)) {
                return;
            }
        }
        proposals.first(proposal.round()).ifPresent(first -> convict(slot, first, candidate));
        if (proposals.add(candidate)) {
            proposal.polka()
                    .ifPresent(polka -> Vote.of(polka, context.epoch(), context.height())
                            .forEach(vote -> votes.add(vote).ifPresent(this::convict)));
            if (proposals.body(candidate.id()).isEmpty()) {
                effects.add(new Effect.Assemble(proposal.outline()));
            }
        }
    }

    private void bodyReady(Block block) {
        Bytes id = block.id();
        if (machine.isDecided() || !(proposals.isNamed(id) || isMissing(id))) {
            return;
        }
        hold(id, block);
    }

    private void hold(Bytes id, Block block) {
        if (proposals.addBody(id, block)) {
            effects.add(new Effect.Validate(block));
            if (context.required().filter(id::equals).isPresent()) {
                machine.prescribedReady();
            }
        }
    }

    private void convict(Evidence evidence) {
        effects.add(new Effect.Misbehaved(evidence));
    }

    private void convict(int slot, Candidate first, Candidate second) {
        if (convicted.add(first.proposal().round())) {
            convict(new Evidence.DoubleProposal(
                    slot,
                    context.epoch(),
                    context.height(),
                    first.proposal().round(),
                    first.id(),
                    first.proposal().validRound(),
                    first.proposal().signature(),
                    second.id(),
                    second.proposal().validRound(),
                    second.proposal().signature()));
        }
    }

    private void signed(Proposal proposal, Block block) {
        if (machine.isDecided() || proposal.round() != machine.round() || machine.step() != Step.PROPOSE) {
            return;
        }
        Candidate candidate = Candidate.of(proposal, true);
        effects.add(new Effect.Broadcast(new Message.Proposed(proposal)));
        votes.noteSender(proposal.round(), context.proposer(proposal.round()).slot());
        proposals.add(candidate);
        hold(candidate.id(), block);
    }

    private void signed(Vote vote) {
        if (machine.isDecided() || votes.held(vote).isPresent()) {
            return;
        }
        if (vote.type() == VoteType.PRECOMMIT) {
            effects.add(new Effect.Persist(record(vote), true));
        }
        effects.add(new Effect.Broadcast(new Message.Votes(List.of(vote))));
        votes.add(vote).ifPresent(this::convict);
    }

    /** A precommit for a value goes into one record with the lock that it follows from (L38-40). */
    private LogRecord record(Vote vote) {
        if (vote.blockId().isEmpty()) {
            return new LogRecord.Voted(vote);
        }
        Bytes id = vote.blockId().get();
        Polka polka = votes.polka(vote.round(), id);
        return new LogRecord.Locked(vote, polka, proposals.body(id).filter(block -> logged.add(id)));
    }

    /** Whether the log holds the body of a block. */
    boolean isLogged(Bytes id) {
        return logged.contains(id);
    }

    /** The own votes of this round and the one before, and the own proposal of a round just begun. */
    List<Message> ownMessages() {
        List<Message> messages = new ArrayList<>();
        int round = machine.round();
        if (machine.step() == Step.PROPOSE && context.proposes(round)) {
            proposals.first(round).ifPresent(it -> messages.add(new Message.Proposed(it.proposal())));
        }
        List<Vote> own = new ArrayList<>();
        for (int r = Math.max(0, round - 1); r <= round; r++) {
            for (VoteType type : VoteType.values()) {
                votes.votes(r, type).stream()
                        .filter(vote -> context.isOwn(vote.slot()))
                        .forEach(own::add);
            }
        }
        if (!own.isEmpty()) {
            messages.add(new Message.Votes(own));
        }
        return messages;
    }

    /** Proposed blocks whose bodies are still to be put together. */
    List<Outline> unassembled() {
        return machine.isDecided() ? List.of() : proposals.withoutBody();
    }

    /** A block that has a quorum here, or that a recovery prescribes, and whose body is not held. */
    Optional<Bytes> missing() {
        for (VoteKeeper.Decision decision : votes.decisions()) {
            if (proposals.body(decision.blockId()).isEmpty()) {
                return Optional.of(decision.blockId());
            }
        }
        return votes.winner(machine.round(), VoteType.PREVOTE)
                .filter(id -> proposals.body(id).isEmpty())
                .or(() -> context.required().filter(id -> proposals.body(id).isEmpty()));
    }

    private boolean isMissing(Bytes id) {
        return proposals.body(id).isEmpty()
                && (votes.decisions().stream().anyMatch(it -> it.blockId().equals(id))
                        || context.required().filter(id::equals).isPresent()
                        || votes.winner(machine.round(), VoteType.PREVOTE)
                                .filter(id::equals)
                                .isPresent());
    }

    /** Whether a vote is worth checking. */
    boolean wants(Vote vote) {
        return !machine.isDecided() && votes.wants(vote);
    }

    /** Whether a proposal is worth checking. */
    boolean wants(Proposal proposal) {
        return !machine.isDecided()
                && (proposal.round() >= machine.round() || missing().isPresent())
                && !proposals.isFull(proposal.round())
                && proposals.of(proposal.round()).stream()
                        .noneMatch(it -> it.proposal().signature().equals(proposal.signature()));
    }

    /** Whether a body that a peer sends is worth looking at. */
    boolean wantsBody(Bytes id) {
        return !machine.isDecided() && proposals.body(id).isEmpty() && (proposals.isNamed(id) || isMissing(id));
    }

    HeightContext context() {
        return context;
    }

    VoteKeeper votes() {
        return votes;
    }

    ProposalKeeper proposals() {
        return proposals;
    }

    int round() {
        return Math.max(0, machine.round());
    }

    Step step() {
        return machine.step();
    }

    boolean isDecided() {
        return machine.isDecided();
    }

    Optional<Polka> locked() {
        return machine.locked();
    }

    Optional<Polka> valid() {
        return machine.valid();
    }
}
