package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.Outline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The proposals of one height and the bodies of the blocks they name. A round holds at most two: the first, which the
 * proposal rules go by, and one more of a proposer that signed twice, whose block may still win.
 */
final class ProposalKeeper {
    private static final int PER_ROUND = 2;

    /**
     * A proposal with the id of its block, so that nobody computes it twice.
     *
     * @param timely whether its time was near the local one when it arrived
     */
    record Candidate(Proposal proposal, Bytes id, boolean timely) {
        static Candidate of(Proposal proposal, boolean timely) {
            return new Candidate(proposal, proposal.outline().id(), timely);
        }

        /** Whether it says the same, whatever the signature's bytes. */
        boolean sameAs(Candidate other) {
            return id.equals(other.id) && proposal.validRound() == other.proposal.validRound();
        }
    }

    /** What is known of a body: the paper's valid(v). */
    enum Verdict {
        UNKNOWN,
        INVALID,
        VALID
    }

    private final NavigableMap<Integer, List<Candidate>> rounds = new TreeMap<>();
    private final Map<Bytes, Block> bodies = new HashMap<>();
    private final Map<Bytes, Verdict> verdicts = new HashMap<>();

    boolean isFull(int round) {
        return of(round).size() >= PER_ROUND;
    }

    /** @return whether there was room for it */
    boolean add(Candidate candidate) {
        int round = candidate.proposal().round();
        if (isFull(round)) {
            return false;
        }
        rounds.computeIfAbsent(round, r -> new ArrayList<>(1)).add(candidate);
        return true;
    }

    /** @return whether the body was not held before */
    boolean addBody(Bytes id, Block block) {
        return bodies.putIfAbsent(id, block) == null;
    }

    void judge(Bytes id, Verdict verdict) {
        if (bodies.containsKey(id)) {
            verdicts.putIfAbsent(id, verdict);
        }
    }

    List<Candidate> of(int round) {
        return rounds.getOrDefault(round, List.of());
    }

    Optional<Candidate> first(int round) {
        return of(round).stream().findFirst();
    }

    /** The latest proposal of a block. */
    Optional<Candidate> latest(Bytes id) {
        return rounds.descendingMap().values().stream()
                .flatMap(List::stream)
                .filter(candidate -> candidate.id().equals(id))
                .findFirst();
    }

    Optional<Block> body(Bytes id) {
        return Optional.ofNullable(bodies.get(id));
    }

    Verdict verdict(Bytes id) {
        return verdicts.getOrDefault(id, Verdict.UNKNOWN);
    }

    boolean isValid(Bytes id) {
        return verdict(id) == Verdict.VALID;
    }

    /** Blocks that are proposed and whose bodies are not held, each once, latest round first. */
    List<Outline> withoutBody() {
        Map<Bytes, Outline> missing = new LinkedHashMap<>();
        rounds.descendingMap()
                .values()
                .forEach(candidates -> candidates.forEach(candidate -> {
                    if (!bodies.containsKey(candidate.id())) {
                        missing.putIfAbsent(candidate.id(), candidate.proposal().outline());
                    }
                }));
        return List.copyOf(missing.values());
    }

    /** Whether a body of this id is waited for. */
    boolean isNamed(Bytes id) {
        return rounds.values().stream()
                .flatMap(List::stream)
                .anyMatch(it -> it.id().equals(id));
    }

    /** Drops what rounds before {@code round} left behind, except these blocks. */
    void forgetBefore(int round, Set<Bytes> keep) {
        rounds.headMap(round).values().removeIf(candidates -> {
            candidates.removeIf(candidate -> !keep.contains(candidate.id()));
            return candidates.isEmpty();
        });
        Set<Bytes> named = new HashSet<>(keep);
        rounds.values().forEach(candidates -> candidates.forEach(candidate -> named.add(candidate.id())));
        bodies.keySet().retainAll(named);
        verdicts.keySet().retainAll(named);
    }

    /** In a fixed order, so that two runs do the same. */
    SortedMap<Bytes, Block> bodies() {
        return new TreeMap<>(bodies);
    }
}
