package io.cloister.consensus.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.ingress.IngressClient.Standing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What may happen to machines happens to four processes under load. Nobody helps them but that who was killed is started
 * again. Afterwards all have the same state, and every request that was acknowledged was executed exactly once.
 * {@code -Dcloister.budget} gives the random kills so many seconds.
 */
@Timeout(600)
class FaultTest {
    private static final int NODES = 4;
    private static final int CLIENTS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String HOUR = String.valueOf(Duration.ofHours(1).toMillis());

    @TempDir
    static Path folder;

    private static Replicas replicas;
    private static Links links;

    private final Random random = new Random();

    @BeforeAll
    static void start() throws IOException {
        replicas = Replicas.prepare(folder, NODES)
                .setAll("pace.empty", "1000")
                .setAll("pace.tick", "200")
                .option("-XX:TieredStopAtLevel=1");
        links = new Links(replicas);
        replicas.startAll();
    }

    @AfterAll
    static void stop() {
        replicas.close();
        links.close();
    }

    private interface Disaster {
        void strike() throws Exception;
    }

    private void underLoad(String name, Disaster disaster) throws Exception {
        long begun = System.nanoTime();
        StubbornLoad load = new StubbornLoad(replicas, CLIENTS);
        try {
            progress(all());
            disaster.strike();
            progress(all());
        } catch (Exception | AssertionError e) {
            printLogs();
            throw e;
        } finally {
            links.heal();
            load.stop();
        }
        allAgreeOn(load);
        System.out.printf(
                "%s: %d requests in %.1f s, epoch %d%n",
                name,
                load.total(),
                (System.nanoTime() - begun) / 1e9,
                replicas.figures(1).get("epoch"));
    }

    private static void printLogs() throws InterruptedException {
        for (int slot : all()) {
            replicas.say(slot, "status");
            Thread.sleep(300);
            List<String> lines = replicas.read(slot).lines().toList();
            System.out.println("-- replica " + slot);
            lines.subList(Math.max(0, lines.size() - 20), lines.size()).forEach(System.out::println);
        }
    }

    private static Set<Integer> all() {
        return Set.of(1, 2, 3, 4);
    }

    /** All of these decide three more blocks. */
    private static void progress(Set<Integer> slots) {
        long height = slots.stream()
                .mapToLong(slot -> replicas.standing(slot, 0).height())
                .max()
                .orElseThrow();
        slots.forEach(slot -> replicas.awaitHeight(slot, height + 3, PATIENCE));
    }

    private static void allAgreeOn(StubbornLoad load) throws IOException {
        long height = all().stream()
                .mapToLong(slot -> replicas.standing(slot, 0).height())
                .max()
                .orElseThrow();
        Set<Bytes> roots = new HashSet<>();
        for (int slot : all()) {
            replicas.awaitHeight(slot, height, PATIENCE);
            Standing standing = replicas.standing(slot, height);
            assertThat(standing.halted()).isEmpty();
            roots.add(standing.stateRoot().orElseThrow());
        }
        assertThat(roots).hasSize(1);
        assertThat(load.unproven()).isEmpty();
        for (int slot : all()) {
            Map<String, Long> figures = replicas.figures(slot);
            assertThat(figures).containsEntry("count", figures.get("sum")).containsEntry("evidence", 0L);
            load.acknowledged().forEach((key, last) -> assertThat(figures).containsEntry(key.toHex(), last.get()));
        }
    }

    private void killForAWhile(int... slots) throws InterruptedException {
        for (int slot : slots) {
            replicas.kill(slot);
        }
        Thread.sleep(random.nextInt(500));
        for (int slot : slots) {
            replicas.launch(slot);
        }
        for (int slot : slots) {
            replicas.awaitReady(slot);
        }
    }

