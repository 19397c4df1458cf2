package io.cloister.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Check.Result;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.PlatformInfo;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.ReportBuilder;
import io.cloister.codec.Bytes;
import io.cloister.crypto.MerkleTree;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvidenceVerifierTest {
    private static final Leaf PEER = new Leaf(
            Purpose.PEER_CHANNEL, List.of(TestChips.filled(32, 1), Bytes.utf8("client"), TestChips.filled(32, 2)));
    private static final Leaf REST = Leaf.restNonce(TestChips.filled(32, 3), TestChips.filled(32, 4));

    private final EvidenceVerifier verifier = new EvidenceVerifier();
    private final SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
    private final Policy policy = TestChips.policy(ProductLine.GENOA);

    private ReportBuilder report() {
        return TestChips.report(chip, 3);
    }

    private Evidence evidence(ReportBuilder report, Leaf leaf) {
        return TestChips.evidence(chip, report, TestChips.keys(), leaf);
    }

    private Verdict verdict(Evidence evidence, Leaf expected, Policy rules) {
        return verifier.verify(evidence, expected, rules, TestChips.AT);
    }

    private static List<String> skipped(Verdict verdict) {
        return verdict.checks().stream()
                .filter(check -> check.result() == Result.SKIPPED)
                .map(Check::name)
                .toList();
    }

    private static List<String> failed(Verdict verdict) {
        return verdict.failures().stream().map(Check::name).toList();
    }

    @Test
    void acceptsEvidenceOfASimulatedChipAtGradeD() {
        Verdict verdict = verdict(evidence(report(), PEER), PEER, policy);

        assertThat(verdict.accepted()).as(verdict.summary()).isTrue();
        assertThat(verdict.grade()).isEqualTo(Grade.D);
        assertThat(verdict.failures()).isEmpty();
        assertThat(verdict.claims())
                .containsEntry("root.simulated", "true")
                .containsEntry("root.product-line", "Genoa")
                .containsEntry("report.measurement", TestChips.MEASUREMENT.toHex())
                .containsEntry("keys.boot-counter", "7")
                .containsEntry("grade.reasons", "simulated-root");
    }

    private SnpEvidence snp(Bytes report) {
        return new SnpEvidence(report, chip.collateral());
    }

    private Verdict judge(Bytes report, Demanded demanded) {
        return verifier.examine(snp(report), demanded, policy.roots().testRoots(), TestChips.AT)
                .appraise(policy);
    }

    @Test
    void withoutANonceTheBindingIsNeverPassed() {
        Verdict unasked = verifier.verifyWithoutNonce(evidence(report(), REST), policy, TestChips.AT);
        assertThat(unasked.accepted()).as(unasked.summary()).isTrue();
        assertThat(unasked.checks())
                .filteredOn(check -> check.name().equals("binding"))
                .extracting(Check::result)
                .containsExactly(Result.SKIPPED);
    }

    @Test
    void evidenceOfAChannelIsNobodysAnswerToAStranger() {
        assertThat(failed(verifier.verifyWithoutNonce(evidence(report(), PEER), policy, TestChips.AT)))
                .containsExactly("binding");
    }

    @Test
    void evidenceWithoutANonceMustStillBindItsKeys() {
        Evidence good = evidence(report(), REST);
        Evidence other = new Evidence(
                good.hardware(), good.keys().withHpkeKey(TestChips.filled(32, 9)), good.leaf(), good.path());
        assertThat(failed(verifier.verifyWithoutNonce(other, policy, TestChips.AT)))
                .containsExactly("binding");
    }

    @Test
    void listsEveryCheckUnderItsName() {
        Verdict verdict = verdict(evidence(report(), PEER), PEER, policy);

        assertThat(verdict.checks().stream().map(Check::name))
                .containsExactly(
                        "report-format",
                        "certificate-chain",
                        "certificate-validity",
                        "revocation",
                        "product-line",
                        "tcb-match",
                        "chip-id",
                        "report-signature",
                        "binding",
                        "quote-format",
                        "quote-signature",
                        "quote-nonce",
                        "pcr-selection",
                        "pcr-digest",
                        "event-log",
                        "policy.root",
                        "policy.product-line",
                        "policy.revocation",
                        "policy.minimum-tcb",
                        "policy.microcode",
                        "policy.launch-tcb",
                        "policy.provisional-firmware",
                        "policy.launch-mitigations",
                        "policy.mitigations",
                        "policy.launch",
                        "policy.measurement",
                        "policy.id-key",
                        "policy.author-key",
                        "policy.guest-svn",
                        "policy.family-id",
                        "policy.image-id",
                        "policy.host-data",
                        "policy.vmpl",
                        "policy.boot-firmware",
                        "policy.pcrs",
                        "policy.guest-abi",
                        "policy.guest-smt",
                        "policy.guest-migration-agent",
                        "policy.guest-debug",
                        "policy.guest-single-socket",
                        "policy.guest-cxl",
                        "policy.guest-aes-256-xts",
                        "policy.guest-rapl",
                        "policy.guest-ciphertext-hiding",
                        "policy.guest-page-swap",
                        "policy.platform-smt",
                        "policy.platform-transparent-encryption",
                        "policy.platform-ecc",
                        "policy.platform-rapl",
                        "policy.platform-ciphertext-hiding",
                        "policy.platform-alias-check",
                        "policy.platform-iommu-write-safe",
                        "policy.platform-trusted-io",
                        "policy.chip-allowed",
                        "policy.chip-denied");
    }

    @Test
    void simulatedChipIsNeverBetterThanDWhateverItsPlatformSays() {
        var perfect = new PlatformInfo(0x34); // alias check, ciphertext hiding, no SMT
        Policy cloud = Policies.with(policy)
                .custody(chip.chipId(), Custody.CLOUD_OPERATED)
                .build();

        Verdict verdict = verdict(evidence(report().platformInfo(perfect), PEER), PEER, cloud);

        assertThat(verdict.accepted()).isTrue();
        assertThat(verdict.grade()).isEqualTo(Grade.D);
    }

    @Test
    void refusesEvidenceOfOnePurposeForAnother() {
        Verdict restForPeer = verdict(evidence(report(), REST), PEER, policy);
        Verdict peerForRest = verdict(evidence(report(), PEER), REST, policy);

        assertThat(failed(restForPeer)).containsExactly("binding");
        assertThat(failed(peerForRest)).containsExactly("binding");
        assertThat(restForPeer.summary()).contains("rest-nonce, not for peer-channel");
    }

    @Test
    void refusesRestNonceThatImitatesAPeersFields() {
        Leaf imitation = new Leaf(Purpose.REST_NONCE, PEER.fields());

        assertThat(failed(verdict(evidence(report(), imitation), PEER, policy))).containsExactly("binding");
        Evidence relabelled = evidence(report(), imitation);
        assertThat(failed(verdict(
                        new Evidence(relabelled.hardware(), relabelled.keys(), PEER, relabelled.path()), PEER, policy)))
                .containsExactly("binding");
    }

    @Test
    void refusesReplayedNonceAndOtherConnection() {
        Leaf otherNonce = Leaf.restNonce(TestChips.filled(32, 5), TestChips.filled(32, 4));
        Leaf otherConnection = Leaf.restNonce(TestChips.filled(32, 3), TestChips.filled(32, 5));

        assertThat(failed(verdict(evidence(report(), REST), otherNonce, policy)))
                .containsExactly("binding");
        assertThat(failed(verdict(evidence(report(), REST), otherConnection, policy)))
                .containsExactly("binding");
    }

    @Test
    void refusesOtherKeysUnderAGenuineReport() {
        Evidence good = evidence(report(), PEER);
        BootKeySet keys = good.keys();
        BootKeySet other = new BootKeySet(
                keys.chainId(),
                keys.nodeId(),
                keys.bootCounter() + 1,
                keys.tlsSpki(),
                keys.voteKey33(),
                keys.shareKey33(),
                keys.hpkeKey32(),
                keys.resultKey33());

        assertThat(failed(verdict(new Evidence(good.hardware(), other, good.leaf(), good.path()), PEER, policy)))
                .containsExactly("binding");
    }

    @Test
    void refusesPathThatLeadsElsewhere() {
        Evidence good = evidence(report(), PEER);
        MerkleTree.Path path = MerkleTree.path(List.of(PEER.content(), REST.content()), 0);

        assertThat(failed(verdict(new Evidence(good.hardware(), good.keys(), PEER, path), PEER, policy)))
                .containsExactly("binding");
    }

    @Test
    void acceptsEachOfManyLeavesUnderOneReport() {
        List<Bytes> contents = List.of(PEER.content(), REST.content(), Bytes.utf8("else"));
        Bytes signed = chip.sign(report().reportData(ReportData.of(TestChips.keys(), MerkleTree.root(contents))));
        Evidence first = new Evidence(snp(signed), TestChips.keys(), PEER, MerkleTree.path(contents, 0));
        Evidence second = new Evidence(snp(signed), TestChips.keys(), REST, MerkleTree.path(contents, 1));

        assertThat(verdict(first, PEER, policy).accepted()).isTrue();
        assertThat(verdict(second, REST, policy).accepted()).isTrue();
    }

    @Test
    void refusesMilanUnlessItIsNamed() {
        SimulatedChip milan = TestChips.chip(ProductLine.MILAN);
        Evidence evidence = TestChips.evidence(milan, TestChips.report(milan, 3), TestChips.keys(), PEER);

        Verdict refused = verdict(evidence, PEER, TestChips.policy(ProductLine.GENOA));
        assertThat(failed(refused)).containsExactly("policy.product-line", "policy.minimum-tcb");
        assertThat(refused.summary()).contains("can be read out of the chip");
        assertThat(verdict(evidence, PEER, TestChips.policy(ProductLine.MILAN)).accepted())
                .isTrue();
    }

    @Test
    void refusesSimulatedChainThatThePolicyDoesNotName() {
        Verdict verdict = verdict(
                evidence(report(), PEER),
                PEER,
                Policies.with(policy).testRoots().build());

        assertThat(failed(verdict)).containsExactly("certificate-chain");
        assertThat(verdict.checks().stream().filter(check -> check.name().startsWith("policy.")))
                .allMatch(check -> check.result() == Result.SKIPPED);
        assertThat(verdict.claims()).doesNotContainKey("report.measurement");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 1183, 1185, 4000})
    void unreadableReportSkipsAllElse(int length) {
        Evidence good = evidence(report(), PEER);
        Evidence bad = new Evidence(snp(TestChips.filled(length, 1)), good.keys(), good.leaf(), good.path());

        Verdict verdict = verdict(bad, PEER, policy);
        assertThat(failed(verdict)).containsExactly("report-format");
        assertThat(verdict.checks().stream().filter(check -> check.result() == Result.SKIPPED))
                .hasSize(verdict.checks().size() - 1);
    }

    @Test
    void aReportAloneIsComparedWithTheDataThatIsGiven() {
        Bytes data = TestChips.filled(64, 8);
        Bytes signed = chip.sign(report().reportData(data));

        Verdict bound = judge(signed, Demanded.data(data));
        Verdict unbound = judge(signed, Demanded.NOTHING);
        Verdict wrong = judge(signed, Demanded.data(Bytes.zeros(64)));

        assertThat(failed(bound)).isEmpty();
        assertThat(skipped(bound)).contains("revocation").doesNotContain("binding");
        assertThat(skipped(unbound)).contains("revocation", "binding");
        assertThat(failed(wrong)).containsExactly("binding");
    }

    @Test
    void whatAKindHasNoPlaceForIsNotLeftUnchecked() {
        Bytes signed = chip.sign(report().reportData(TestChips.filled(64, 8)));
        Bytes nonce = TestChips.filled(32, 1);
        assertThat(failed(judge(signed, new Demanded(Optional.empty(), Optional.of(nonce), Optional.empty()))))
                .containsExactly("binding");
        assertThat(failed(judge(signed, new Demanded(Optional.empty(), Optional.empty(), Optional.of(nonce)))))
                .containsExactly("binding");
    }

    @Test
    void writesItsVerdictAsJson() {
        String json = verdict(evidence(report(), REST), PEER, policy).toJson();

        assertThat(json)
                .contains("\"verdict\":\"rejected\"")
                .contains("\"grade\":\"D\"")
                .contains("{\"detail\":\"the evidence is for rest-nonce, not for peer-channel\","
                        + "\"name\":\"binding\",\"result\":\"failed\"}");
    }
}
