package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.consensus.core.Pace;
import io.cloister.consensus.core.Snapshots;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ten thousand heights under the virtual clock, with the settings of a node: production engines, codecs and sync. */
class LateJoinTest {
    private static final Logger LOG = Logger.getLogger("io.cloister.consensus");
    private static final long MINUTE = 60_000;

    private final SimWorld world = new SimWorld(
            new SplittableRandom(10_000),
            List.of(1L, 1L, 1L, 1L),
            Collections.nCopies(4, SimRole.HONEST),
            SimParameters.SETTINGS.withPace(new Pace(1, 0, 20, 300, 1_000)).withSnapshots(Snapshots.DEFAULT));

    @BeforeEach
    void quiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterEach
    void loud() {
        LOG.setLevel(Level.INFO);
    }

    private void runWhileBelow(long height, SimNode... nodes) {
        long until = world.now() + 600 * MINUTE;
        while (world.now() < until && List.of(nodes).stream().anyMatch(it -> it.height() < height)) {
            world.runUntil(world.now() + 1_000);
            assertThat(world.observer().violations()).isEmpty();
        }
        assertThat(nodes).allSatisfy(it -> assertThat(it.height()).isGreaterThanOrEqualTo(height));
    }

    @Test
    void aNodeThatJoinsAtHeightTenThousandCatchesUpBySnapshotAndVotes() {
        List<SimNode> nodes = world.nodes();
        SimNode late = nodes.get(3);
        for (SimNode early : nodes.subList(0, 3)) {
            world.guard(early, early::start);
        }
        runWhileBelow(10_000, nodes.get(0));
        world.guard(late, late::start);
        long joined = world.now();
        runWhileBelow(nodes.get(0).height(), late);
        assertThat(late.disk().base()).as("the first block that it has").isGreaterThan(8_000);
        assertThat(world.now() - joined).as("virtual time").isLessThan(2 * MINUTE);
        nodes.get(0).crash(0); // now its vote is needed
        runWhileBelow(late.height() + 10, nodes.get(1), nodes.get(2), late);
    }
}
