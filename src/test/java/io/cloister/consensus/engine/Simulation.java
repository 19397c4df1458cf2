package io.cloister.consensus.engine;

import io.cloister.consensus.core.Pace;
import io.cloister.consensus.core.Timeouts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** One seeded run: a while of faults, in which nothing bad may happen, then peace, in which something good must. */
final class Simulation {
    private static final long FAULTS_MILLIS = 30_000;
    private static final long PEACE_MILLIS = 60_000;
    private static final int HEIGHTS_IN_PEACE = 3;

    private static final EngineSettings SETTINGS = EngineSettings.DEFAULT
            .withTimeouts(new Timeouts(500, 200, 150, 100, 4_000))
            .withPace(new Pace(50, 2_000, 300, 1_000));

    private final SimWorld world;
    private final SplittableRandom random;

    Simulation(long seed, List<Long> weights, int byzantine) {
        world = new SimWorld(seed, weights, byzantine, SETTINGS);
        random = world.random();
    }

    /** What a run saw. */
    record Outcome(List<String> violations, long heights, long steps, int highestRound) {}

    Outcome run() {
        world.startAll();
        scheduleFaults();
        scheduleTransactions();
        world.runUntil(FAULTS_MILLIS);
        heal();
        long before = world.honest().stream().mapToLong(SimNode::height).max().orElseThrow();
        world.runUntil(FAULTS_MILLIS + PEACE_MILLIS);
        SimObserver observer = world.observer();
        if (observer.violations.isEmpty()) {
            requireProgress(before);
        }
        return new Outcome(observer.violations, observer.heights, world.steps, observer.highestRound);
    }

    private void requireProgress(long before) {
        for (SimNode node : world.honest()) {
            if (node.height() < before + HEIGHTS_IN_PEACE) {
                world.observer()
                        .violations
                        .add("node " + node.index + " is at height " + node.height() + ", it was " + before
                                + " when peace came; round "
                                + node.participant
                                        .map(p -> p.replica().round() + " "
                                                + p.replica().step())
                                        .orElse("none"));
            }
        }
        long top = world.honest().stream().mapToLong(SimNode::height).max().orElseThrow();
        world.honest().stream()
                .filter(node -> node.height() < top - 1)
                .forEach(node -> world.observer().violations.add("node " + node.index + " stays behind"));
    }

    private void scheduleFaults() {
        for (long time = 0; time < FAULTS_MILLIS; time += random.nextInt(200, 3_000)) {
            world.at(time, this::fault);
        }
    }

    private void scheduleTransactions() {
        int gap = random.nextInt(20, 2_000);
        for (long time = 0; time < FAULTS_MILLIS + PEACE_MILLIS / 2; time += 1 + random.nextInt(gap)) {
            world.at(
                    time,
                    () -> world.submit(
                            random.nextInt(20) == 0
                                    ? "boot:"
                                            + (1 + random.nextInt(world.nodes().getLast().index + 1))
                                    : "tx"));
        }
    }

    private void fault() {
        List<SimNode> nodes = world.nodes();
        switch (random.nextInt(9)) {
            case 0 -> world.loss = random.nextInt(4) * 0.15;
            case 1 -> world.duplication = random.nextInt(3) * 0.2;
            case 2 -> world.maxDelay = new int[] {5, 50, 400, 2_000}[random.nextInt(4)];
            case 3 -> partition();
            case 4 -> world.group = new int[nodes.size()];
            case 5 -> world.switchOff(any(), random.nextInt(1, 6_000));
            case 6 ->
                nodes.forEach(node -> {
                    if (random.nextInt(4) == 0) {
                        world.switchOff(node, random.nextInt(1, 3_000));
                    }
                });
            case 7 -> any().crashIn = random.nextInt(30);
            default -> any().skewMillis = random.nextInt(-3_000, 3_000);
        }
        if (random.nextInt(12) == 0) {
            nodes.forEach(node -> world.switchOff(node, random.nextInt(1, 2_000))); // all at once
        }
    }

    private SimNode any() {
        return world.nodes().get(random.nextInt(world.nodes().size()));
    }

    private void partition() {
        int groups = 2 + random.nextInt(2);
        for (int i = 0; i < world.group.length; i++) {
            world.group[i] = random.nextInt(groups);
        }
    }

    private void heal() {
        world.healing = true;
        world.loss = 0;
        world.duplication = 0;
        world.maxDelay = 50;
        world.group = new int[world.nodes().size()];
        boolean silence = random.nextInt(3) == 0; // the equivocators may also leave for good
        List<SimNode> down = new ArrayList<>();
        for (SimNode node : world.nodes()) {
            node.crashIn = -1;
            node.skewMillis = 0;
            if (silence && !node.honest) {
                node.retired = true;
                node.crash();
            }
            if (!node.isUp()) {
                down.add(node);
            }
        }
        down.forEach(node -> world.guard(node, node::start));
    }

    /** Equal weights, or weights of which no Byzantine third is more than a third. */
    static List<Long> weights(int n, int byzantine, long seed) {
        if (seed % 3 != 0) {
            return Collections.nCopies(n, 1L);
        }
        SplittableRandom random = new SplittableRandom(seed ^ 0x5eed);
        List<Long> weights = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            weights.add(i < byzantine ? 2L : random.nextLong(2, 5));
        }
        return weights;
    }
}
