package io.cloister.attestation.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;
import io.cloister.crypto.SigningKey;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 100 nodes start together, with 5 ms a report and one report a second each, in virtual time. */
class ColdStartTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int NODES = 100;
    private static final List<SigningKey> SLOTS = IntStream.rangeClosed(1, NODES)
            .mapToObj(number -> SigningKey.of(SecretScalar.fromPublic(Scalar.hash("slot", Bytes.of((byte) number)))))
            .toList();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theFullMeshStandsWithinAMinute(long seed) {
        ColdStart start = new ColdStart(seed, SLOTS);

        Duration stood = start.meshStands(LIMIT);

        tell("seed " + seed, start, stood);
        assertThat(stood).isLessThan(LIMIT);
    }

    @Test
    void strangersDoNotHoldTheMeshUp() {
        ColdStart start = new ColdStart(4, SLOTS).withStrangers(4096, 300);

        Duration stood = start.meshStands(LIMIT);

        tell("seed 4 with strangers", start, stood);
        assertThat(stood).isLessThan(LIMIT);
        assertThat(start.nodes()).anyMatch(node -> node.strangersServed > 0);
        assertThat(start.nodes()).allMatch(node -> node.status().reports() <= stood.toSeconds() + 1);
    }

    @Test
    void nodesBehindOneAddressAreSlowerByTheLimitsOnAttempts() {
        ColdStart start = new ColdStart(5, SLOTS).behindOneAddress();

        Duration stood = start.meshStands(LIMIT.multipliedBy(2));

        tell("seed 5 behind one address", start, stood);
        assertThat(stood).isBetween(LIMIT.dividedBy(2), LIMIT.plusSeconds(40));
    }

    private static void tell(String what, ColdStart start, Duration stood) {
        long reports = start.nodes().stream()
                .mapToLong(node -> node.status().reports())
                .sum();
        System.out.printf(
                "cold start, %s: mesh of %d nodes after %.1f s, %d dials, %d reports%n",
                what, NODES, stood.toMillis() / 1000.0, start.attempts(), reports);
    }
}
