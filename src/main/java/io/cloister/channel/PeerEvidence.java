package io.cloister.channel;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Verdict;
import io.cloister.codec.Bytes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A verifier that keeps each peer's last accepted evidence, for those who want to see what this node has seen. Keeps that
 * of {@value #MAX_PEERS} peers, the latest judged.
 */
public final class PeerEvidence implements PeerVerifier {
    static final int MAX_PEERS = 1_000;

    private final PeerVerifier verifier;
    private final Map<Bytes, Evidence> accepted = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes, Evidence> eldest) {
            return size() > MAX_PEERS;
        }
    };

    public PeerEvidence(PeerVerifier verifier) {
        this.verifier = verifier;
    }

    @Override
    public Verdict verify(Evidence evidence, Leaf expected) {
        Verdict verdict = verifier.verify(evidence, expected);
        if (verdict.accepted()) {
            synchronized (accepted) {
                accepted.put(evidence.keys().nodeId(), evidence);
            }
        }
        return verdict;
    }

    /** One piece for each peer that ever proved itself to this boot. */
    public List<Evidence> all() {
        synchronized (accepted) {
            return List.copyOf(accepted.values());
        }
    }
}
