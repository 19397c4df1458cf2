package io.cloister.attestation.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Changed inputs for every decoder and verifier of attestation: each ends in a value, a verdict or a typed error within
 * bounded time and memory. Each input has a number, from which it is made; a failure names it, and {@code
 * -Dcloister.seed=NUMBER -Dcloister.budget=0} begins with it again. {@code cloister.budget} gives the seconds.
 */
class AttestationFuzzCampaignTest {
    private static final int DEFAULT_SECONDS = 10;
    private static final int LEAST_EACH = 40;
    private static final long MAX_NANOS = 2_000_000_000L;
    private static final long MAX_ALLOCATED = 64L << 20;
    private static final long HANGS_AFTER_SECONDS = 60;
    private static final int SHOWN = 4096;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final List<FuzzTarget> targets = FuzzTargets.all();
    private final Map<String, Covered> covered = new TreeMap<>();
    private volatile String current = "nothing yet";
    private volatile long began = System.nanoTime();

    /** What came of a target's inputs. */
    private static final class Covered {
        private final Map<String, Integer> endings = new TreeMap<>();
        private int inputs;
        private long worstNanos;
        private long worstBytes;

        @Override
        public String toString() {
            return "%d inputs, worst %.1f ms and %d KiB, %s"
                    .formatted(inputs, worstNanos / 1e6, worstBytes >> 10, endings);
        }
    }

    @Test
    void everyInputEndsInAnAnswerWithinItsBounds() throws InterruptedException {
        List<Throwable> failures = new ArrayList<>();
        Thread campaign = Thread.ofPlatform().start(() -> {
            try {
                run();
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
        });
        while (!campaign.join(Duration.ofSeconds(1))) {
            if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(HANGS_AFTER_SECONDS)) {
                AssertionError hangs = new AssertionError("no end of " + current);
                hangs.setStackTrace(campaign.getStackTrace());
                throw hangs;
            }
        }
        if (!failures.isEmpty()) {
            throw new AssertionError(failures.getFirst().getMessage(), failures.getFirst());
        }
        assertThat(covered).hasSameSizeAs(targets);
        covered.forEach((name, what) -> assertThat(what.endings).as(name).hasSizeGreaterThan(1));
    }

    private void run() {
        for (FuzzTarget target : targets) {
            for (Bytes seed : target.seeds()) {
                String ending = attempt(target, seed, "a seed of " + target.name());
                assertThat(ending).as("a seed of " + target.name()).isIn(FuzzTarget.READ, FuzzTarget.ACCEPTED);
            }
            target.extremes().forEach(input -> attempt(target, input, "an extreme of " + target.name()));
        }
        long first = Long.getLong("cloister.seed", 1);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Integer.getInteger("cloister.budget", DEFAULT_SECONDS));
        long number = first;
        while (number - first < (long) LEAST_EACH * targets.size() || System.nanoTime() < end) {
            FuzzTarget target = targets.get((int) Math.floorMod(number, (long) targets.size()));
            Bytes input = Mutations.next(target, new Random(number * 0x9E3779B97F4A7C15L));
            attempt(target, input, "input " + number + " of " + target.name());
            number++;
        }
        StringBuilder report = new StringBuilder();
        covered.forEach(
                (name, what) -> report.append("\n  ").append(name).append(": ").append(what));
        System.getLogger("cloister.campaign")
                .log(System.Logger.Level.INFO, "attestation: inputs {0} to {1}{2}", first, number - 1, report);
    }

    private String attempt(FuzzTarget target, Bytes input, String name) {
        Covered what = covered.computeIfAbsent(target.name(), ignored -> new Covered());
        current = name;
        began = System.nanoTime();
        long bytes = threads.getCurrentThreadAllocatedBytes();
        long nanos = threads.getCurrentThreadCpuTime();
        String ending;
        try {
            ending = target.run().apply(input);
        } catch (CodecException e) {
            ending = e.reason().name();
        } catch (RuntimeException | Error e) {
            throw new AssertionError(name + ": " + show(input), e);
        }
        nanos = threads.getCurrentThreadCpuTime() - nanos;
        bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
        what.inputs++;
        what.endings.merge(ending, 1, Integer::sum);
        what.worstNanos = Math.max(what.worstNanos, nanos);
        what.worstBytes = Math.max(what.worstBytes, bytes);
        if (nanos > MAX_NANOS || bytes > MAX_ALLOCATED) {
            throw new AssertionError(
                    "%s took %d ms and %d KiB: %s".formatted(name, nanos / 1_000_000, bytes >> 10, show(input)));
        }
        return ending;
    }

    private static String show(Bytes input) {
        return input.length() + " bytes "
                + input.slice(0, Math.min(SHOWN, input.length())).toHex();
    }
}
