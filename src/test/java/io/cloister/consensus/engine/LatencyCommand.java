package io.cloister.consensus.engine;

import io.cloister.consensus.core.Pace;
import io.cloister.consensus.core.Proposal;
import io.cloister.consensus.core.Timeouts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * How many one-way delays after a proposal has left the nodes decide, when every message takes 50 ms and nothing fails.
 * Three is the protocol's floor: proposal, prevote, precommit. Virtual time; processors cost nothing here.
 */
public final class LatencyCommand {
    private static final Logger LOG = Logger.getLogger("io.cloister.consensus");
    private static final int ONE_WAY_MILLIS = 50;
    private static final int HEIGHTS = 30;

    private LatencyCommand() {}

    /** @param arguments sizes of committees; 4, 31 and 100 without any */
    public static void main(String[] arguments) {
        LOG.setLevel(Level.OFF);
        List<Integer> sizes = new ArrayList<>();
        try {
            for (String each : arguments.length == 0 ? new String[] {"4", "31", "100"} : arguments) {
                sizes.add(Integer.parseInt(each));
            }
        } catch (NumberFormatException e) {
            System.err.println("usage: ./cloister sim latency [VALIDATORS ...]");
            System.exit(2);
        }
        for (int size : sizes) {
            List<Double> delays = delays(size);
            Collections.sort(delays);
            System.out.printf(
                    "%3d validators: median %.2f one-way delays, 99%% %.2f, over %d decisions%n",
                    size, delays.get(delays.size() / 2), delays.get(delays.size() * 99 / 100), delays.size());
        }
    }

    private static List<Double> delays(int size) {
        SimWorld world = new SimWorld(
                new SplittableRandom(size),
                Collections.nCopies(size, 1L),
                Collections.nCopies(size, SimRole.HONEST),
                SimParameters.SETTINGS.withTimeouts(Timeouts.DEFAULT).withPace(new Pace(100, 25, 2_000, 500, 3_000)));
        world.minDelay = ONE_WAY_MILLIS;
        world.maxDelay = ONE_WAY_MILLIS;
        world.startAll();
        Map<Long, Long> left = new HashMap<>();
        Map<SimNode, Long> heights = new HashMap<>();
        List<Double> delays = new ArrayList<>();
        for (long now = 1; delays.size() < HEIGHTS * size; now++) {
            if (now % 40 == 0) {
                world.submit("tx");
            }
            world.runUntil(now);
            long at = now;
            world.latestProposal()
                    .filter(it -> it.round() == 0)
                    .map(Proposal::height)
                    .ifPresent(it -> left.putIfAbsent(it, at));
            for (SimNode node : world.nodes()) {
                long height = node.height();
                if (height > heights.getOrDefault(node, 0L)) {
                    heights.put(node, height);
                    delays.add((at - left.get(height)) / (double) ONE_WAY_MILLIS);
                }
            }
            if (!world.observer().violations().isEmpty()) {
                throw new IllegalStateException(world.observer().violations().getFirst());
            }
        }
        return delays;
    }
}
