package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Outline;
import io.cloister.consensus.Polka;
import io.cloister.consensus.PrevoteSignature;
import io.cloister.consensus.VoteType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** A driver with somebody who does at once what it asks for, and remembers it. */
final class Play {
    final Committee committee;
    final int slot;
    final Driver driver;
    final List<Effect> done = new ArrayList<>();

    /** Blocks that this node finds invalid, or whose proposals come when their time is far from its clock. */
    final Set<Bytes> invalid = new HashSet<>();

    final Set<Bytes> untimely = new HashSet<>();

    /** The batches of all blocks that were proposed are there. */
    final Map<Bytes, Block> bodies = new HashMap<>();

    /** When false, bodies stay out until {@link #body}. */
    boolean assembling = true;

    /** When false, questions about blocks stay open until {@link #judge}. */
    boolean judging = true;

    /** What getValue() gives, if it gives anything. */
    Optional<Block> value = Optional.empty();

    /** Sees each input with the effects that it had. */
    BiConsumer<Input.OfHeight, List<Effect>> watcher = (input, effects) -> {};

    Play(Committee committee, int slot) {
        this.committee = committee;
        this.slot = slot;
        this.driver = new Driver(committee.context(slot), Committee.TIMEOUTS, Committee.TIMEOUTS::proposeBase);
    }

    static Play start(int slot) {
        return new Play(Committee.ofFour(), slot).input(new Input.Start());
    }

    Play input(Input.OfHeight first) {
        Deque<Input.OfHeight> inputs = new ArrayDeque<>(List.of(first));
        while (!inputs.isEmpty()) {
            Input.OfHeight input = inputs.remove();
            List<Effect> effects = driver.step(input);
            watcher.accept(input, effects);
            for (Effect effect : effects) {
                done.add(effect);
                answer(effect).ifPresent(inputs::add);
            }
        }
        return this;
    }

    private Optional<Input.OfHeight> answer(Effect effect) {
        return switch (effect) {
            case Effect.SignVote(VoteType type, long height, int round, Optional<Bytes> id, int basis) ->
                Optional.of(new Input.VoteSigned(committee.vote(type, round, id, basis, slot)));
            case Effect.SignProposal(int round, Block block, Optional<Polka> polka) ->
                Optional.of(new Input.ProposalSigned(committee.proposal(round, block, polka), block));
            case Effect.Assemble(Outline outline) ->
                assembling ? Optional.ofNullable(bodies.get(outline.id())).map(Input.BodyReady::new) : Optional.empty();
            case Effect.Validate(Block block) -> judging ? Optional.of(verdict(block)) : Optional.empty();
            case Effect.Build(long height, int round) -> value.map(block -> new Input.ValueReady(height, round, block));
            default -> Optional.empty();
        };
    }

    private Input.Judged verdict(Block block) {
        return new Input.Judged(committee.height, block.id(), !invalid.contains(block.id()));
    }

    Play judge(Block block) {
        return input(verdict(block));
    }

    Play body(Block block) {
        return input(new Input.BodyReady(block));
    }

    Play proposal(int round, Block block) {
        return input(arrived(committee.proposal(round, block), block));
    }

    Play proposal(int round, Block block, Polka polka) {
        return input(arrived(committee.proposal(round, block, Optional.of(polka)), block));
    }

    Input.OfHeight arrived(Proposal proposal, Block block) {
        bodies.put(block.id(), block);
        return new Input.ProposalArrived(proposal, !untimely.contains(block.id()));
    }

    Play prevotes(int round, Block block, int... slots) {
        for (int of : slots) {
            input(new Input.VoteArrived(committee.prevote(round, block, of)));
        }
        return this;
    }

    Play nilPrevotes(int round, int... slots) {
        for (int of : slots) {
            input(new Input.VoteArrived(committee.prevoteNil(round, of)));
        }
        return this;
    }

    Play precommits(int round, Block block, int... slots) {
        for (int of : slots) {
            input(new Input.VoteArrived(committee.precommit(round, block, of)));
        }
        return this;
    }

    Play nilPrecommits(int round, int... slots) {
        for (int of : slots) {
            input(new Input.VoteArrived(committee.precommitNil(round, of)));
        }
        return this;
    }

    Play timeout(int round, Step step) {
        return input(new Input.TimedOut(new Timer.OfRound(committee.epoch, committee.height, round, step)));
    }

    /** The own votes that left, such as {@code PREVOTE 0 nil}. */
    List<String> votes() {
        return done.stream()
                .filter(Effect.Broadcast.class::isInstance)
                .map(effect -> ((Effect.Broadcast) effect).message())
                .filter(Message.Votes.class::isInstance)
                .flatMap(message -> ((Message.Votes) message).votes().stream())
                .map(vote -> name(vote.type(), vote.round(), vote.blockId()))
                .toList();
    }

    static String name(VoteType type, int round, Optional<Bytes> id) {
        return type + " " + round + " " + id.map(Bytes::toHex).orElse("nil");
    }

    static String name(VoteType type, int round, Block block) {
        return name(type, round, Optional.of(block.id()));
    }

    /** The timers armed, such as {@code PROPOSE 0 1000}. */
    List<String> timers() {
        List<String> names = new ArrayList<>();
        for (Effect effect : done) {
            if (effect
                    instanceof Effect.Arm(Timer.OfRound(long epoch, long height, int round, Step step), long delay)) {
                names.add(step + " " + round + " " + delay);
            }
        }
        return names;
    }

    <T extends Effect> List<T> effects(Class<T> type) {
        return done.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<Proposal> proposals() {
        List<Proposal> sent = new ArrayList<>();
        for (Effect effect : done) {
            if (effect instanceof Effect.Broadcast(Message.Proposed(Proposal proposal))) {
                sent.add(proposal);
            }
        }
        return sent;
    }

    /** What the log holds, in order. */
    List<LogRecord> log() {
        return effects(Effect.Persist.class).stream()
                .map(Effect.Persist::record)
                .toList();
    }

    static List<Integer> slots(Certificate certificate) {
        return certificate.signatures().stream().map(CommitSignature::slot).toList();
    }

    static List<Integer> slots(Polka polka) {
        return polka.signatures().stream().map(PrevoteSignature::slot).toList();
    }
}
