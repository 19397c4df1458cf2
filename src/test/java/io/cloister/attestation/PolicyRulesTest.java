package io.cloister.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Check.Result;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.policy.Subject;
import io.cloister.attestation.snp.Cpuid;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.attestation.snp.PlatformInfo;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.ReportBuilder;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every rule of a policy refuses by itself, and lets pass what satisfies it. */
class PolicyRulesTest {
    private static final Bytes KEY = TestChips.filled(48, 7);
    private static final Bytes ID = TestChips.filled(16, 7);
    private static final Bytes HOST = TestChips.filled(32, 7);

    private final SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
    private final SimulatedChip turin = TestChips.chip(ProductLine.TURIN);
    private final Policy base = TestChips.policy(ProductLine.GENOA);
    private final EvidenceVerifier verifier = new EvidenceVerifier();

    private ReportBuilder report() {
        return TestChips.report(chip, 3);
    }

    private Verdict judge(SimulatedChip signer, ReportBuilder report, Policy policy) {
        return verifier.examine(
                        new SnpEvidence(signer.sign(report), signer.collateral()),
                        Demanded.NOTHING,
                        policy.roots().testRoots(),
                        TestChips.AT)
                .appraise(policy);
    }

    private static List<String> failed(Verdict verdict) {
        return verdict.failures().stream().map(Check::name).toList();
    }

    private Policy with(String group, String member, String json) {
        return Policies.with(base).set(group, member, json).build();
    }

    /** A rule, what it refuses and what it lets pass under one policy. */
    private record Case(
            String rule, Policy policy, SimulatedChip signer, ReportBuilder refused, ReportBuilder passed) {}

    private Case on(
            String rule, Policy policy, UnaryOperator<ReportBuilder> refused, UnaryOperator<ReportBuilder> good) {
        return new Case(rule, policy, chip, refused.apply(report()), good.apply(report()));
    }

    private Case bit(String rule, String member, String demand, long refused, long passed) {
        return on(
                rule,
                with("guest", member, "'" + demand + "'"),
                r -> r.policy(new GuestPolicy(refused)),
                r -> r.policy(new GuestPolicy(passed)));
    }

    private Case info(String rule, String member, String demand, long refused, long passed) {
        return on(
                rule,
                with("platform", member, "'" + demand + "'"),
                r -> r.platformInfo(new PlatformInfo(refused)),
                r -> r.platformInfo(new PlatformInfo(passed)));
    }

