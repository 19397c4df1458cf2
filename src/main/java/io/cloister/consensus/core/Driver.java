package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.ProposalKeeper.Candidate;
import io.cloister.consensus.core.ProposalKeeper.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Plays one height: keeps what arrives, lets the rules of {@link RoundMachine} run over it, and puts a record before
 * every signed message that leaves. What it is given has passed {@link Admission}. Not thread-safe.
 */
final class Driver {
    private final HeightContext context;
    private final VoteKeeper votes;
    private final ProposalKeeper proposals = new ProposalKeeper();
    private final RoundMachine machine;
    private final Set<Integer> convicted = new HashSet<>();
    private final Set<Bytes> logged = new HashSet<>();
    private List<Effect> effects = new ArrayList<>();

    Driver(HeightContext context) {
        this.context = context;
        this.votes = new VoteKeeper(context.validators());
        this.machine = new RoundMachine(context, votes, proposals, this::emit);
    }

    /** Takes one input; the effects are to be carried out in order. */
    List<Effect> step(Input.OfHeight input) {
        effects = new ArrayList<>();
        switch (input) {
            case Input.Start() -> machine.startRound(0); // L10
            case Input.Resume(List<LogRecord> records) -> resume(records);
            case Input.ProposalArrived(Proposal proposal) -> arrived(proposal);
            case Input.VoteArrived(Vote vote) -> votes.add(vote).ifPresent(this::convict);
            case Input.ValueReady(long height, int round, Block block) -> {
                if (height == context.height()) {
                    machine.valueReady(round, block);
                }
            }
            case Input.Judged judged -> judged(judged);
            case Input.ProposalSigned(Proposal proposal) -> signed(proposal);
            case Input.VoteSigned(Vote vote) -> signed(vote);
            case Input.TimedOut(Timer.OfRound timer) -> {
                if (timer.height() == context.height()) {
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
        if (effect instanceof Effect.Persist(LogRecord.Valued valued)) {
            emitValued(valued);
        } else {
            effects.add(effect);
        }
    }

    private void emitValued(LogRecord.Valued valued) {
        Optional<Block> body =
                valued.block().filter(block -> logged.add(valued.polka().blockId()));
        effects.add(new Effect.Persist(new LogRecord.Valued(valued.height(), valued.polka(), body)));
    }

    private void arrived(Proposal proposal) {
        if (machine.isDecided()) {
            return;
        }
        int slot = context.proposer(proposal.round()).slot();
        votes.noteSender(proposal.round(), slot);
        Candidate candidate = Candidate.of(proposal);
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
                    .ifPresent(polka -> polka.votes(context.height())
                            .forEach(vote -> votes.add(vote).ifPresent(this::convict)));
            validate(candidate.id(), proposal.block());
        }
    }

    private void validate(Bytes id, Block block) {
        if (!proposals.verdict(id).isKnown()) {
            effects.add(new Effect.Validate(block));
        }
    }

    private void judged(Input.Judged judged) {
        if (judged.height() == context.height()) {
            Verdict ofValid = judged.timely() ? Verdict.TIMELY : Verdict.UNTIMELY;
            proposals.judge(judged.blockId(), judged.valid() ? ofValid : Verdict.INVALID);
        }
    }

    private void convict(Evidence evidence) {
        effects.add(new Effect.Misbehaved(evidence));
    }

    private void convict(int slot, Candidate first, Candidate second) {
        if (convicted.add(first.proposal().round())) {
            convict(new Evidence.DoubleProposal(
                    slot,
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

    private void signed(Proposal proposal) {
        if (machine.isDecided() || proposal.round() != machine.round() || machine.step() != Step.PROPOSE) {
            return;
        }
        Candidate candidate = Candidate.of(proposal);
        logged.add(candidate.id());
        effects.add(new Effect.Persist(new LogRecord.Proposed(proposal)));
        effects.add(new Effect.Broadcast(new Message.Proposed(proposal)));
        votes.noteSender(proposal.round(), context.proposer(proposal.round()).slot());
        proposals.add(candidate);
        validate(candidate.id(), proposal.block());
    }

    private void signed(Vote vote) {
        if (machine.isDecided() || votes.held(vote).isPresent()) {
            return;
        }
        effects.add(new Effect.Persist(record(vote)));
        effects.add(new Effect.Broadcast(new Message.Votes(List.of(vote))));
        votes.add(vote).ifPresent(this::convict);
    }

    /** A precommit for a value goes into one record with the lock that it follows from (L38-40). */
    private LogRecord record(Vote vote) {
        if (vote.type() == VoteType.PREVOTE || vote.blockId().isEmpty()) {
            return new LogRecord.Voted(vote);
        }
        Bytes id = vote.blockId().get();
        Polka polka = new Polka(vote.round(), id, votes.signatures(vote.round(), VoteType.PREVOTE, id));
        return new LogRecord.Locked(vote, polka, proposals.body(id).filter(block -> logged.add(id)));
    }

    private void resume(List<LogRecord> records) {
        List<Vote> own = new ArrayList<>();
        List<Polka> polkas = new ArrayList<>();
        Optional<Polka> locked = Optional.empty();
        Optional<Polka> valid = Optional.empty();
        int lastProposed = -1;
        int last = 0;
        for (LogRecord record : records) {
            switch (record) {
                case LogRecord.Proposed(Proposal proposal) -> {
                    proposals.add(Candidate.of(proposal));
                    lastProposed = proposal.round();
                    last = Math.max(last, proposal.round());
                }
                case LogRecord.Voted(Vote vote) -> own.add(vote);
                case LogRecord.Locked(Vote precommit, Polka polka, Optional<Block> block) -> {
                    own.add(precommit);
                    restore(polka, block);
                    locked = Optional.of(polka);
                    valid = locked;
                    polkas.add(polka);
                }
                case LogRecord.Valued(long height, Polka polka, Optional<Block> block) -> {
                    restore(polka, block);
                    valid = Optional.of(polka);
                    polkas.add(polka);
                }
            }
        }
        for (Vote vote : own) {
            last = Math.max(last, vote.round());
        }
        int round = last;
        Step step = own.stream()
                .filter(vote -> vote.round() == round)
                .map(vote -> vote.type() == VoteType.PREVOTE ? Step.PREVOTE : Step.PRECOMMIT)
                .reduce(Step.PROPOSE, (one, other) -> one.compareTo(other) > 0 ? one : other);
        machine.resume(round, step, locked, valid, lastProposed == round);
        polkas.forEach(polka -> polka.votes(context.height()).forEach(votes::add));
        own.forEach(votes::add);
        proposals.bodies().forEach(this::validate);
        effects.addAll(ownMessages().stream().map(Effect.Broadcast::new).toList());
    }

    private void restore(Polka polka, Optional<Block> block) {
        block.ifPresent(it -> proposals.addBody(polka.blockId(), it));
        if (proposals.body(polka.blockId()).isEmpty()) {
            throw new IllegalStateException("the log locks a block that it does not hold: " + polka.blockId());
        }
        logged.add(polka.blockId());
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

    /** A block that has a quorum here and whose body is not held. */
    Optional<Bytes> missing() {
        for (VoteKeeper.Decision decision : votes.decisions()) {
            if (proposals.body(decision.blockId()).isEmpty()) {
                return Optional.of(decision.blockId());
            }
        }
        return votes.winner(machine.round(), VoteType.PREVOTE)
                .filter(id -> proposals.body(id).isEmpty());
    }

    private boolean isMissing(Bytes id) {
        return proposals.body(id).isEmpty()
                && (votes.decisions().stream().anyMatch(it -> it.blockId().equals(id))
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
