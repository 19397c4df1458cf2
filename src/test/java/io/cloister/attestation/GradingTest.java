package io.cloister.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.policy.Subject;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.attestation.snp.PlatformInfo;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.ReportBuilder;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.attestation.snp.Tcb;
import io.cloister.attestation.snp.VerifiedReport;
import io.cloister.codec.Bytes;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GradingTest {
    private static final Bytes CHIP = TestChips.filled(64, 5);
    private static final int BEST = 0x34; // ECC, ciphertext hiding, alias check, no SMT

    private static Subject subject(ProductLine line, int platformInfo, SigningKeyKind signer) {
        Bytes raw = new ReportBuilder(3)
                .policy(new GuestPolicy(0x30000))
                .platformInfo(new PlatformInfo(platformInfo))
                .cpuid(TestChips.cpuid(line))
                .tcb(TestChips.tcb(line))
                .chipId(CHIP.slice(0, line.chipIdLength()))
                .build(Bytes.zeros(48), Bytes.zeros(48));
        return new Subject(
                SnpEvidence.KIND,
                new VerifiedReport(
                        AttestationReport.parse(raw), line, signer, Optional.empty(), line.rootDigest(), false),
                Optional.empty(),
                false);
    }

    private static Policy policy(Custody custody) {
        return Policies.with(TestChips.policy(ProductLine.GENOA))
                .custody(CHIP, custody)
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "GENOA, 0x34, A, ''",
        "GENOA, 0x35, B, smt-enabled",
        "GENOA, 0x24, B, no-ciphertext-hiding",
        "GENOA, 0x25, B, 'smt-enabled,no-ciphertext-hiding'",
        "GENOA, 0x14, C, no-alias-check",
        "GENOA, 0x05, C, 'smt-enabled,no-ciphertext-hiding,no-alias-check'",
        "MILAN, 0x34, D, milan"
    })
    void gradesThePlatform(ProductLine line, String info, Grade grade, String reasons) {
        Grading grading =
                Grading.of(subject(line, Integer.decode(info), SigningKeyKind.VCEK), policy(Custody.CLOUD_OPERATED));

        assertThat(grading.grade()).isEqualTo(grade);
        assertThat(String.join(",", grading.reasons())).isEqualTo(reasons);
    }

    @ParameterizedTest
    @CsvSource({"CLOUD_OPERATED, A", "COLOCATED, B", "OWNER_HELD, C"})
    void gradesTheCustody(Custody custody, Grade grade) {
        assertThat(Grading.of(subject(ProductLine.GENOA, BEST, SigningKeyKind.VCEK), policy(custody))
                        .grade())
                .isEqualTo(grade);
    }

    @Test
    void chipThatNobodyKnowsCountsAsOwnerHeld() {
        Grading grading =
                Grading.of(subject(ProductLine.TURIN, BEST, SigningKeyKind.VCEK), TestChips.policy(ProductLine.TURIN));

        assertThat(grading.custody()).isEqualTo(Custody.OWNER_HELD);
        assertThat(grading.reasons()).containsExactly("custody-unknown");
    }

    @Test
    void keyOfACloudProviderMeansCloudCustody() {
        assertThat(Grading.of(
                                subject(ProductLine.GENOA, BEST, SigningKeyKind.VLEK),
                                TestChips.policy(ProductLine.GENOA))
                        .grade())
                .isEqualTo(Grade.A);
    }

    @Test
    void theWorseAxisCounts() {
        assertThat(Grade.A.worse(Grade.C)).isEqualTo(Grade.C);
        assertThat(Grade.D.worse(Grade.A)).isEqualTo(Grade.D);
        assertThat(Grade.B.atLeast(Grade.B)).isTrue();
        assertThat(Grade.C.atLeast(Grade.B)).isFalse();
    }

    @Test
    void genuineCloudMachineGetsMoreThanD() {
        Bytes report = Vectors.report("tav_genoa_v3");
        Collateral chain = Vectors.collateral("tav_genoa_vcek", "genoa");
        Policy policy = Policies.with(TestChips.policy(ProductLine.GENOA))
                .measurements(AttestationReport.parse(report).measurement())
                .custody(AttestationReport.parse(report).chipId(), Custody.CLOUD_OPERATED)
                .testRoots()
                .build();

        Verdict verdict = new EvidenceVerifier()
                .examine(
                        new SnpEvidence(report, chain),
                        Demanded.NOTHING,
                        Set.of(),
                        Instant.parse("2026-06-01T00:00:00Z"))
                .appraise(policy);

        assertThat(verdict.accepted()).as(verdict.summary()).isTrue();
        assertThat(verdict.grade()).isEqualTo(Grade.B);
        assertThat(verdict.claims()).containsEntry("grade.reasons", "smt-enabled,no-ciphertext-hiding");
    }

    @Test
    void genuineDebugReportIsRefusedByPolicy() {
        Bytes report = Vectors.report("gsg_milan_v2_debug");
        Policy milan = Policies.with(TestChips.policy(ProductLine.MILAN))
                .productLine(ProductLine.MILAN, Tcb.early(0, 0, 0, 0))
                .measurements(AttestationReport.parse(report).measurement())
                .build();

        Verdict verdict = new EvidenceVerifier()
                .examine(
                        new SnpEvidence(report, Vectors.collateral("gsg_milan_vcek", "milan")),
                        Demanded.NOTHING,
                        Set.of(),
                        Instant.parse("2026-06-01T00:00:00Z"))
                .appraise(milan);

        assertThat(verdict.failures().stream().map(Check::name)).containsExactly("policy.guest-debug");
    }
}