    private Stream<Case> cases() {
        Policy mitigations = Policies.with(TestChips.policy(ProductLine.TURIN))
                .set("firmware", "minimumMitigations", "{'Turin': {'launch': '0x6', 'current': '0x0'}}")
                .build();
        Policy present = Policies.with(TestChips.policy(ProductLine.TURIN))
                .set("firmware", "minimumMitigations", "{'Turin': {'launch': '0x0', 'current': '0x18'}}")
                .build();
        return Stream.of(
                on(
                        "minimum-tcb",
                        with(
                                "firmware",
                                "minimumTcb",
                                "{'Genoa': {'bootLoader': 10, 'tee': 0, 'snp': 23, 'microcode': 84}}"),
                        r -> r.tcb(TestChips.GENOA_TCB),
                        r -> r),
                on(
                        "microcode",
                        with("firmware", "minimumMicrocode", "{'19/11/1': 85, '19/11/2': 84}"),
                        r -> r,
                        r -> r.cpuid(new Cpuid(0x19, 0x11, 2))),
                on(
                        "launch-tcb",
                        with(
                                "firmware",
                                "minimumLaunchTcb",
                                "{'Genoa': {'bootLoader': 10, 'tee': 0, 'snp': 23, 'microcode': 84}}"),
                        r -> r.launchTcb(Tcb.early(10, 0, 22, 84)),
                        r -> r),
                on(
                        "provisional-firmware",
                        with("firmware", "provisional", "'forbidden'"),
                        r -> r.currentTcb(Tcb.early(10, 0, 24, 84)),
                        r -> r),
                new Case(
                        "launch-mitigations",
                        mitigations,
                        turin,
                        TestChips.report(turin, 5).mitigations(0x4, 0x3f),
                        TestChips.report(turin, 5).mitigations(0x6, 0)),
                new Case(
                        "mitigations",
                        present,
                        turin,
                        TestChips.report(turin, 5).mitigations(0x3f, 0x10),
                        TestChips.report(turin, 5).mitigations(0, 0x18)),
                on("measurement", base, r -> r.measurement(TestChips.filled(48, 1)), r -> r),
                on(
                        "id-key",
                        with("launch", "idKeys", Policies.list(KEY)),
                        r -> r.idKeyDigest(TestChips.filled(48, 1)),
                        r -> r.idKeyDigest(KEY)),
                on(
                        "author-key",
                        with("launch", "authorKeys", Policies.list(KEY)),
                        r -> r.authorKeyDigest(TestChips.filled(48, 1)),
                        r -> r.authorKeyDigest(KEY)),
                on(
                        "author-key",
                        with("launch", "authorKeys", Policies.list(KEY)),
                        r -> r.authorKeyDigest(KEY).authorKeyEnabled(false),
                        r -> r.authorKeyDigest(KEY)),
                on("guest-svn", with("launch", "minimumGuestSvn", "5"), r -> r.guestSvn(4), r -> r.guestSvn(5)),
                on(
                        "family-id",
                        with("launch", "familyIds", Policies.list(ID)),
                        r -> r.familyId(TestChips.filled(16, 1)),
                        r -> r.familyId(ID)),
                on(
                        "image-id",
                        with("launch", "imageIds", Policies.list(ID)),
                        r -> r.imageId(TestChips.filled(16, 1)),
                        r -> r.imageId(ID)),
                on(
                        "host-data",
                        with("launch", "hostData", Policies.list(HOST)),
                        r -> r.hostData(TestChips.filled(32, 1)),
                        r -> r.hostData(HOST)),
                on("vmpl", with("launch", "maximumVmpl", "1"), r -> r.vmpl(2), r -> r.vmpl(1)),
                on(
                        "guest-abi",
                        Policies.with(base)
                                .set("guest", "minimumAbiMajor", "1")
                                .set("guest", "minimumAbiMinor", "55")
                                .build(),
                        r -> r.policy(new GuestPolicy(0x30136)),
                        r -> r.policy(new GuestPolicy(0x30137))),
                bit("guest-smt", "smt", "forbidden", 0x30000, 0x20000),
                bit("guest-migration-agent", "migrationAgent", "forbidden", 0x70000, 0x30000),
                bit("guest-debug", "debug", "forbidden", 0xB0000, 0x30000),
                bit("guest-single-socket", "singleSocket", "required", 0x30000, 0x130000),
                bit("guest-cxl", "cxl", "forbidden", 0x230000, 0x30000),
                bit("guest-aes-256-xts", "aes256Xts", "required", 0x30000, 0x430000),
                bit("guest-rapl", "raplDisabled", "required", 0x30000, 0x830000),
                bit("guest-ciphertext-hiding", "ciphertextHiding", "required", 0x30000, 0x1030000),
                bit("guest-page-swap", "pageSwapDisabled", "required", 0x30000, 0x2030000),
                info("platform-smt", "smt", "forbidden", 0x25, 0x24),
                info("platform-transparent-encryption", "transparentEncryption", "required", 0x24, 0x26),
                info("platform-ecc", "eccMemory", "required", 0x20, 0x24),
                info("platform-rapl", "raplDisabled", "required", 0x24, 0x2c),
                info("platform-ciphertext-hiding", "ciphertextHiding", "required", 0x24, 0x34),
                info("platform-alias-check", "aliasCheck", "required", 0x04, 0x24),
                info("platform-iommu-write-safe", "iommuWriteSafe", "required", 0x24, 0x64),
                info("platform-trusted-io", "trustedIo", "forbidden", 0xa4, 0x24));
    }

