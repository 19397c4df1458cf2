package io.cloister.consensus.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** One seeded run: a while of faults, in which nothing bad may happen, then peace, in which something good must. */
final class SimRun {
    private static final int HEIGHTS_IN_PEACE = 3;

    private final SimParameters parameters;
    private final List<SimFault> faults;
    private final SimWorld world;
    private final SplittableRandom random;
    private final Map<Integer, List<SimDisk>> oldDisks = new HashMap<>();

    SimRun(SimParameters parameters) {
        this.parameters = parameters;
        SplittableRandom root = new SplittableRandom(parameters.seed());
        SplittableRandom setup = root.split();
        faults = new ArrayList<>(SimFault.draw(root.split(), parameters.faultsMillis()));
        random = root.split();
        faults.addAll(SimFault.seats(root.split(), parameters.faultsMillis(), faults.size()));
        List<SimRole> roles = roles(setup, parameters.nodes());
        world = new SimWorld(random, parameters.weights(setup, roles), roles, SimParameters.SETTINGS);
    }

    /**
     * What a run saw.
     *
     * @param epochs how many recoveries opened an epoch
     */
    record Outcome(
            List<String> violations,
            long heights,
            long steps,
            int highestRound,
            long epochs,
            long rollbacksNoticed,
            List<SimFault> faults) {}

    /** Up to f nodes are not what they should be: liars, or on the disks of a host that turns them back. */
    private static List<SimRole> roles(SplittableRandom random, int nodes) {
        int faulty = (nodes - 1) / 3;
        List<SimRole> roles = new ArrayList<>(Collections.nCopies(nodes, SimRole.HONEST));
        int bad = random.nextInt(8) == 0 ? 0 : faulty;
        for (int i = 0; i < bad; i++) {
            roles.set(i, random.nextInt(2) == 0 ? SimRole.BYZANTINE : SimRole.REWOUND);
        }
        return roles;
    }

    Outcome run() {
        world.startAll();
        for (SimFault fault : faults) {
            if (parameters.kept().isEmpty() || parameters.kept().contains(fault.number())) {
                world.at(fault.atMillis(), () -> happen(fault));
            }
        }
        scheduleTransactions();
        scheduleCopies();
        world.runUntil(parameters.faultsMillis());
        heal();
        long before = highest();
        world.runUntil(parameters.faultsMillis() + SimParameters.peaceMillis());
        SimObserver observer = world.observer();
        if (observer.violations().isEmpty()) {
            requireProgress(before);
        }
        return new Outcome(
                observer.violations(),
                observer.heights,
                world.steps,
                observer.highestRound,
                observer.epochs,
                world.rollbacksNoticed,
                faults);
    }

    private long highest() {
        return world.honest().stream().mapToLong(SimNode::height).max().orElseThrow();
    }

    private void requireProgress(long before) {
        long top = highest();
        for (SimNode node : world.honest()) {
            if (node.height() < before + HEIGHTS_IN_PEACE || node.height() < top - 2) {
                world.observer().violated(stuck(node, before, top) + others());
            }
        }
    }

    private String others() {
        StringBuilder all = new StringBuilder();
        for (SimNode node : world.nodes()) {
            all.append("; ")
                    .append(node)
                    .append(' ')
                    .append(node.role)
                    .append(" h")
                    .append(node.height());
            node.participant.ifPresent(it -> all.append(" e")
                    .append(it.replica().epoch())
                    .append(' ')
                    .append(it.replica().round())
                    .append(it.replica().step())
                    .append(' ')
                    .append(it.replica().recovery())
                    .append(it.replica().context().self().isPresent() ? " seated" : " unseated"));
        }
        return all.toString();
    }

    private static String stuck(SimNode node, long before, long top) {
        String where = node.participant
                .map(it -> "epoch " + it.replica().epoch() + " round "
                        + it.replica().round() + " "
                        + it.replica().step() + ", " + it.replica().recovery() + ", seated "
                        + it.replica().context().self().isPresent())
                .orElse("off");
        return node + " does not go on: height " + node.height() + ", it was " + before
                + " when peace came, the highest is " + top + "; " + where;
    }

    private void scheduleTransactions() {
        int gap = random.nextInt(20, 2_000);
        long until = parameters.faultsMillis() + SimParameters.peaceMillis() / 2;
        for (long time = 0; time < until; time += 1 + random.nextInt(gap)) {
            world.at(time, () -> world.submit("tx"));
        }
    }

    /** The host of a node that will be turned back keeps copies of its disk. */
    private void scheduleCopies() {
        for (SimNode node : List.copyOf(world.nodes())) {
            if (node.role == SimRole.REWOUND) {
                for (long time = 0; time < parameters.faultsMillis(); time += random.nextInt(500, 20_000)) {
                    world.at(
                            time,
                            () -> oldDisks.computeIfAbsent(node.index, i -> new ArrayList<>())
                                    .add(node.disk().copy()));
                }
            }
        }
        for (long time = 0; time < parameters.faultsMillis(); time += 3_000) {
            world.at(time, () -> world.liars().forEach(SimLiar::changeScript));
        }
    }

