package io.cloister.api;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.HardwareEvidence;
import io.cloister.attestation.Leaf;
import io.cloister.codec.Bytes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Evidence of this node, for leaves that strangers ask for. */
@ApplicationScoped
public class OwnEvidence {
    private static final int PATIENCE_SECONDS = 20;
    private static final int NONCE = 16;
    /** Certificates change with the machine's firmware only. */
    private static final Duration CERTIFICATES_KEPT = Duration.ofMinutes(10);

    @Inject
    private NodeServices node;

    private Optional<Made> last = Optional.empty();

    private record Made(HardwareEvidence hardware, Instant at) {}

    /** Evidence for a nonce and the TLS key that every connection of this boot shows. */
    Evidence forNonce(Bytes nonce) {
        BootKeySet keys = Ready.require(node, node.bootKeys());
        CompletableFuture<Evidence> answer =
                Ready.require(node, node.attester()).attest(Leaf.restNonce(nonce, keys.tlsSpki()));
        try {
            Evidence evidence = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            keep(evidence.hardware());
            return evidence;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.unavailable("attestation-unavailable", "interrupted");
        } catch (ExecutionException | TimeoutException e) {
            throw ApiException.unavailable("attestation-unavailable", "the platform makes no report now");
        } finally {
            answer.cancel(false);
        }
    }

    /** What the last report came with; a report is made only when there is none of late. */
    HardwareEvidence recent() {
        return lately().orElseGet(() -> {
            byte[] random = new byte[NONCE];
            new SecureRandom().nextBytes(random);
            return forNonce(Bytes.wrap(random)).hardware();
        });
    }

    private synchronized void keep(HardwareEvidence hardware) {
        last = Optional.of(new Made(hardware, Instant.now()));
    }

    private synchronized Optional<HardwareEvidence> lately() {
        return last.filter(made -> made.at().plus(CERTIFICATES_KEPT).isAfter(Instant.now()))
                .map(Made::hardware);
    }
}
