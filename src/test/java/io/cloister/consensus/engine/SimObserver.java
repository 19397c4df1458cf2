package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.SignBytes;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.LogRecord;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.Proposal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Sees everything that leaves a node or is decided, and says what must never happen. It counts by its own arithmetic. */
final class SimObserver {
    private static final int KEPT_HEIGHTS = 64;

    private record Place(Bytes key, long epoch, long height, int round, String ballot) {}

    private record Polled(long epoch, long height, int round, Bytes id) {}

    /** What one boot of a node has logged and promised. */
    private static final class Boot {
        final Set<Vote> logged = new HashSet<>();
        final Set<Long> decided = new HashSet<>();
        final List<Vote> votes = new ArrayList<>();
        long promised;
    }

    private final Genesis genesis;
    private final Map<Long, Bytes> decided = new HashMap<>();
    private final Map<Long, Header> headers = new HashMap<>();
    private final Map<Long, ValidatorSet> named = new HashMap<>();
    private final Map<Polled, Set<Integer>> prevotes = new HashMap<>();
    private final Map<Place, String> said = new HashMap<>();
    private final Map<SimNode, Boot> boots = new HashMap<>();
    private final Map<Integer, NavigableMap<Long, Long>> promises = new HashMap<>();
    private final Set<Bytes> submitted = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private long highest;
    private long forgotten;
    long heights;
    long epochs;
    int highestRound;

    SimObserver(Genesis genesis) {
        this.genesis = genesis;
        named.put(1L, genesis.validators());
    }

    List<String> violations() {
        return violations;
    }

