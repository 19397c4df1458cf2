package io.cloister.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Check;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Policy;
import io.cloister.attestation.Purpose;
import io.cloister.attestation.Verdict;
import io.cloister.attestation.platform.AttestationService;
import io.cloister.attestation.platform.Platform;
import io.cloister.cli.NodeClient.Attested;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.ledger.membership.ReKey;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Evidence of one node for each purpose, and what it serves for. */
final class Evidences {
    private final EvidenceVerifier verifier = new EvidenceVerifier();
    private final Policy policy;
    private final Attested rest;
    private final Evidence channel;
    private final Evidence reKey;

    /**
     * Makes the evidence that a node makes for peers and for the ledger.
     *
     * @param rest what the node has answered a stranger
     * @param platform its chip
     */
    Evidences(Policy policy, Attested rest, Platform platform) throws Exception {
        this.policy = policy;
        this.rest = rest;
        BootKeySet keys = rest.evidence().keys();
        try (AttestationService service =
                new AttestationService(platform, () -> keys, AttestationService.Settings.DEFAULT)) {
            channel = service.attest(channelLeaf(keys)).get(30, TimeUnit.SECONDS);
            reKey = service.attest(ReKey.leaf(keys.chainId(), 1, 5, random(32))).get(30, TimeUnit.SECONDS);
        }
    }

    /** The fields that a handshake fixes: exporter, role, both TLS keys, both nodes, transcript. */
    private static Leaf channelLeaf(BootKeySet keys) {
        return new Leaf(
                Purpose.PEER_CHANNEL,
                List.of(
                        random(32),
                        Bytes.utf8("initiator"),
                        keys.tlsSpki(),
                        random(32),
                        keys.nodeId(),
                        random(33),
                        random(32)));
    }

    private static Bytes random(int length) {
        try (SecretBytes bytes = SecretBytes.random(length)) {
            return bytes.use(Bytes::of);
        }
    }

    void eachServesItsOwnPurpose() {
        for (Evidence evidence : List.of(rest.evidence(), channel, reKey)) {
            Verdict verdict = verify(evidence, evidence.leaf());
            assertThat(verdict.accepted()).as(verdict.summary()).isTrue();
        }
    }

    void noneServesAnother() {
        List<Evidence> all = List.of(rest.evidence(), channel, reKey);
        for (Evidence evidence : all) {
            for (Evidence other : all) {
                if (evidence.leaf().purpose() != other.leaf().purpose()) {
                    refused(evidence, other.leaf());
                    refused(
                            evidence,
                            new Leaf(other.leaf().purpose(), evidence.leaf().fields()));
                    refused(labelled(evidence, other.leaf().purpose()), other.leaf());
                    Evidence relabelled = labelled(evidence, other.leaf().purpose());
                    refused(relabelled, relabelled.leaf());
                    refused(claiming(evidence, other.leaf()), other.leaf());
                }
            }
        }
    }

    /** The same report, with a leaf that says it was made for something else. */
    private static Evidence labelled(Evidence evidence, Purpose purpose) {
        return claiming(evidence, new Leaf(purpose, evidence.leaf().fields()));
    }

    private static Evidence claiming(Evidence evidence, Leaf leaf) {
        return new Evidence(evidence.hardware(), evidence.keys(), leaf, evidence.path());
    }

    /** Genuine as the report is, the binding fails, and nothing but the binding. */
    private void refused(Evidence evidence, Leaf expected) {
        Verdict verdict = verify(evidence, expected);
        assertThat(verdict.accepted()).isFalse();
        assertThat(verdict.checks())
                .filteredOn(check -> check.result() == Check.Result.FAILED)
                .extracting(Check::name)
                .containsExactly("binding");
    }

    private Verdict verify(Evidence evidence, Leaf expected) {
        return verifier.verify(evidence, expected, policy, Instant.now());
    }
}