    private void happen(SimFault fault) {
        SplittableRandom choice = new SplittableRandom(fault.seed());
        List<SimNode> nodes = world.nodes();
        SimNode any = nodes.get(choice.nextInt(nodes.size()));
        switch (fault.kind()) {
            case LOSS -> world.loss = choice.nextInt(4) * 0.15;
            case DUPLICATION -> world.duplication = choice.nextInt(3) * 0.2;
            case DELAY -> world.maxDelay = new int[] {5, 50, 400, 2_000}[choice.nextInt(4)];
            case PARTITION -> partition(choice, 2 + choice.nextInt(2));
            case HALVES -> halves(choice);
            case ASYMMETRIC_PARTITION -> {
                int from = choice.nextInt(nodes.size());
                for (int to = 0; to < nodes.size(); to++) {
                    world.cut[from][to] = choice.nextBoolean();
                }
            }
            case HEAL_LINKS -> healLinks();
            case SLOW_NODE -> any.slowMillis = choice.nextInt(3) * 150;
            case SWITCH_OFF -> world.switchOff(any, choice.nextInt(1, 6_000));
            case SWITCH_OFF_SOME ->
                nodes.forEach(node -> {
                    if (choice.nextInt(3) == 0) {
                        world.switchOff(node, choice.nextInt(1, 3_000));
                    }
                });
            case SWITCH_OFF_ALL -> nodes.forEach(node -> world.switchOff(node, choice.nextInt(1, 2_000)));
            case POWER_CUT_IN_MID_STEP -> any.crashIn = choice.nextInt(30);
            case DISK_FULL -> any.fullIn = choice.nextInt(10);
            case CLOCK_SKEW -> any.skewMillis = choice.nextInt(-3_000, 3_000);
            case CLOCK_BACK -> any.skewMillis -= choice.nextInt(1, 60_000);
            case ROLLBACK -> rewind(any, choice);
            case CLONE -> {
                if (any.role == SimRole.REWOUND && any.copy == 0) {
                    world.clone(any);
                }
            }
            case WEIGHT -> {
                long weight = 2 + choice.nextInt(3);
                if (any.role == SimRole.HONEST) {
                    world.submit("weight:" + any.slot() + ":" + weight);
                }
            }
            case OUT -> out(any);
            case IN -> world.submit("in:" + any.slot());
            case WIPE -> {
                if (any.role == SimRole.REWOUND) {
                    world.switchOff(any, choice.nextInt(1, 3_000));
                    any.disk(new SimDisk());
                }
            }
        }
    }

    /** Faulty nodes stay less than a third of those who are left: a sound one goes only when there are none. */
    private void out(SimNode node) {
        boolean allSound = world.nodes().stream().allMatch(it -> it.role == SimRole.HONEST);
        if (node.role != SimRole.HONEST || allSound) {
            world.submit("out:" + node.slot());
        }
    }

    private void rewind(SimNode node, SplittableRandom choice) {
        List<SimDisk> old = oldDisks.getOrDefault(node.index, List.of());
        if (!old.isEmpty() && node.role == SimRole.REWOUND) {
            world.switchOff(node, choice.nextInt(1, 3_000));
            node.disk(old.get(choice.nextInt(old.size())).copy());
        }
    }

    private void partition(SplittableRandom choice, int groups) {
        for (int i = 0; i < world.group.length; i++) {
            world.group[i] = choice.nextInt(groups);
        }
    }

    /** Two parts, of which the larger one is just no quorum. */
    private void halves(SplittableRandom choice) {
        int large = 2 * parameters.nodes() / 3;
        int from = choice.nextInt(parameters.nodes());
        for (int i = 0; i < world.group.length; i++) {
            int place = (world.nodes().get(i).index + from) % parameters.nodes();
            world.group[i] = place < large ? 0 : 1;
        }
    }

    private void healLinks() {
        world.loss = 0;
        world.duplication = 0;
        world.maxDelay = 50;
        world.group = new int[world.nodes().size()];
        world.cut = new boolean[world.nodes().size()][world.nodes().size()];
    }

    private void heal() {
        world.healing = true;
        healLinks();
        boolean silence = random.nextInt(3) == 0; // the liars may also leave for good
        List<SimNode> down = new ArrayList<>();
        for (SimNode node : world.nodes()) {
            node.crashIn = -1;
            node.fullIn = -1;
            node.skewMillis = 0;
            node.slowMillis = 0;
            boolean leaves = node.copy > 0 || (silence && !node.honest());
            if (leaves) {
                node.retired = true;
                node.crash(0);
            }
            if (!node.isUp()) {
                down.add(node);
            }
        }
        down.forEach(node -> world.guard(node, node::start));
    }
}