    void violated(String what) {
        if (violations.size() < 16) {
            violations.add(what);
        }
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            violated(what);
        }
    }

    void submitted(Bytes transaction) {
        submitted.add(transaction);
    }

    void booted(SimNode node) {
        boots.put(node, new Boot());
    }

    void logged(SimNode node, LogRecord record) {
        Boot boot = boots.get(node);
        switch (record) {
            case LogRecord.Voted(Vote vote) -> boot.logged.add(vote);
            case LogRecord.Locked(Vote vote, var _, var _) -> boot.logged.add(vote);
            case LogRecord.Decided decision -> boot.decided.add(decision.height());
            case LogRecord.Stated(long _, var statement) ->
                promise(node, boot, statement.recovery(), statement.claim().bootCounter());
            case LogRecord.Opened(long _, var opening) -> promise(node, boot, opening.epoch(), Long.MAX_VALUE);
            default -> {}
        }
    }

    /** @param counter a newer boot than this, seated by the chain, is not bound */
    private void promise(SimNode node, Boot boot, long epoch, long counter) {
        boot.promised = Math.max(boot.promised, epoch);
        if (node.role == SimRole.HONEST) {
            promises.computeIfAbsent(node.index, i -> new TreeMap<>()).merge(counter, epoch, Math::max);
        }
    }

    /** What binds a node at a height: its own boot's promises, and those of earlier boots as long as they count. */
    private long promised(SimNode node, Boot boot, long height) {
        long seat = Optional.ofNullable(named.get(height))
                .flatMap(it -> it.bySlot(node.slot()))
                .map(it -> it.bootCounter())
                .orElse(0L);
        return promises.getOrDefault(node.index, new TreeMap<>()).tailMap(seat, true).values().stream()
                .mapToLong(it -> it)
                .reduce(boot.promised, Math::max);
    }

    void sent(SimNode node, Message message) {
        if (!node.honest()) {
            return;
        }
        switch (message) {
            case Message.Votes votes -> votes.votes().forEach(vote -> vote(node, vote));
            case Message.Proposed(Proposal proposal) -> proposal(node, proposal);
            default -> {
                // says nothing that binds
            }
        }
    }

    private void proposal(SimNode node, Proposal proposal) {
        Bytes digest = SignBytes.proposal(
                genesis.chainId(),
                proposal.epoch(),
                proposal.height(),
                proposal.round(),
                proposal.validRound(),
                proposal.outline().id());
        Bytes key = node.boot().orElseThrow().voteKey();
        if (TestKeys.sign(key, digest).equals(proposal.signature())) {
            say(
                    new Place(key, proposal.epoch(), proposal.height(), proposal.round(), "proposal"),
                    proposal.outline().id() + " " + proposal.validRound());
        }
    }

    private void vote(SimNode node, Vote vote) {
        highestRound = Math.max(highestRound, vote.round());
        Bytes key = node.boot().orElseThrow().voteKey();
        if (vote.slot() != node.slot()
                || !TestKeys.sign(key, vote.digest(genesis.chainId())).equals(vote.signature())) {
            return; // passed on
        }
        say(
                new Place(
                        key,
                        vote.epoch(),
                        vote.height(),
                        vote.round(),
                        vote.type().toString()),
                vote.blockId().toString());
        Boot boot = boots.get(node);
        if (vote.type() == VoteType.PRECOMMIT) {
            require(boot.logged.contains(vote), node + " sent a precommit that is not in its log");
        }
        if (boot.votes.contains(vote)) {
            return; // repeated
        }
        if (vote.type() == VoteType.PRECOMMIT) {
            require(node.disk().unsynced() == 0, node + " sent a precommit that is not durable");
            require(
                    node.disk().height() >= vote.height() - 1 || boot.decided.contains(vote.height() - 1),
                    node + " precommitted at height " + vote.height() + " and may forget the block before");
        }
        if (vote.basis() >= 0) {
            justified(node, vote);
        }
        long promised = promised(node, boot, vote.height());
        require(vote.epoch() >= promised, node + " voted in epoch " + vote.epoch() + ", promised was " + promised);
        boot.votes.removeIf(it -> it.height() < vote.height());
        boot.logged.removeIf(it -> it.height() < vote.height());
        for (Vote other : boot.votes) {
            boolean same = other.epoch() == vote.epoch() && other.height() == vote.height();
            require(
                    !same || !(Evidence.ForgottenLock.holds(other, vote) || Evidence.ForgottenLock.holds(vote, other)),
                    node + " voted against its lock at height " + vote.height());
        }
        boot.votes.add(vote);
    }

    /** Everything that anybody sends, liars included. */
    void heard(Message message) {
        if (message instanceof Message.Votes votes) {
            for (Vote vote : votes.votes()) {
                if (vote.type() == VoteType.PREVOTE && vote.blockId().isPresent()) {
                    prevotes.computeIfAbsent(
                                    new Polled(
                                            vote.epoch(),
                                            vote.height(),
                                            vote.round(),
                                            vote.blockId().get()),
                                    p -> new HashSet<>())
                            .add(vote.slot());
                }
            }
        }
    }

    /** A prevote that rests on a round needs the polka of that round for its value. */
    private void justified(SimNode node, Vote vote) {
        ValidatorSet set = named.get(vote.height());
        if (set == null) {
            return;
        }
        long weight = prevotes
                .getOrDefault(
                        new Polled(
                                vote.epoch(),
                                vote.height(),
                                vote.basis(),
                                vote.blockId().orElseThrow()),
                        Set.of())
                .stream()
                .flatMap(slot -> set.bySlot(slot).stream())
                .mapToLong(v -> v.weight())
                .sum();
        require(
                weight > Math.floorDiv(2 * set.totalWeight(), 3),
                node + " prevoted on a polka that nobody can have at height " + vote.height());
    }

    private void say(Place place, String what) {
        String before = said.putIfAbsent(place, what);
        require(before == null || before.equals(what), "said twice: " + place + ": " + before + " and " + what);
    }

    /** A node found or was shown that somebody contradicted himself. */
    void convicted(SimNode node, Evidence evidence, Set<Integer> liars) {
        require(
                liars.contains(evidence.slot() - 1),
                "slot " + evidence.slot() + " is convicted at " + node + " and never lied");
    }

    void decided(SimNode node, Block block, Certificate certificate) {
        if (!node.honest()) {
            return;
        }
        long height = block.height();
        Bytes id = block.id();
        Bytes before = decided.putIfAbsent(height, id);
        require(before == null || before.equals(id), "two blocks decided at height " + height);
        certified(block, certificate);
        node.application()
                .ifPresent(it -> require(
                        it.root().equals(block.header().stateRoot()),
                        node + " has another state than the header of height " + height));
        if (before != null) {
            return;
        }
        heights++;
        highest = Math.max(highest, height);
        Header header = block.header();
        headers.put(height, header);
        Header last = headers.get(height - 1);
        require(
                header.parent().equals(height == 1 ? genesis.id() : decided.get(height - 1)),
                "height " + height + " has another parent");
        require(last == null || header.timeMillis() > last.timeMillis(), "time does not rise at height " + height);
        require(last == null || header.epoch() >= last.epoch(), "the epoch falls at height " + height);
        require(header.chainId().equals(genesis.chainId()), "height " + height + " is of another chain");
        block.lastCommit().ifPresent(it -> commits(block, it.certificate(), last));
        require(block.lastCommit().isPresent() == (height > 1), "height " + height + " proves its parent or not");
        for (Bytes transaction : block.transactions()) {
            require(
                    submitted.contains(transaction) || isRekey(transaction),
                    "height " + height + " holds what nobody submitted");
        }
        if (last != null && header.epoch() > last.epoch()) {
            epochs++;
        }
        node.application().ifPresent(it -> named.put(height + 1, it.validators()));
        forget();
    }

    /** The commit in a block is of its parent, by two thirds. */
    private void commits(Block block, Certificate commit, Header last) {
        ValidatorSet set = named.get(block.height() - 1);
        if (set == null || last == null) {
            return;
        }
        long weight = commit.signatures().stream()
                .flatMap(it -> set.bySlot(it.slot()).stream())
                .mapToLong(v -> v.weight())
                .sum();
        boolean genuine = commit.epoch() != last.epoch() || last.opens() || genuine(commit, set);
        require(
                commit.blockId().equals(last.id()) && weight > Math.floorDiv(2 * set.totalWeight(), 3) && genuine,
                "height " + block.height() + " carries a commit that proves nothing");
    }

    private boolean genuine(Certificate commit, ValidatorSet set) {
        return commit.signatures().stream()
                .allMatch(signature -> new Vote(
                                VoteType.PRECOMMIT,
                                commit.epoch(),
                                commit.height(),
                                commit.round(),
                                Optional.of(commit.blockId()),
                                -1,
                                signature.slot(),
                                Optional.empty(),
                                signature.signature())
                        .isGenuine(genesis.chainId(), set, TestKeys.CHECK));
    }

    private static boolean isRekey(Bytes transaction) {
        return transaction.asUtf8().startsWith("rekey:");
    }

    /** Counts the certificate again, with the set that this observer derived. */
    private void certified(Block block, Certificate certificate) {
        long height = block.height();
        ValidatorSet set = named.get(height);
        if (set == null) {
            return; // so far back that it was counted and forgotten
        }
        Header header = block.header();
        Optional<List<KeyClaim>> claims = block.opening().map(it -> it.claims());
        ValidatorSet voters =
                claims.map(it -> KeyClaim.replaced(set, it).orElseThrow()).orElse(set);
        require(voters.hash().equals(header.validatorsHash()), "height " + height + " is of other validators");
        Set<Integer> slots = new HashSet<>();
        certificate.signatures().stream().map(CommitSignature::slot).forEach(slots::add);
        long weight = slots.stream()
                .flatMap(slot -> voters.bySlot(slot).stream())
                .mapToLong(v -> v.weight())
                .sum();
        require(
                weight > Math.floorDiv(2 * voters.totalWeight(), 3)
                        && certificate.blockId().equals(block.id()),
                "height " + height + " has no certificate of two thirds");
        require(certificate.epoch() >= header.epoch(), "height " + height + " has a certificate of an earlier epoch");
        if (certificate.epoch() == header.epoch()) {
            for (CommitSignature signature : certificate.signatures()) {
                Vote vote = new Vote(
                        VoteType.PRECOMMIT,
                        certificate.epoch(),
                        height,
                        certificate.round(),
                        Optional.of(block.id()),
                        -1,
                        signature.slot(),
                        Optional.empty(),
                        signature.signature());
                require(
                        vote.isGenuine(genesis.chainId(), voters, TestKeys.CHECK),
                        "height " + height + " has a certificate with a forged signature");
            }
        }
    }

    /** What lies far back cannot be contradicted any more by what is sent; decided ids are kept for good. */
    private void forget() {
        if (highest - forgotten > 2L * KEPT_HEIGHTS) {
            forgotten = highest - KEPT_HEIGHTS;
            said.keySet().removeIf(place -> place.height() < forgotten);
            prevotes.keySet().removeIf(polled -> polled.height() < forgotten);
            named.keySet().removeIf(height -> height < forgotten);
            headers.keySet().removeIf(height -> height < forgotten);
        }
    }
}
