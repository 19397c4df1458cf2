package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.MessageCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * A network of simulated nodes in one thread under a virtual clock. Everything random comes from one seed, so a seed
 * and the parameters repeat a run exactly. Byzantine validators are twins: two machines with one key, each in good
 * faith, that together say two things.
 */
final class SimWorld {
    private record Event(long time, long number, Runnable action) {}

    private final SplittableRandom random;
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            (a, b) -> a.time() != b.time() ? Long.compare(a.time(), b.time()) : Long.compare(a.number(), b.number()));
    private final List<SimNode> nodes = new ArrayList<>();
    private final SimObserver observer;
    private final EngineSettings settings;
    private long now;
    private long eventNumber;
    private int transactions;
    long steps;

    double loss;
    double duplication;
    int maxDelay = 20;
    int[] group;
    boolean healing;

    SimWorld(long seed, List<Long> weights, int byzantine, EngineSettings settings) {
        random = new SplittableRandom(seed);
        this.settings = settings;
        Genesis genesis = TestApplication.genesis("sim", TestKeys.validators(weights));
        observer = new SimObserver(genesis);
        for (int i = 0; i < weights.size(); i++) {
            boolean honest = i >= byzantine;
            for (int copy = 0; copy < (honest ? 1 : 2); copy++) {
                nodes.add(new SimNode(this, genesis, i, copy, honest));
            }
        }
        group = new int[nodes.size()];
    }

    SplittableRandom random() {
        return random;
    }

    long now() {
        return now;
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
        return nodes.stream().filter(node -> node.honest).toList();
    }

    void startAll() {
        nodes.forEach(node -> guard(node, node::start));
    }

    void at(long time, Runnable action) {
        events.add(new Event(time, eventNumber++, action));
    }

    void runUntil(long time) {
        while (!events.isEmpty() && events.peek().time() <= time && observer.violations.isEmpty()) {
            Event event = events.remove();
            now = Math.max(now, event.time());
            steps++;
            event.action().run();
        }
        now = Math.max(now, time);
    }

    /** Runs a node's code; a crash inside switches it off until later, a halt is a violation. */
    void guard(SimNode node, Runnable code) {
        try {
            code.run();
        } catch (SimCrash crash) {
            node.crash();
            restartLater(node, healing ? 100 : random.nextInt(1, 5_000));
            return;
        }
        node.participant
                .flatMap(Participant::halted)
                .filter(cause -> node.honest)
                .ifPresent(cause -> observer.violations.add("node " + node.index + " halted: " + cause));
    }

    void switchOff(SimNode node, int forMillis) {
        if (node.isUp()) {
            node.crash();
            restartLater(node, forMillis);
        }
    }

    private void restartLater(SimNode node, int delay) {
        at(now + delay, () -> {
            if (!node.isUp()) {
                guard(node, node::start);
            }
        });
    }

    void broadcast(SimNode from, Message message) {
        Bytes bytes = MessageCodec.encode(message);
        for (SimNode to : nodes) {
            if (to.index != from.index) {
                transmit(from, to, bytes);
            }
        }
    }

    void send(SimNode from, Bytes toId, Message message) {
        Bytes bytes = MessageCodec.encode(message);
        for (SimNode to : nodes) {
            if (to.index != from.index && to.nodeId().equals(toId)) {
                transmit(from, to, bytes);
            }
        }
    }

    private void transmit(SimNode from, SimNode to, Bytes bytes) {
        if (group[nodes.indexOf(from)] != group[nodes.indexOf(to)] || random.nextDouble() < loss) {
            return;
        }
        deliver(from, to, bytes);
        if (random.nextDouble() < duplication) {
            deliver(from, to, bytes);
        }
    }

    private void deliver(SimNode from, SimNode to, Bytes bytes) {
        Bytes fromId = from.nodeId();
        at(now + random.nextInt(1, maxDelay + 1), () -> {
            if (to.isUp()) {
                guard(to, () -> to.deliver(fromId, MessageCodec.decode(bytes)));
            }
        });
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
