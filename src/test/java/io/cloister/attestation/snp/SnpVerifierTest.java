package io.cloister.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.steps.Outcome;
import io.cloister.codec.Bytes;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The verifier's branches over chips of the test authority, so that they are tested without genuine vectors, too. */
class SnpVerifierTest {
    private final SnpVerifier verifier = new SnpVerifier();

    private Verification verify(Bytes report, Collateral chain, ProductLine trusted) {
        return verify(report, chain, TestChips.roots(trusted), TestChips.AT);
    }

    private Verification verify(Bytes report, Collateral chain, Set<Bytes> roots, Instant at) {
        return verifier.verify(report, chain.vek(), chain.intermediate(), chain.root(), roots, at);
    }

    private static Set<Step> failed(Verification verification) {
        return verification.outcomes().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Outcome.Failed)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource({"GENOA, 2", "GENOA, 3", "GENOA, 4", "GENOA, 5", "TURIN, 3", "TURIN, 5", "MILAN, 2", "MILAN, 3"})
    void acceptsChipOfATrustedTestRoot(ProductLine line, int version) {
        SimulatedChip chip = TestChips.chip(line);

        Verification verification = verify(chip.sign(TestChips.report(chip, version)), chip.collateral(), line);

        assertThat(failed(verification)).isEmpty();
        VerifiedReport verified = verification.report().orElseThrow();
        assertThat(verified.simulated()).isTrue();
        assertThat(verified.line()).isEqualTo(line);
        assertThat(verified.reportedTcb()).isEqualTo(TestChips.tcb(line));
        assertThat(verified.chipId()).isEqualTo(chip.chipId());
    }

    @Test
    void acceptsKeyOfACloudProvider() {
        SimulatedChip cloud =
                TestChips.authority(ProductLine.GENOA).issueCloudKey("CN=cloud.example", TestChips.GENOA_TCB);

        Verification verification =
                verify(cloud.sign(TestChips.report(cloud, 3)), cloud.collateral(), ProductLine.GENOA);

        assertThat(failed(verification)).isEmpty();
        assertThat(verification.report().orElseThrow().provider()).contains("CN=cloud.example");
    }

    @Test
    void trustsNoTestRootThatIsNotNamed() {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        Bytes report = chip.sign(TestChips.report(chip, 3));

        assertThat(failed(verify(report, chip.collateral(), Set.of(), TestChips.AT)))
                .containsExactly(Step.CERTIFICATE_CHAIN);
        assertThat(failed(verify(
                        report, chip.collateral(), Set.of(TestChips.stranger().rootDigest()), TestChips.AT)))
                .containsExactly(Step.CERTIFICATE_CHAIN);
    }

    @Test
    void refusesTrustedRootThatDidNotIssueTheRest() {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        SimulatedChip stranger = TestChips.stranger().issueChip(TestChips.GENOA_TCB);
        Collateral own = chip.collateral();
        Bytes report = stranger.sign(TestChips.report(stranger, 3));

        assertThat(failed(verify(
                        report,
                        new Collateral(
                                stranger.collateral().vek(),
                                stranger.collateral().intermediate(),
                                own.root()),
                        ProductLine.GENOA)))
                .containsExactly(Step.CERTIFICATE_CHAIN);
        assertThat(failed(verify(
                        report,
                        new Collateral(stranger.collateral().vek(), own.intermediate(), own.root()),
                        ProductLine.GENOA)))
                .containsExactly(Step.CERTIFICATE_CHAIN);
    }

    @Test
    void refusesLeafOfAnotherLineUnderTheSameRootKey() {
        SimulatedChip turin = TestChips.chip(ProductLine.TURIN);
        Collateral genoa = TestChips.chip(ProductLine.GENOA).collateral();
        Bytes report = turin.sign(TestChips.report(turin, 5));

        assertThat(failed(verify(
                        report,
                        new Collateral(turin.collateral().vek(), genoa.intermediate(), genoa.root()),
                        ProductLine.GENOA)))
                .containsExactly(Step.CERTIFICATE_CHAIN);
        assertThat(failed(verify(
                        report,
                        new Collateral(
                                turin.collateral().vek(), turin.collateral().intermediate(), genoa.root()),
                        ProductLine.GENOA)))
                .containsExactly(Step.CERTIFICATE_CHAIN);
    }