    @Test
    void anyNodeMayBeKilledAtAnyMoment() throws Exception {
        long until = System.nanoTime() + Integer.getInteger("cloister.budget", 10) * 1_000_000_000L;
        int[] kills = new int[1];
        underLoad("kills of random nodes", () -> {
            while (System.nanoTime() < until) {
                Thread.sleep(random.nextInt(1_000));
                int slot = 1 + random.nextInt(NODES);
                if (random.nextInt(4) == 0) {
                    killForAWhile(slot, slot % NODES + 1);
                    kills[0]++;
                } else {
                    killForAWhile(slot);
                }
                kills[0]++;
            }
        });
        System.out.println("killed " + kills[0]);
    }

    @Test
    void allMayBeKilledAtOnce() throws Exception {
        underLoad("kills of all", () -> {
            killForAWhile(IntStream.rangeClosed(1, NODES).toArray());
            progress(all());
            replicas.kill(2);
            killForAWhile(IntStream.of(1, 3, 4).toArray()); // a quorum of those that come back is enough
            progress(Set.of(1, 3, 4));
            replicas.start(2);
        });
    }

    @Test
    void theMajorityGoesOnWithoutWhoIsCutOffAndNobodyDoesWithoutAMajority() throws Exception {
        underLoad("partitions", () -> {
            int lonely = 1 + random.nextInt(NODES);
            links.cutOff(Set.of(lonely));
            Set<Integer> others = new HashSet<>(all());
            others.remove(lonely);
            progress(others);
            links.heal();
            progress(all());
            links.cutOff(Set.of(1, 2));
            Thread.sleep(3_000);
            links.heal();
        });
    }

    @Test
    void aNewBootIsNeededAtOnceWhenAnotherIsCutOff() throws Exception {
        underLoad("a kill and a cut", () -> {
            int killed = 1 + random.nextInt(NODES);
            int lonely = killed % NODES + 1;
            killForAWhile(killed);
            links.cutOff(Set.of(lonely));
            Set<Integer> others = new HashSet<>(all());
            others.remove(lonely);
            progress(others);
            links.heal();
        });
    }

    @Test
    void aNodeWithoutDiskSpaceStopsAndComesBackWhenThereIsSome() throws Exception {
        underLoad("a full disk", () -> {
            limitFiles(3, "1024");
            Replicas.await(
                    "replica 3 halts",
                    PATIENCE,
                    () -> replicas.standing(3, 0).halted().isPresent());
            progress(Set.of(1, 2, 4));
            killForAWhile(3);
        });
    }

    /** No write beyond this offset of any file succeeds: what a full disk does, without one. */
    private static void limitFiles(int slot, String bytes) throws Exception {
        Process limit = new ProcessBuilder(
                        List.of("prlimit", "--pid", String.valueOf(replicas.pid(slot)), "--fsize=" + bytes + ":"))
                .inheritIO()
                .start();
        assertThat(limit.waitFor()).isZero();
    }

    @Test
    void aClockMayJump() throws Exception {
        underLoad("jumps of clocks", () -> {
            replicas.say(2, "clock " + HOUR);
            progress(all());
            replicas.say(2, "clock -" + HOUR);
            progress(all());
            replicas.say(3, "clock -" + HOUR);
            Thread.sleep(3_000);
            replicas.say(3, "clock 0");
            replicas.say(2, "clock 0");
            progress(all());
            replicas.set(4, "clock.offset", HOUR);
            killForAWhile(4);
            progress(all());
            replicas.set(4, "clock.offset", "0");
            killForAWhile(4);
        });
    }

    @Test
    void anOldDiskIsNoticedAndItsNodeNeverVotesTwice() throws Exception {
        underLoad("an old disk", () -> {
            replicas.kill(1);
            replicas.backUp(1);
            replicas.start(1);
            progress(all());
            replicas.kill(1);
            replicas.restore(1);
            replicas.launch(1);
            Replicas.await("replica 1 notices", PATIENCE, () -> replicas.read(1).contains("rollback detected"));
            replicas.awaitHeight(1, replicas.standing(2, 0).height() + 3, PATIENCE);
        });
    }
}
