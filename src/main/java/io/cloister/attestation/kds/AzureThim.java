package io.cloister.attestation.kds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.attestation.Collateral;
import io.cloister.attestation.kds.Miss.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Azure's trusted hardware identity management, as the instance metadata service gives it: the chain of the very chip
 * that the asking machine runs on. An answer, good or bad, holds for a minute, so that questions after other chips do
 * not become requests. Answers are not vetted here.
 */
final class AzureThim implements AutoCloseable {
    static final String PATH = "/metadata/THIM/amd/certification";

    private static final int MAX_ANSWER = 64 << 10;
    private static final Duration HOLDS = Duration.ofMinutes(1);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private record Answer(Optional<Collateral> chain, Optional<MissException> failure, Deadline until) {}

    private final Remote remote;
    private final ReentrantLock asking = new ReentrantLock();
    private Optional<Answer> last = Optional.empty();

    AzureThim(URI base, CollateralSettings.Limits limits, InstantSource clock) {
        this.remote =
                new Remote(base, limits.forMetadata(), clock, Map.of("Metadata", "true"), HttpClient.Builder.NO_PROXY);
    }

    Collateral chain() throws MissException, InterruptedException {
        asking.lockInterruptibly();
        try {
            if (last.filter(known -> known.until().left().isPositive()).isEmpty()) {
                last = Optional.of(ask());
            }
            Answer answer = last.orElseThrow();
            if (answer.failure().isPresent()) {
                throw answer.failure().get();
            }
            return answer.chain().orElseThrow();
        } finally {
            asking.unlock();
        }
    }

    private Answer ask() throws InterruptedException {
        try {
            Collateral chain = parse(remote.get(PATH, MAX_ANSWER));
            return new Answer(Optional.of(chain), Optional.empty(), Deadline.in(HOLDS));
        } catch (MissException e) {
            return new Answer(Optional.empty(), Optional.of(e), Deadline.in(HOLDS));
        }
    }

    /** {@code tcbm} is not read: the certificate itself says what TCB it is for. */
    private static Collateral parse(byte[] json) throws MissException {
        try {
            JsonNode answer = MAPPER.readTree(json);
            Issuers issuers = AmdKds.issuers(
                    Pem.certificates(answer.path("certificateChain").asText(), 2));
            var leaf = Pem.certificates(answer.path("vcekCert").asText(), 1).getFirst();
            return new Collateral(leaf, issuers.intermediate(), issuers.root());
        } catch (IOException | RuntimeException e) {
            throw new MissException(Reason.MALFORMED, "no answer of the service: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        remote.close();
    }
}
