package io.cloister.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.platform.TestAuthority;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import io.cloister.crypto.MerkleTree;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Evidence of every kind serves the one who asked, on the connection where they asked, while its certificates last. */
class RelayedEvidenceTest {
    private static final Bytes NONCE = TestChips.filled(32, 3);
    private static final Bytes SPKI = TestChips.filled(32, 4);

    private final EvidenceVerifier verifier = new EvidenceVerifier();

    static Stream<Evidence> kinds() {
        return Golden.evidence().stream();
    }

    private List<String> failed(Evidence evidence, Leaf demanded) {
        return failed(verifier.verify(evidence, demanded, Golden.policy(), Golden.at()));
    }

    private static List<String> failed(Verdict verdict) {
        return verdict.failures().stream().map(Check::name).toList();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void acceptsWhatWasMadeForThisNonceAndConnection(Evidence evidence) {
        assertThat(failed(evidence, Leaf.restNonce(NONCE, SPKI))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void refusesReplayedEvidence(Evidence evidence) {
        Leaf otherNonce = Leaf.restNonce(TestChips.filled(32, 5), SPKI);

        assertThat(failed(evidence, otherNonce)).containsExactly("binding");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void refusesEvidenceMadeForAnotherConnection(Evidence evidence) {
        Leaf otherConnection = Leaf.restNonce(NONCE, TestChips.filled(32, 5));

        assertThat(failed(evidence, otherConnection)).containsExactly("binding");
    }

    /** Whoever relays evidence may write the demanded leaf into it: then the hardware does not bind it. */
    @ParameterizedTest
    @MethodSource("kinds")
    void refusesEvidenceRelabelledForAnotherConnection(Evidence evidence) {
        Leaf otherConnection = Leaf.restNonce(NONCE, TestChips.filled(32, 5));
        Evidence relabelled = new Evidence(
                evidence.hardware(),
                evidence.keys(),
                otherConnection,
                MerkleTree.path(List.of(otherConnection.content()), 0));

        assertThat(failed(relabelled, otherConnection)).isEqualTo(unbound(evidence));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void refusesOtherKeysBesideGenuineHardware(Evidence evidence) {
        Evidence other = new Evidence(
                evidence.hardware(),
                evidence.keys().withHpkeKey(TestChips.filled(32, 9)),
                evidence.leaf(),
                evidence.path());

        assertThat(failed(other, Golden.LEAF)).isEqualTo(unbound(evidence));
    }

    /** Where each kind has the guest's 64 bytes. */
    private static List<String> unbound(Evidence evidence) {
        return switch (evidence.hardware()) {
            case SnpEvidence ignored -> List.of("binding");
            case AzureEvidence ignored -> List.of("quote-nonce");
            case GoogleEvidence ignored -> List.of("binding", "quote-nonce");
        };
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void readsBackWhatItWrites(Evidence evidence) {
        assertThat(Evidence.decode(evidence.encode())).isEqualTo(evidence);
    }

    @Test
    void aLeafThatHasExpiredByTheRealClockHeldAtAFixedTime() {
        Instant begin = Instant.now().minus(Duration.ofDays(8 * 365));
        TestAuthority authority = TestAuthority.create(ProductLine.GENOA, begin);
        SimulatedChip chip = authority.issueChip(TestChips.GENOA_TCB);
        SnpEvidence evidence = new SnpEvidence(chip.sign(TestChips.report(chip, 3)), chip.collateral());
        Policy policy = Policy.devnet(List.of(TestChips.MEASUREMENT), List.of(authority.rootDigest()));

        assertThat(failed(appraise(evidence, policy, Instant.now()))).containsExactly("certificate-validity");
        assertThat(failed(appraise(evidence, policy, begin.plus(Duration.ofDays(365)))))
                .isEmpty();
        assertThat(failed(appraise(evidence, policy, begin.minusSeconds(60)))).containsExactly("certificate-validity");
    }

    private Verdict appraise(HardwareEvidence evidence, Policy policy, Instant at) {
        Set<Bytes> roots = policy.roots().testRoots();
        return verifier.examine(evidence, Demanded.NOTHING, roots, at).appraise(policy);
    }
}