    @TestFactory
    Stream<DynamicTest> eachRuleRefusesAlone() {
        return cases().filter(c -> !c.rule().equals("minimum-tcb"))
                .map(c -> DynamicTest.dynamicTest(c.rule(), () -> {
                    Verdict refused = judge(c.signer(), c.refused(), c.policy());
                    assertThat(failed(refused)).containsExactly("policy." + c.rule());
                    assertThat(refused.accepted()).isFalse();
                    assertThat(refused.grade()).isEqualTo(Grade.D);
                    Verdict passed = judge(c.signer(), c.passed(), c.policy());
                    assertThat(passed.accepted()).as(passed.summary()).isTrue();
                    assertThat(passed.checks()).contains(check(passed, c.rule(), Result.PASSED, Result.SKIPPED));
                }));
    }

    private static Check check(Verdict verdict, String rule, Result... results) {
        return verdict.checks().stream()
                .filter(check -> check.name().equals("policy." + rule)
                        && List.of(results).contains(check.result()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theMinimumTcbCountsComponentByComponent() {
        for (Tcb least : List.of(
                Tcb.early(11, 0, 0, 0), Tcb.early(0, 1, 0, 0), Tcb.early(0, 0, 24, 0), Tcb.early(0, 0, 0, 85))) {
            Policy policy =
                    Policies.with(base).productLine(ProductLine.GENOA, least).build();
            assertThat(failed(judge(chip, report(), policy))).containsExactly("policy.minimum-tcb");
        }
        Policy none = Policies.with(base).withoutMinimumTcb(ProductLine.GENOA).build();
        assertThat(failed(judge(chip, report(), none))).containsExactly("policy.minimum-tcb");
    }

    @Test
    void aListOfMicrocodeRefusesProcessorsThatItDoesNotName() {
        Policy policy = with("firmware", "minimumMicrocode", "{'19/11/2': 0}");
        assertThat(failed(judge(chip, report(), policy))).containsExactly("policy.microcode");
        assertThat(failed(judge(chip, TestChips.report(chip, 2), policy))).containsExactly("policy.microcode");
    }

    @Test
    void linesMustBeNamed() {
        Policy policy =
                Policies.with(base).withoutProductLine(ProductLine.GENOA).build();
        assertThat(failed(judge(chip, report(), policy))).containsExactly("policy.product-line");
    }

    @Test
    void aPolicyThatNamesNoSoftwareRefusesUnlessItSaysSo() {
        Policy silent = Policies.with(base).measurements().build();
        assertThat(failed(judge(chip, report(), silent))).containsExactly("policy.launch");

        Policy any = Policies.with(silent).set("launch", "named", "'any'").build();
        Verdict verdict = judge(chip, report(), any);
        assertThat(verdict.accepted()).isTrue();
        assertThat(check(verdict, "launch", Result.SKIPPED).detail()).contains("does not judge");
        assertThat(check(verdict, "measurement", Result.SKIPPED).detail()).contains("names no measurements");
    }

    @Test
    void aRevocationListCanBeDemanded() {
        Policy policy = with("roots", "revocationList", "'required'");
        assertThat(failed(judge(chip, report(), policy))).containsExactly("policy.revocation");

        Bytes list = TestChips.authority(ProductLine.GENOA)
                .revocationList(TestChips.AT, TestChips.AT.plus(Duration.ofDays(30)), List.of());
        Verdict verdict = verifier.examine(
                        new SnpEvidence(chip.sign(report()), chip.collateral().with(list)),
                        Demanded.NOTHING,
                        policy.roots().testRoots(),
                        TestChips.AT)
                .appraise(policy);
        assertThat(verdict.accepted()).as(verdict.summary()).isTrue();
    }

    @Test
    void chipsCanBeAllowedAndDenied() {
        Bytes other = TestChips.chip(ProductLine.GENOA).chipId();
        assertThat(failed(judge(chip, report(), with("chips", "allowed", Policies.list(other)))))
                .containsExactly("policy.chip-allowed");
        assertThat(failed(judge(chip, report(), with("chips", "denied", Policies.list(chip.chipId())))))
                .containsExactly("policy.chip-denied");
        Policy both = Policies.with(base)
                .set("chips", "allowed", Policies.list(chip.chipId()))
                .set("chips", "denied", Policies.list(other))
                .build();
        assertThat(judge(chip, report(), both).accepted()).isTrue();
    }

    @Test
    void aHiddenChipSatisfiesNoListOfChips() {
        SimulatedChip cloud = TestChips.authority(ProductLine.GENOA).issueCloudKey("cc.example", TestChips.GENOA_TCB);
        assertThat(judge(cloud, TestChips.report(cloud, 3), base).accepted()).isTrue();
        Policy listed = Policies.with(base)
                .set("chips", "allowed", Policies.list(chip.chipId()))
                .set("chips", "denied", Policies.list(chip.chipId()))
                .build();
        assertThat(failed(judge(cloud, TestChips.report(cloud, 3), listed)))
                .containsExactly("policy.chip-allowed", "policy.chip-denied");
    }

    @Test
    void aTpmInFrontOfAGuestLiftsNoListOfSoftware() {
        Policy measured = Policies.with(Golden.policy())
                .set("boot", "named", "'any'")
                .set("boot", "profiles", "{}")
                .build();
        Policy silent = Policies.with(measured)
                .measurements()
                .set("launch", "named", "'any'")
                .build();
        for (Evidence evidence : Golden.evidence()) {
            if (!(evidence.hardware() instanceof SnpEvidence)) {
                assertThat(failed(verifier.verify(evidence, Golden.LEAF, measured, Golden.at())))
                        .containsExactly("policy.boot-firmware", "policy.pcrs");
                assertThat(failed(verifier.verify(evidence, Golden.LEAF, silent, Golden.at())))
                        .isEmpty();
            }
        }
    }

    @Test
    void claimsOfAzuresParavisorCountFromTheHighestPrivilegeLevelOnly() {
        Policy lower = with("launch", "maximumVmpl", "2");
        Verdict own = judge(chip, report().vmpl(2), lower);
        assertThat(own.accepted()).as(own.summary()).isTrue();

        Examination examined = verifier.examine(
                new SnpEvidence(chip.sign(report().vmpl(2)), chip.collateral()),
                Demanded.NOTHING,
                base.roots().testRoots(),
                TestChips.AT);
        Subject behindParavisor =
                new Subject(AzureEvidence.KIND, examined.genuine().orElseThrow().hardware(), Optional.empty(), false);
        Verdict verdict =
                new Examination(examined.checks(), Optional.of(behindParavisor), examined.claims()).appraise(lower);
        assertThat(failed(verdict)).containsExactly("policy.vmpl");
    }

    @Test
    void mitigationsAreDemandedOfReportsThatStateThemOnly() {
        Policy policy = with("firmware", "minimumMitigations", "{'Genoa': {'launch': '0x1', 'current': '0x1'}}");
        assertThat(failed(judge(chip, report(), policy)))
                .containsExactly("policy.launch-mitigations", "policy.mitigations");
        assertThat(judge(chip, TestChips.report(chip, 5).mitigations(1, 3), policy)
                        .accepted())
                .isTrue();
    }

    @Test
    void whatIsRefusedByDefaultCanBeAllowedByName() {
        Policy lax = Policies.with(base)
                .set("guest", "debug", "'any'")
                .set("guest", "migrationAgent", "'any'")
                .set("launch", "maximumVmpl", "2")
                .build();
        assertThat(judge(chip, report().policy(new GuestPolicy(0xF0000)).vmpl(2), lax)
                        .accepted())
                .isTrue();
    }

    @Test
    void everyRuleHasACase() {
        Set<String> tested = new TreeSet<>(cases().map(Case::rule).toList());
        tested.addAll(List.of(
                "root",
                "product-line",
                "revocation",
                "launch",
                "boot-firmware",
                "pcrs",
                "chip-allowed",
                "chip-denied"));
        assertThat(base.rules().stream().map(io.cloister.attestation.policy.Rule::name))
                .containsExactlyInAnyOrderElementsOf(tested);
    }
}
