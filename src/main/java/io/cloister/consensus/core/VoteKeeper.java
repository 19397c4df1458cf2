package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.Polka;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counts the votes of one height. One vote is counted for each validator, round and type. Rounds from {@link #WINDOW}
 * before the current one up to the next one are kept in full; of rounds further ahead only the latest that each
 * validator spoke of, so that nobody can make this grow.
 */
final class VoteKeeper {
    static final int WINDOW = 64;

    /** A value with a quorum of precommits. */
    record Decision(int round, Bytes blockId) {}

    private record Place(VoteType type, int round, int slot) {}

    /** A validator's messages of one round ahead of the window. */
    private record Ahead(int round, List<Vote> votes) {}

    private final ValidatorSet validators;
    private final long total;
    private final Map<Integer, Integer> indexes = new HashMap<>();
    private final NavigableMap<Integer, RoundVotes> rounds = new TreeMap<>();
    private final Map<Integer, Ahead> ahead = new HashMap<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final Set<Place> convicted = new HashSet<>();
    private int current;

    VoteKeeper(ValidatorSet validators) {
        this.validators = validators;
        this.total = validators.totalWeight();
        for (int i = 0; i < validators.size(); i++) {
            indexes.put(validators.at(i).slot(), i);
        }
    }

    /** The round machine entered a round: what was ahead of the window and now is inside gets counted. */
    void enter(int round) {
        current = round;
        rounds.headMap(round - WINDOW)
                .values()
                .removeIf(old -> old.tally(VoteType.PRECOMMIT).winner().isEmpty());
        List<Integer> reached = ahead.entrySet().stream()
                .filter(entry -> entry.getValue().round() <= round + 1)
                .map(Map.Entry::getKey)
                .toList();
        for (int slot : reached) {
            Ahead promoted = Objects.requireNonNull(ahead.remove(slot));
            noteSender(promoted.round(), slot);
            promoted.votes().forEach(this::add);
        }
    }

    /** The vote already held in a vote's place. */
    Optional<Vote> held(Vote vote) {
        RoundVotes round = rounds.get(vote.round());
        if (round != null) {
            return round.tally(vote.type()).vote(index(vote.slot()));
        }
        Ahead known = ahead.get(vote.slot());
        return known == null || known.round() != vote.round()
                ? Optional.empty()
                : known.votes().stream().filter(v -> v.type() == vote.type()).findFirst();
    }

    /** Whether a vote would tell anything new: worth the check of its signature. */
    boolean wants(Vote vote) {
        Optional<Vote> held = held(vote);
        if (held.isPresent()) {
            return !held.get().sameAs(vote) && !convicted.contains(new Place(vote.type(), vote.round(), vote.slot()));
        }
        if (vote.round() < current - WINDOW) {
            return false;
        }
        Ahead known = ahead.get(vote.slot());
        return vote.round() <= current + 1 || known == null || known.round() <= vote.round();
    }

    /**
     * Counts a vote.
     *
     * @return the proof when it contradicts a vote of the same validator that is held already
     */
    Optional<Evidence> add(Vote vote) {
        if (!wants(vote)) {
            return Optional.empty();
        }
        Optional<Vote> held = held(vote);
        if (held.isPresent()) {
            convicted.add(new Place(vote.type(), vote.round(), vote.slot()));
            return Optional.of(new Evidence.DoubleVote(held.get(), vote));
        }
        if (vote.round() > current + 1) {
            addAhead(vote);
            return Optional.empty();
        }
        int index = index(vote.slot());
        noteSender(vote.round(), vote.slot());
        Tally tally = round(vote.round()).tally(vote.type());
        boolean before = tally.winner().isPresent();
        tally.add(index, vote, validators.at(index).weight());
        if (vote.type() == VoteType.PRECOMMIT && !before) {
            tally.winner().ifPresent(id -> decisions.add(new Decision(vote.round(), id)));
        }
        return forgottenLock(vote, index);
    }

    /** The other half of a forgotten lock: a precommit before a prevote, or a prevote after a precommit. */
    private Optional<Evidence> forgottenLock(Vote vote, int index) {
        if (vote.blockId().isEmpty()) {
            return Optional.empty();
        }
        if (vote.type() == VoteType.PREVOTE) {
            return rounds.subMap(vote.basis() + 1, vote.round()).values().stream()
                    .flatMap(round -> round.tally(VoteType.PRECOMMIT).vote(index).stream())
                    .filter(precommit -> Evidence.ForgottenLock.holds(precommit, vote))
                    .findFirst()
                    .map(precommit -> new Evidence.ForgottenLock(precommit, vote));
        }
        return rounds.tailMap(vote.round(), false).values().stream()
                .flatMap(round -> round.tally(VoteType.PREVOTE).vote(index).stream())
                .filter(prevote -> Evidence.ForgottenLock.holds(vote, prevote))
                .findFirst()
                .map(prevote -> new Evidence.ForgottenLock(vote, prevote));
    }

    private void addAhead(Vote vote) {
        Ahead known = ahead.get(vote.slot());
        List<Vote> votes = new ArrayList<>();
        if (known != null && known.round() == vote.round()) {
            votes.addAll(known.votes());
        }
        votes.add(vote);
        ahead.put(vote.slot(), new Ahead(vote.round(), List.copyOf(votes)));
    }

    /** A proposal is a message too when it comes to skipping rounds (line 55). */
    void noteSender(int round, int slot) {
        if (round > current + 1) {
            Ahead known = ahead.get(slot);
            if (known == null || known.round() < round) {
                ahead.put(slot, new Ahead(round, List.of()));
            }
        } else if (round >= current - WINDOW) {
            int index = index(slot);
            round(round).note(index, validators.at(index).weight());
        }
    }

    /**
     * The latest round ahead of the current one that messages of more than a third of the weight belong to (line 55).
     */
    OptionalInt skip() {
        RoundVotes next = rounds.get(current + 1);
        if (ahead.isEmpty() && next == null) {
            return OptionalInt.empty();
        }
        NavigableMap<Integer, Long> weights = new TreeMap<>();
        if (next != null) {
            weights.put(current + 1, next.weight());
        }
        ahead.forEach((slot, it) ->
                weights.merge(it.round(), validators.at(index(slot)).weight(), Long::sum));
        return weights.descendingMap().entrySet().stream()
                .filter(entry -> 3 * entry.getValue() > total)
                .mapToInt(Map.Entry::getKey)
                .findFirst();
    }

    /** Whether votes of this type for a value, or for nil, are strictly more than two thirds of the weight. */
    boolean quorum(int round, VoteType type, Optional<Bytes> value) {
        RoundVotes votes = rounds.get(round);
        return votes != null && isQuorum(votes.tally(type).weight(value));
    }

    /** The same whatever the values. */
    boolean quorumOfAny(int round, VoteType type) {
        RoundVotes votes = rounds.get(round);
        return votes != null && isQuorum(votes.tally(type).weight());
    }

    /** The value, not nil, that has a quorum in a round. */
    Optional<Bytes> winner(int round, VoteType type) {
        RoundVotes votes = rounds.get(round);
        return votes == null ? Optional.empty() : votes.tally(type).winner();
    }

    /** Values with a quorum of precommits; more than one only if more than a third of the weight lies. */
    List<Decision> decisions() {
        return decisions;
    }

    /** The prevotes for a value as a polka. */
    Polka polka(int round, Bytes blockId) {
        return new Polka(
                round,
                blockId,
                votesFor(round, VoteType.PREVOTE, blockId).stream()
                        .map(Vote::prevoteSignature)
                        .toList());
    }

    /** The precommits for a value, by rising slot. */
    List<Vote> precommits(int round, Bytes blockId) {
        return votesFor(round, VoteType.PRECOMMIT, blockId);
    }

    private List<Vote> votesFor(int round, VoteType type, Bytes blockId) {
        return votes(round, type).stream()
                .filter(vote -> vote.blockId().equals(Optional.of(blockId)))
                .toList();
    }

    /** All votes of a type in a round, by rising slot. */
    List<Vote> votes(int round, VoteType type) {
        RoundVotes votes = rounds.get(round);
        return votes == null ? List.of() : votes.tally(type).votes();
    }

    /** Rounds with any message in the window, latest first. */
    List<Integer> roundsHeld() {
        return List.copyOf(rounds.descendingKeySet());
    }

    /** A bit for each validator whose vote is held, by its place in the set. */
    Bytes bits(int round, VoteType type) {
        byte[] bits = new byte[(validators.size() + 7) / 8];
        for (Vote vote : votes(round, type)) {
            int index = index(vote.slot());
            bits[index / 8] |= (byte) (1 << index % 8);
        }
        return Bytes.wrap(bits);
    }

    /** Weight of those who spoke of this height at all, in whatever round. */
    long weightOfSpeakers() {
        Set<Integer> speakers = new HashSet<>();
        ahead.keySet().forEach(slot -> speakers.add(index(slot)));
        rounds.values().forEach(round -> speakers.addAll(round.senders()));
        return speakers.stream()
                .mapToLong(index -> validators.at(index).weight())
                .sum();
    }

    private int index(int slot) {
        return Objects.requireNonNull(indexes.get(slot));
    }

    /** The latest round that a validator spoke of. */
    OptionalInt latestRound(int slot) {
        Ahead known = ahead.get(slot);
        if (known != null) {
            return OptionalInt.of(known.round());
        }
        int index = index(slot);
        return rounds.descendingMap().entrySet().stream()
                .filter(entry -> entry.getValue().senders().contains(index))
                .mapToInt(Map.Entry::getKey)
                .findFirst();
    }

    private RoundVotes round(int round) {
        return rounds.computeIfAbsent(round, r -> new RoundVotes(validators.size()));
    }

    private boolean isQuorum(long weight) {
        return 3 * weight > 2 * total;
    }

    /** The votes of one type in one round. */
    private final class Tally {
        private final List<Optional<Vote>> votes;
        private final Map<Optional<Bytes>, Long> weights = new HashMap<>();
        private long weight;
        private Optional<Bytes> winner = Optional.empty();

        Tally(int size) {
            votes = new ArrayList<>(Collections.nCopies(size, Optional.empty()));
        }

        void add(int index, Vote vote, long of) {
            votes.set(index, Optional.of(vote));
            weight += of;
            if (isQuorum(weights.merge(vote.blockId(), of, Long::sum))) {
                winner = vote.blockId();
            }
        }

        Optional<Vote> vote(int index) {
            return votes.get(index);
        }

        List<Vote> votes() {
            return votes.stream().flatMap(Optional::stream).toList();
        }

        long weight() {
            return weight;
        }

        long weight(Optional<Bytes> value) {
            return weights.getOrDefault(value, 0L);
        }

        Optional<Bytes> winner() {
            return winner;
        }
    }

    /** Everything heard of one round. */
    private final class RoundVotes {
        private final Tally prevotes;
        private final Tally precommits;
        private final Set<Integer> senders = new HashSet<>();
        private long weight;

        RoundVotes(int size) {
            prevotes = new Tally(size);
            precommits = new Tally(size);
        }

        Tally tally(VoteType type) {
            return type == VoteType.PREVOTE ? prevotes : precommits;
        }

        void note(int index, long of) {
            if (senders.add(index)) {
                weight += of;
            }
        }

        long weight() {
            return weight;
        }

        Set<Integer> senders() {
            return senders;
        }
    }
}
