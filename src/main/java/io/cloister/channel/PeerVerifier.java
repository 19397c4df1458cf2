package io.cloister.channel;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Verdict;

/**
 * Judges a peer's evidence under this node's policy at the present time. May block and may be called concurrently; an
 * exception means that no judgement was possible, not that the evidence is bad.
 */
@FunctionalInterface
public interface PeerVerifier {
    /** The verdict on evidence that must contain exactly this leaf. */
    Verdict verify(Evidence evidence, Leaf expected);
}