    @Test
    void refusesCertificatesInWrongPlaces() {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        Collateral own = chip.collateral();
        Bytes report = chip.sign(TestChips.report(chip, 3));

        assertThat(failed(verify(report, new Collateral(own.intermediate(), own.vek(), own.root()), ProductLine.GENOA)))
                .containsExactly(Step.CERTIFICATE_CHAIN);
        assertThat(failed(verify(report, new Collateral(own.vek(), own.root(), own.root()), ProductLine.GENOA)))
                .containsExactly(Step.CERTIFICATE_CHAIN);
        assertThat(failed(verify(report, new Collateral(own.root(), own.root(), own.root()), ProductLine.GENOA)))
                .containsExactly(Step.CERTIFICATE_CHAIN);
    }

    @Test
    void refusesVcekUnderTheIssuerOfCloudKeys() {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        Bytes cloudIssuer = TestChips.authority(ProductLine.GENOA)
                .issueCloudKey("CN=cloud.example", TestChips.GENOA_TCB)
                .collateral()
                .intermediate();

        assertThat(failed(verify(
                        chip.sign(TestChips.report(chip, 3)),
                        new Collateral(
                                chip.collateral().vek(),
                                cloudIssuer,
                                chip.collateral().root()),
                        ProductLine.GENOA)))
                .containsExactly(Step.CERTIFICATE_CHAIN);
    }

    @Test
    void refusesEveryChangedByteOfACertificate() {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        Bytes report = chip.sign(TestChips.report(chip, 3));
        Collateral own = chip.collateral();
        for (int at = 0; at < own.vek().length(); at += 7) {
            Collateral changed = new Collateral(TestChips.flip(own.vek(), at * 8), own.intermediate(), own.root());
            assertThat(verify(report, changed, ProductLine.GENOA).report())
                    .as("byte %d", at)
                    .isEmpty();
        }
    }

    @Test
    void refusesCertificatesBeforeAndAfterTheirTime() {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        Bytes report = chip.sign(TestChips.report(chip, 3));
        Set<Bytes> roots = TestChips.roots(ProductLine.GENOA);

        assertThat(failed(verify(report, chip.collateral(), roots, TestChips.NOT_BEFORE.minusSeconds(1))))
                .containsExactly(Step.CERTIFICATE_VALIDITY);
        assertThat(failed(verify(report, chip.collateral(), roots, TestChips.NOT_BEFORE)))
                .isEmpty();
        assertThat(failed(verify(report, chip.collateral(), roots, Instant.parse("2034-01-01T00:00:00Z"))))
                .containsExactly(Step.CERTIFICATE_VALIDITY);
    }

    @ParameterizedTest
    @EnumSource(names = {"MILAN", "TURIN"})
    void refusesProcessorOfAnotherLine(ProductLine claimed) {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        Verification verification = verify(
                chip.sign(TestChips.report(chip, 3).cpuid(TestChips.cpuid(claimed))),
                chip.collateral(),
                ProductLine.GENOA);

        assertThat(failed(verification)).containsExactly(Step.PRODUCT_LINE);
        assertThat(verification.outcomes().get(Step.TCB_MATCH)).isInstanceOf(Outcome.Skipped.class);
    }

    @ParameterizedTest
    @CsvSource({"11,0,23,84", "10,1,23,84", "10,0,22,84", "10,0,23,85"})
    void refusesLeafForAnotherTcb(int bootLoader, int tee, int snp, int microcode) {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        Tcb other = Tcb.early(bootLoader, tee, snp, microcode);

        assertThat(failed(
                        verify(chip.sign(TestChips.report(chip, 3).tcb(other)), chip.collateral(), ProductLine.GENOA)))
                .containsExactly(Step.TCB_MATCH);
    }

    @Test
    void refusesLeafForAnotherFmc() {
        SimulatedChip chip = TestChips.chip(ProductLine.TURIN);
        Tcb other = new Tcb(TcbLayout.TURIN, 2, 1, 1, 4, 81);

        assertThat(failed(
                        verify(chip.sign(TestChips.report(chip, 5).tcb(other)), chip.collateral(), ProductLine.TURIN)))
                .containsExactly(Step.TCB_MATCH);
    }

