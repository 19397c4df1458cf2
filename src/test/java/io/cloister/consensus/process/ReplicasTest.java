package io.cloister.consensus.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.ingress.IngressClient;
import io.cloister.consensus.ingress.IngressClient.Outcome;
import io.cloister.consensus.ingress.RefusalReason;
import io.cloister.crypto.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Four processes on loopback and clients of theirs. */
@Timeout(180)
class ReplicasTest {
    @TempDir
    static Path folder;

    private static Replicas replicas;

    private final SigningKey key = SigningKey.generate();

    @BeforeAll
    static void start() throws IOException {
        replicas = Replicas.prepare(folder, 4).setAll("pace.min", "0").startAll();
    }

    @AfterAll
    static void stop() {
        replicas.close();
    }

    private static Outcome.Committed committed(CompletableFuture<Outcome> outcome) throws Exception {
        return (Outcome.Committed) outcome.get(30, TimeUnit.SECONDS);
    }

    private static Outcome.Refused refused(CompletableFuture<Outcome> outcome) throws Exception {
        return (Outcome.Refused) outcome.get(30, TimeUnit.SECONDS);
    }

    @Test
    void answersWithACertificateAndAPathThatTheClientChecks() throws Exception {
        try (IngressClient client = replicas.client(1)) {
            List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                outcomes.add(client.submit(Request.sign(SigningKey.generate(), 1, Bytes.zeros(i * 5))));
            }
            for (CompletableFuture<Outcome> outcome : outcomes) {
                Outcome.Committed committed = committed(outcome);
                assertThat(committed.certificate().signatures()).hasSizeGreaterThanOrEqualTo(3);
            }
        }
    }

    @Test
    void refusesByTypeWhatItDoesNotTake() throws Exception {
        Bytes genuine = Request.sign(key, 7, Bytes.EMPTY);
        byte[] forged = genuine.toArray();
        forged[forged.length - 1] ^= 1;
        try (IngressClient client = replicas.client(2)) {
            assertThat(refused(client.submit(Bytes.wrap(forged))).reason()).isEqualTo(RefusalReason.INVALID);
            assertThat(refused(client.submit(Bytes.wrap(forged))).text()).isEqualTo("signature");
            committed(client.submit(genuine));
            replicas.awaitHeight(2, 1, Duration.ofSeconds(30));
            Outcome.Refused old = refused(client.submit(Request.sign(key, 7, Bytes.zeros(1))));
            assertThat(old.reason()).isEqualTo(RefusalReason.INVALID);
            assertThat(old.text()).isEqualTo("sequence");
            assertThat(refused(client.submit(genuine)).reason()).isEqualTo(RefusalReason.COMMITTED);
        }
    }

    @Test
    void goesOnWithThreeAndTakesTheKilledOneBack() throws Exception {
        try (IngressClient client = replicas.client(1)) {
            committed(client.submit(Request.sign(key, 1, Bytes.EMPTY)));
            replicas.kill(4);
            long height = committed(client.submit(Request.sign(key, 2, Bytes.EMPTY)))
                    .header()
                    .height();
            replicas.start(4);
            replicas.awaitHeight(4, height, Duration.ofSeconds(60));
            replicas.awaitHeight(1, height, Duration.ofSeconds(60));
            assertThat(replicas.stateRoot(4, height)).isEqualTo(replicas.stateRoot(1, height));
            assertThat(replicas.standing(4, 0).halted()).isEmpty();
        }
    }
}
