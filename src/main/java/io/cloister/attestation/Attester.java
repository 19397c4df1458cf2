package io.cloister.attestation;

import java.util.concurrent.CompletableFuture;

/** Makes evidence for leaves. Many leaves may share one report, so an answer can take up to the batching window. */
public interface Attester {
    /**
     * Evidence for one leaf.
     *
     * @return completes exceptionally when the platform cannot attest or too many leaves wait already
     */
    CompletableFuture<Evidence> attest(Leaf leaf);
}
