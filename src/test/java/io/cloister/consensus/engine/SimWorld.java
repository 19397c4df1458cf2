package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.MessageCodec;
import io.cloister.consensus.core.Proposal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * A network of simulated nodes in one thread under a virtual clock. Everything random comes from one seed, so a seed
 * and the parameters repeat a run exactly.
 */
final class SimWorld {
    private static final String CHAIN = "sim";

    private record Event(long time, long number, Runnable action) {}

    private final SplittableRandom random;
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            (a, b) -> a.time() != b.time() ? Long.compare(a.time(), b.time()) : Long.compare(a.number(), b.number()));
    private final List<SimNode> nodes = new ArrayList<>();
    private final Map<SimNode, SimLiar> liars = new HashMap<>();
    private final Set<Integer> liarIndexes;
    private final SimObserver observer;
    private final EngineSettings settings;
    private Optional<Proposal> latestProposal = Optional.empty();
    private long now;
    private long eventNumber;
    private int transactions;
    long steps;
    long rollbacksNoticed;

    double loss;
    double duplication;
    int minDelay = 1;
    int maxDelay = 20;
    int[] group;
    boolean[][] cut;
    boolean healing;

    SimWorld(SplittableRandom random, List<Long> weights, List<SimRole> roles, EngineSettings settings) {
        this.random = random;
        this.settings = settings;
        Genesis genesis = SimApplication.genesis(CHAIN, TestKeys.validators(weights));
        observer = new SimObserver(genesis);
        for (int i = 0; i < weights.size(); i++) {
            SimRole role = roles.get(i);
            boolean twins = role == SimRole.BYZANTINE && random.nextInt(2) == 0;
            for (int copy = 0; copy < (twins ? 2 : 1); copy++) {
                SimNode node = new SimNode(this, genesis, i, copy, role);
                nodes.add(node);
                if (role == SimRole.BYZANTINE && !twins) {
                    liars.put(node, new SimLiar(node, this, random.split()));
                }
            }
        }
        liarIndexes =
                nodes.stream().filter(it -> !it.honest()).map(it -> it.index).collect(Collectors.toSet());
        group = new int[nodes.size()];
        cut = new boolean[nodes.size()][nodes.size()];
    }

    /** A second machine of a node, from a copy of its disk. */
    void clone(SimNode original) {
        if (nodes.stream().anyMatch(it -> it.index == original.index && it.copy > 0)) {
            return;
        }
        SimNode clone = new SimNode(this, original.genesis(), original.index, 1, original.role);
        clone.disk(original.disk().copy());
        nodes.add(clone);
        int n = nodes.size();
        int[] groups = Arrays.copyOf(group, n);
        boolean[][] cuts = new boolean[n][n];
        for (int i = 0; i < n - 1; i++) {
            System.arraycopy(cut[i], 0, cuts[i], 0, n - 1);
        }
        group = groups;
        cut = cuts;
        guard(clone, clone::start);
    }

    String chainId() {
        return CHAIN;
    }

    SplittableRandom random() {
        return random;
    }

    long now() {
        return now;
    }

    long storeDelay() {
        return random.nextInt(1, 30);
    }

    EngineSettings settings() {
        return settings;
    }

    SimObserver observer() {
        return observer;
    }

    List<SimNode> nodes() {
        return nodes;
    }

    List<SimNode> honest() {
        return nodes.stream().filter(it -> it.honest() && it.copy == 0).toList();
    }

    Iterable<SimLiar> liars() {
        return liars.values();
    }

    Optional<Proposal> latestProposal() {
        return latestProposal;
    }

    void rollbackNoticed(SimNode node) {
        rollbacksNoticed++;
    }

    void at(long time, Runnable action) {
        events.add(new Event(Math.max(time, now), eventNumber++, action));
    }

    void startAll() {
        List.copyOf(nodes).forEach(node -> guard(node, node::start));
    }

    /** Runs until a time, or until something happened that must not. */
    void runUntil(long time) {
        while (observer.violations().isEmpty()
                && !events.isEmpty()
                && events.peek().time() <= time) {
            Event event = events.remove();
            now = event.time();
            steps++;
            event.action().run();
        }
        now = Math.max(now, time);
    }

    /** Does something on a node; a crash in the middle of it switches the node off. */
    void guard(SimNode node, Runnable action) {
        try {
            action.run();
            node.participant.ifPresent(it -> check(node, it));
        } catch (SimDiskFull e) {
            restart(node); // while it was starting
        } catch (SimCrash e) {
            int survivors =
                    node.disk().unsynced() == 0 ? 0 : random.nextInt(node.disk().unsynced() + 1);
            node.crash(survivors);
            restartLater(node, healing ? 1 : random.nextInt(1, 5_000));
        } catch (IllegalStateException e) {
            observer.violated(node + " failed: " + e.getMessage());
        }
    }

    private void restart(SimNode node) {
        node.crash(0);
        restartLater(node, healing ? 1 : random.nextInt(1, 5_000));
    }

    private void check(SimNode node, Participant participant) {
        if (participant.halted().isPresent() && node.honest()) {
            String cause = participant.halted().get();
            if (cause.contains(SimDiskFull.TEXT)) {
                restart(node);
            } else {
                observer.violated(node + " halted: " + cause);
            }
            return;
        }
        if (node.honest()) {
            List<Evidence> evidence = participant.evidence();
            if (!evidence.isEmpty()) {
                observer.convicted(node, evidence.getLast(), liarIndexes);
            }
        }
    }

    void switchOff(SimNode node, int forMillis) {
        if (node.isUp()) {
            node.crash(0);
            restartLater(node, forMillis);
        }
    }

    private void restartLater(SimNode node, int delay) {
        int of = node.incarnation;
        at(now + delay, () -> {
            if (!node.isUp() && node.incarnation == of) {
                guard(node, node::start);
            }
        });
    }

    void broadcast(SimNode from, Message message) {
        if (message instanceof Message.Proposed(Proposal proposal)) {
            latestProposal = Optional.of(proposal);
        }
        SimLiar liar = liars.get(from);
        observer.heard(message);
        Bytes bytes = liar == null ? MessageCodec.encode(message) : Bytes.EMPTY;
        for (SimNode to : List.copyOf(nodes)) {
            if (to.index != from.index) {
                if (liar == null) {
                    transmit(from, to, bytes);
                } else {
                    liar.instead(to, message).forEach(it -> lie(from, to, it));
                }
            }
        }
    }

    void send(SimNode from, Bytes toId, Message message) {
        SimLiar liar = liars.get(from);
        for (SimNode to : List.copyOf(nodes)) {
            if (to.index != from.index && to.nodeId().equals(toId)) {
                List<Message> sent = liar == null ? List.of(message) : liar.instead(to, message);
                sent.forEach(it -> lie(from, to, it));
            }
        }
    }

    private void lie(SimNode from, SimNode to, Message message) {
        observer.heard(message);
        transmit(from, to, MessageCodec.encode(message));
    }

    void sendLater(SimNode from, SimNode to, Message message, int delay) {
        Bytes bytes = MessageCodec.encode(message);
        at(now + delay, () -> transmit(from, to, bytes));
    }

    private void transmit(SimNode from, SimNode to, Bytes bytes) {
        int one = nodes.indexOf(from);
        int other = nodes.indexOf(to);
        if (group[one] != group[other] || cut[one][other] || (loss > 0 && random.nextDouble() < loss)) {
            return;
        }
        deliver(from, to, bytes);
        if (duplication > 0 && random.nextDouble() < duplication) {
            deliver(from, to, bytes);
        }
    }

    private void deliver(SimNode from, SimNode to, Bytes bytes) {
        Bytes fromId = from.nodeId();
        at(now + random.nextInt(minDelay, maxDelay + 1) + from.slowMillis + to.slowMillis, () -> {
            if (to.isUp()) {
                guard(to, () -> receive(to, fromId, bytes));
            }
        });
    }

    private static void receive(SimNode to, Bytes from, Bytes bytes) {
        Message message;
        try {
            message = MessageCodec.decode(bytes);
        } catch (CodecException e) {
            to.participant.orElseThrow().malformed(from);
            return;
        }
        to.deliver(from, message);
    }

    void submit(String text) {
        List<SimNode> up = nodes.stream().filter(SimNode::isUp).toList();
        if (!up.isEmpty()) {
            Bytes transaction = Bytes.utf8(text + ":" + transactions++);
            observer.submitted(transaction);
            SimNode node = up.get(random.nextInt(up.size()));
            guard(node, () -> node.submit(transaction));
        }
    }
}
