package io.cloister.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Check.Result;
import io.cloister.attestation.Policy.GuestRules;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.attestation.snp.PlatformInfo;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.ReportBuilder;
import io.cloister.attestation.snp.Tcb;
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

    private static List<String> failed(Verdict verdict) {
        return verdict.failures().stream().map(Check::name).toList();
    }

    private void refusedBy(String check, ReportBuilder report, Policy rules) {
        Verdict verdict = verdict(evidence(report, PEER), PEER, rules);
        assertThat(failed(verdict)).containsExactly(check);
        assertThat(verdict.accepted()).isFalse();
        assertThat(verdict.grade()).isEqualTo(Grade.D);
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
                good.report(),
                good.keys().withHpkeKey(TestChips.filled(32, 9)),
                good.leaf(),
                good.path(),
                good.collateral());
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
                        "policy.root",
                        "policy.product-line",
                        "policy.minimum-tcb",
                        "policy.measurement",
                        "policy.debug",
                        "policy.migration-agent",
                        "policy.smt",
                        "policy.single-socket",
                        "policy.abi",
                        "policy.vmpl");
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
                        new Evidence(
                                relabelled.report(),
                                relabelled.keys(),
                                PEER,
                                relabelled.path(),
                                relabelled.collateral()),
                        PEER,
                        policy)))
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

        assertThat(failed(verdict(
                        new Evidence(good.report(), other, good.leaf(), good.path(), good.collateral()), PEER, policy)))
                .containsExactly("binding");
    }

    @Test
    void refusesPathThatLeadsElsewhere() {
        Evidence good = evidence(report(), PEER);
        MerkleTree.Path path = MerkleTree.path(List.of(PEER.content(), REST.content()), 0);

        assertThat(failed(
                        verdict(new Evidence(good.report(), good.keys(), PEER, path, good.collateral()), PEER, policy)))
                .containsExactly("binding");
    }

    @Test
    void acceptsEachOfManyLeavesUnderOneReport() {
        List<Bytes> contents = List.of(PEER.content(), REST.content(), Bytes.utf8("else"));
        Bytes signed = chip.sign(report().reportData(ReportData.of(TestChips.keys(), MerkleTree.root(contents))));
        Evidence first = new Evidence(signed, TestChips.keys(), PEER, MerkleTree.path(contents, 0), chip.collateral());
        Evidence second = new Evidence(signed, TestChips.keys(), REST, MerkleTree.path(contents, 1), chip.collateral());

        assertThat(verdict(first, PEER, policy).accepted()).isTrue();
        assertThat(verdict(second, REST, policy).accepted()).isTrue();
    }

    @Test
    void eachPolicyRuleRefusesAlone() {
        refusedBy("policy.measurement", report().measurement(TestChips.filled(48, 1)), policy);
        refusedBy(
                "policy.measurement",
                report(),
                Policies.with(policy).measurements().build());
        refusedBy("policy.debug", report().policy(new GuestPolicy(0xB0000)), policy);
        refusedBy("policy.migration-agent", report().policy(new GuestPolicy(0x70000)), policy);
        refusedBy("policy.vmpl", report().vmpl(1), policy);
        refusedBy(
                "policy.smt",
                report(),
                Policies.with(policy)
                        .guest(new GuestRules(false, false, false, false, 0, 0))
                        .build());
        refusedBy(
                "policy.single-socket",
                report(),
                Policies.with(policy)
                        .guest(new GuestRules(false, false, true, true, 0, 0))
                        .build());
        refusedBy(
                "policy.abi",
                report().policy(new GuestPolicy(0x30136)),
                Policies.with(policy)
                        .guest(new GuestRules(false, false, true, false, 1, 0x37))
                        .build());
        refusedBy(
                "policy.product-line",
                report(),
                Policies.with(policy).withoutProductLine(ProductLine.GENOA).build());
        refusedBy(
                "policy.minimum-tcb",
                report(),
                Policies.with(policy).withoutMinimumTcb(ProductLine.GENOA).build());
        refusedBy(
                "policy.minimum-tcb",
                report(),
                Policies.with(policy)
                        .productLine(ProductLine.GENOA, Tcb.early(10, 0, 23, 85))
                        .build());
    }

    @Test
    void policyCanAllowWhatIsRefusedByDefault() {
        Policy lax = Policies.with(policy)
                .guest(new GuestRules(true, true, true, false, 0, 0))
                .maximumVmpl(2)
                .build();

        assertThat(verdict(evidence(report().policy(new GuestPolicy(0xF0000)).vmpl(2), PEER), PEER, lax)
                        .accepted())
                .isTrue();
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
        Evidence bad =
                new Evidence(TestChips.filled(length, 1), good.keys(), good.leaf(), good.path(), good.collateral());

        Verdict verdict = verdict(bad, PEER, policy);
        assertThat(failed(verdict)).containsExactly("report-format");
        assertThat(verdict.checks().stream().filter(check -> check.result() == Result.SKIPPED))
                .hasSize(verdict.checks().size() - 1);
    }

    @Test
    void aReportAloneIsComparedWithTheDataThatIsGiven() {
        Bytes data = TestChips.filled(64, 8);
        Bytes signed = chip.sign(report().reportData(data));

        Verdict bound = verifier.verifyReport(signed, chip.collateral(), Optional.of(data), policy, TestChips.AT);
        Verdict unbound = verifier.verifyReport(signed, chip.collateral(), Optional.empty(), policy, TestChips.AT);
        Verdict wrong =
                verifier.verifyReport(signed, chip.collateral(), Optional.of(Bytes.zeros(64)), policy, TestChips.AT);

        assertThat(failed(bound)).isEmpty();
        assertThat(bound.checks().stream()
                        .filter(check -> check.result() == Result.SKIPPED)
                        .map(Check::name))
                .containsExactly("revocation");
        assertThat(unbound.checks().stream()
                        .filter(check -> check.result() == Result.SKIPPED)
                        .map(Check::name))
                .containsExactly("revocation", "binding");
        assertThat(failed(wrong)).containsExactly("binding");
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