    @Test
    void refusesReportedTcbAboveCommittedOrCommittedAboveCurrent() {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        Tcb lower = Tcb.early(10, 0, 22, 84);
        Tcb higher = Tcb.early(10, 0, 24, 84);

        assertThat(failed(verify(
                        chip.sign(TestChips.report(chip, 3).committedTcb(lower)),
                        chip.collateral(),
                        ProductLine.GENOA)))
                .containsExactly(Step.TCB_MATCH);
        assertThat(failed(verify(
                        chip.sign(TestChips.report(chip, 3).committedTcb(higher)),
                        chip.collateral(),
                        ProductLine.GENOA)))
                .containsExactly(Step.TCB_MATCH);
        assertThat(failed(verify(
                        chip.sign(TestChips.report(chip, 3).committedTcb(higher).currentTcb(higher)),
                        chip.collateral(),
                        ProductLine.GENOA)))
                .isEmpty();
    }

    @Test
    void refusesReportOfAnotherChip() {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        Bytes report = chip.sign(TestChips.report(chip, 3).chipId(TestChips.filled(64, 9)));

        assertThat(failed(verify(report, chip.collateral(), ProductLine.GENOA))).containsExactly(Step.CHIP_ID);
        assertThat(failed(verify(
                        chip.sign(TestChips.report(chip, 3)),
                        TestChips.chip(ProductLine.GENOA).collateral(),
                        ProductLine.GENOA)))
                .containsExactlyInAnyOrder(Step.CHIP_ID, Step.REPORT_SIGNATURE);
    }

    @Test
    void refusesMaskedChipIdUnderAVcek() {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);

        assertThat(failed(verify(
                        chip.sign(TestChips.report(chip, 3).chipId(Bytes.zeros(64))),
                        chip.collateral(),
                        ProductLine.GENOA)))
                .containsExactly(Step.CHIP_ID);
    }

    @Test
    void refusesTurinChipIdWithBytesBehindIt() {
        SimulatedChip chip = TestChips.chip(ProductLine.TURIN);
        Bytes padded = Bytes.concat(chip.chipId(), Bytes.zeros(55), TestChips.filled(1, 1));

        assertThat(failed(verify(
                        chip.sign(TestChips.report(chip, 5).chipId(padded)), chip.collateral(), ProductLine.TURIN)))
                .containsExactly(Step.CHIP_ID);
    }

    @Test
    void refusesReportThatNamesAnotherKindOfKey() {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);

        assertThat(failed(verify(
                        chip.sign(TestChips.report(chip, 3).signingKey(SigningKeyKind.VLEK)),
                        chip.collateral(),
                        ProductLine.GENOA)))
                .containsExactly(Step.REPORT_SIGNATURE);
    }

    @Test
    void refusesEverySingleBitFlipOfItsOwnReports() {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        Bytes report = chip.sign(TestChips.report(chip, 3));
        for (int at = 0; at < report.length(); at++) {
            Bytes changed = TestChips.flip(report, at * 8 + at % 8);
            assertThat(verify(changed, chip.collateral(), ProductLine.GENOA).report())
                    .as("byte %d", at)
                    .isEmpty();
        }
    }

    @Test
    void refusesZeroAndOversizeSignatureNumbers() {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        ReportBuilder report = TestChips.report(chip, 3);
        for (Bytes r : new Bytes[] {Bytes.zeros(48), TestChips.filled(48, 0xff)}) {
            for (Bytes s : new Bytes[] {Bytes.zeros(48), TestChips.filled(48, 0xff)}) {
                assertThat(failed(verify(report.build(r, s), chip.collateral(), ProductLine.GENOA)))
                        .containsExactly(Step.REPORT_SIGNATURE);
            }
        }
    }

    @Property(tries = 200)
    void neverThrowsForAnyCertificateBytes(@ForAll @Size(max = 100) byte[] noise) {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        Bytes report = chip.sign(TestChips.report(chip, 3));
        Bytes junk = Bytes.of(noise);
        Collateral own = chip.collateral();

        assertThat(verify(report, new Collateral(junk, own.intermediate(), own.root()), ProductLine.GENOA)
                        .report())
                .isEmpty();
        assertThat(verify(junk, new Collateral(junk, junk, junk), ProductLine.GENOA)
                        .report())
                .isEmpty();
    }
}
