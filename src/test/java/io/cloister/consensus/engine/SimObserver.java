package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.LogRecord;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.Proposal;
import io.cloister.consensus.core.Vote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Sees everything that leaves a node or is committed, and says what must never happen. */
final class SimObserver {
    private record Place(int index, long height, int round, String ballot) {}

    private record Polka(long height, int round, Bytes id) {}

    private record Lock(int round, Bytes id) {}

    private final Genesis genesis;
    private final Map<Long, Bytes> decided = new HashMap<>();
    private final Map<Long, ValidatorSet> validators = new HashMap<>();
    private final Map<Place, String> said = new HashMap<>();
    private final Map<Polka, Set<Integer>> prevotes = new HashMap<>();
    private final Map<Place, Lock> locks = new HashMap<>();
    private final Set<Bytes> submitted = new HashSet<>();
    final List<String> violations = new ArrayList<>();
    long heights;
    int highestRound;

    SimObserver(Genesis genesis) {
        this.genesis = genesis;
        validators.put(1L, genesis.validators());
    }

    void submitted(Bytes transaction) {
        submitted.add(transaction);
    }

    void sent(SimNode node, Message message) {
        switch (message) {
            case Message.Votes votes -> votes.votes().forEach(vote -> vote(node, vote));
            case Message.Proposed(Proposal proposal) -> proposal(node, proposal);
            default -> {
                // says nothing that binds
            }
        }
    }

    private void proposal(SimNode node, Proposal proposal) {
        int proposer = (int)
                ((proposal.height() + proposal.round()) % genesis.validators().size());
        if (!node.honest || proposer != node.index) {
            return;
        }
        say(
                new Place(node.index, proposal.height(), proposal.round(), "proposal"),
                proposal.block().id() + " " + proposal.validRound());
        requireLogged(node, record -> record instanceof LogRecord.Proposed(Proposal logged) && logged.equals(proposal));
    }

    private void vote(SimNode node, Vote vote) {
        highestRound = Math.max(highestRound, vote.round());
        if (vote.type() == VoteType.PREVOTE && vote.blockId().isPresent()) {
            prevotes.computeIfAbsent(
                            new Polka(
                                    vote.height(), vote.round(), vote.blockId().get()),
                            p -> new HashSet<>())
                    .add(vote.slot());
        }
        if (!node.honest || vote.slot() != node.index + 1) {
            return;
        }
        say(
                new Place(node.index, vote.height(), vote.round(), vote.type().toString()),
                vote.blockId().toString());
        requireLogged(node, record -> switch (record) {
            case LogRecord.Voted(Vote logged) -> logged.equals(vote);
            case LogRecord.Locked(Vote logged, var polka, var block) -> logged.equals(vote);
            default -> false;
        });
        vote.blockId().ifPresent(id -> requireLockKept(node, vote, id));
    }

    /** Who precommitted a value prevotes another one only after a later polka for that one. */
    private void requireLockKept(SimNode node, Vote vote, Bytes id) {
        Place place = new Place(node.index, vote.height(), 0, "lock");
        if (vote.type() == VoteType.PRECOMMIT) {
            locks.merge(place, new Lock(vote.round(), id), (one, two) -> one.round() > two.round() ? one : two);
            return;
        }
        Lock lock = locks.get(place);
        if (lock == null || lock.id().equals(id) || vote.round() <= lock.round()) {
            return;
        }
        ValidatorSet set = validators.get(vote.height());
        boolean later = false;
        for (int round = lock.round(); round < vote.round(); round++) {
            later |= set != null && isQuorum(set, prevotes.getOrDefault(new Polka(vote.height(), round, id), Set.of()));
        }
        if (!later) {
            violations.add("node " + node.index + " prevoted against its lock at height " + vote.height());
        }
    }

    private void say(Place place, String what) {
        String before = said.putIfAbsent(place, what);
        if (before != null && !before.equals(what)) {
            violations.add("said twice: " + place + ": " + before + " and " + what);
        }
    }

    /** A message of a height in progress must be in the log before it leaves. */
    private void requireLogged(SimNode node, Predicate<LogRecord> logged) {
        if (node.logDisk.replay().stream().noneMatch(logged)) {
            violations.add("node " + node.index + " sent what it had not logged");
        }
    }

    void committed(SimNode node, CertifiedBlock certified) {
        if (!node.honest) {
            return;
        }
        long height = certified.height();
        Bytes id = certified.block().id();
        Bytes before = decided.putIfAbsent(height, id);
        if (before == null) {
            heights++;
        } else if (!before.equals(id)) {
            violations.add("two blocks decided at height " + height);
        }
        ValidatorSet set = validators.get(height);
        if (set == null || !certified.block().header().validatorsHash().equals(set.hash())) {
            violations.add("height " + height + " decided by other validators");
        } else {
            requireCertificate(certified, set);
        }
        Bytes parent = height == 1 ? genesis.id() : decided.get(height - 1);
        if (!certified.block().header().parent().equals(parent)) {
            violations.add("height " + height + " has another parent");
        }
        if (!submitted.containsAll(certified.block().transactions())) {
            violations.add("height " + height + " holds what nobody submitted");
        }
        node.disk
                .validators(certified.block().header().nextValidatorsHash())
                .ifPresentOrElse(
                        next -> validators.putIfAbsent(height + 1, next),
                        () -> violations.add("no next validators at height " + height));
    }

    private void requireCertificate(CertifiedBlock certified, ValidatorSet set) {
        Set<Integer> slots = new HashSet<>();
        for (CommitSignature signature : certified.certificate().signatures()) {
            slots.add(signature.slot());
        }
        Optional<?> flaw = certified.certificate().flaw(certified.block().header(), set, TestKeys.CHECK);
        if (!isQuorum(set, slots) || flaw.isPresent()) {
            violations.add("height " + certified.height() + " has no certificate: " + flaw);
        }
    }

    private static boolean isQuorum(ValidatorSet set, Set<Integer> slots) {
        long weight = slots.stream()
                .flatMap(slot -> set.bySlot(slot).map(Stream::of).orElse(Stream.empty()))
                .mapToLong(v -> v.weight())
                .sum();
        return weight > Math.floorDiv(2 * set.totalWeight(), 3);
    }
}
