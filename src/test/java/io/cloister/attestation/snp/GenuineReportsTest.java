package io.cloister.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.Vectors;
import io.cloister.attestation.steps.Outcome;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every genuine report and its tampered or mixed-up relatives get the verdict that their index names. */
class GenuineReportsTest {
    private static final Instant AT = Instant.parse("2026-06-01T00:00:00Z");

    private final SnpVerifier verifier = new SnpVerifier();

    private Verification verify(Bytes report, Collateral chain, Instant at) {
        return verifier.verify(report, chain.vek(), chain.intermediate(), chain.root(), Set.of(), at);
    }

    private static List<Step> failed(Verification verification) {
        List<Step> failed = new ArrayList<>();
        for (Map.Entry<Step, Outcome> entry : verification.outcomes().entrySet()) {
            if (entry.getValue() instanceof Outcome.Failed) {
                failed.add(entry.getKey());
            }
        }
        return failed;
    }

    @ParameterizedTest
    @CsvSource({
        "gsg_milan_v2_debug, gsg_milan_vcek, milan, 2, 2026-06-01T00:00:00Z",
        "coco_milan_v2_idkey, coco_milan_vcek, milan, 2, 2026-06-01T00:00:00Z",
        "coco_milan_v3_vlek, coco_milan_vlek, milan, 3, 2025-06-01T00:00:00Z",
        "tav_milan_v3, tav_milan_vcek, milan, 3, 2026-06-01T00:00:00Z",
        "tav_genoa_v3, tav_genoa_vcek, genoa, 3, 2026-06-01T00:00:00Z",
        "tav_turin_v5, tav_turin_vcek, turin, 5, 2026-06-01T00:00:00Z",
        "az_genoa_v3, az_genoa_vcek, genoa, 3, 2026-06-01T00:00:00Z",
        "az_userdata_v3, az_userdata_vcek, milan, 3, 2026-06-01T00:00:00Z",
        "az_milan3_v3, az_milan3_vcek, milan, 3, 2026-06-01T00:00:00Z",
        "az_coco_milan_v2, az_coco_milan_vcek, milan, 2, 2026-06-01T00:00:00Z"
    })
    void acceptsGenuineReport(String name, String leaf, String line, int version, Instant at) {
        Collateral chain = Vectors.collateral(leaf, line);
        Verification verification = verify(Vectors.report(name), chain, at);

        assertThat(failed(verification)).isEmpty();
        VerifiedReport verified = verification.report().orElseThrow();
        assertThat(verified.report().version()).isEqualTo(version);
        assertThat(verified.line().title()).isEqualToIgnoringCase(line);
        assertThat(verified.simulated()).isFalse();
        assertThat(verified.rootDigest()).isEqualTo(verified.line().rootDigest());
    }

    @ParameterizedTest
    @CsvSource({
        "tav_genoa_v3, tav_genoa_vcek, genoa",
        "tav_turin_v5, tav_turin_vcek, turin",
        "tav_milan_v3, tav_milan_vcek, milan"
    })
    void everySoundProviderGivesTheSameAnswer(String name, String leaf, String line) {
        Collateral chain = Vectors.collateral(leaf, line);
        for (SignatureProvider provider : SignatureProvider.available()) {
            Verification verification = new SnpVerifier(provider)
                    .verify(Vectors.report(name), chain.vek(), chain.intermediate(), chain.root(), Set.of(), AT);
            assertThat(verification.report()).as(provider.name()).isPresent();
        }
    }

    @Test
    void tellsWhatAVlekReportIs() {
        Verification verification = verify(
                Vectors.report("coco_milan_v3_vlek"),
                Vectors.collateral("coco_milan_vlek", "milan"),
                Instant.parse("2025-06-01T00:00:00Z"));

        VerifiedReport verified = verification.report().orElseThrow();
        assertThat(verified.signer()).isEqualTo(SigningKeyKind.VLEK);
        assertThat(verified.provider()).contains("CN=cc-us-east-2.amazonaws.com");
        assertThat(verified.report().vmpl()).isEqualTo(1);
        assertThat(verified.chipId()).isEqualTo(Bytes.zeros(64));
    }

    @Test
    void readsTheDebugPolicyOfAGenuineReport() {
        AttestationReport report = AttestationReport.parse(Vectors.report("gsg_milan_v2_debug"));

        assertThat(report.policy().bits()).isEqualTo(0xb0000);
        assertThat(report.policy().debugAllowed()).isTrue();
    }

    @Test
    void refusesLeafOfAnotherChip() {
        assertThat(failed(verify(Vectors.report("az_kinvolk_v2"), Vectors.collateral("az_kinvolk_vcek", "milan"), AT)))
                .containsExactly(Step.CHIP_ID, Step.REPORT_SIGNATURE);
        assertThat(failed(
                        verify(Vectors.report("tav_turin_v5"), Vectors.collateral("sev_turin_vcek_only", "turin"), AT)))
                .contains(Step.CHIP_ID);
    }

    @Test
    void refusesChainOfAnotherProductLine() {
        Collateral turin = Vectors.collateral("tav_turin_vcek", "turin");
        Collateral genoa = Vectors.collateral("tav_genoa_vcek", "genoa");

        Verification wholeChain = verify(Vectors.report("tav_turin_v5"), genoa, AT);
        Verification issuersOnly = verify(
                Vectors.report("tav_turin_v5"), new Collateral(turin.vek(), genoa.intermediate(), genoa.root()), AT);

        assertThat(failed(wholeChain)).contains(Step.PRODUCT_LINE);
        assertThat(wholeChain.outcomes().get(Step.TCB_MATCH)).isInstanceOf(Outcome.Skipped.class);
        assertThat(failed(issuersOnly)).containsExactly(Step.CERTIFICATE_CHAIN, Step.PRODUCT_LINE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"turin_flip_reportdata", "turin_policy_debug"})
    void refusesChangedSignedBytes(String name) {
        Verification verification =
                verify(Vectors.read("invalid/" + name + ".bin"), Vectors.collateral("tav_turin_vcek", "turin"), AT);

        assertThat(failed(verification)).containsExactly(Step.REPORT_SIGNATURE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"turin_flip_reserved_208", "turin_version_6", "turin_sig_trailer_4000"})
    void refusesMalformedReport(String name) {
        Verification verification =
                verify(Vectors.read("invalid/" + name + ".bin"), Vectors.collateral("tav_turin_vcek", "turin"), AT);

        assertThat(failed(verification)).containsExactly(Step.REPORT_FORMAT);
        assertThat(verification.outcomes().values().stream().filter(Outcome.Skipped.class::isInstance))
                .hasSize(Step.values().length - 1);
    }

    @Test
    void refusesCertificatesOutsideTheirDates() {
        Collateral chain = Vectors.collateral("coco_milan_vlek", "milan");

        assertThat(failed(verify(Vectors.report("coco_milan_v3_vlek"), chain, AT)))
                .containsExactly(Step.CERTIFICATE_VALIDITY);
        assertThat(failed(verify(
                        Vectors.report("tav_turin_v5"),
                        Vectors.collateral("tav_turin_vcek", "turin"),
                        Instant.parse("2026-01-01T00:00:00Z"))))
                .containsExactly(Step.CERTIFICATE_VALIDITY);
    }

    @Test
    void refusesSwappedIntermediates() {
        Collateral chain = Vectors.collateral("tav_milan_vcek", "milan");
        Collateral swapped = new Collateral(chain.vek(), Vectors.certificate("milan_asvk"), chain.root());

        assertThat(failed(verify(Vectors.report("tav_milan_v3"), swapped, AT))).contains(Step.CERTIFICATE_CHAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"test-vcek-invalid-legacy", "test-vcek-invalid-new"})
    void readsBothEncodingsOfTheChipId(String name) {
        Bytes counting = Bytes.hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                + "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f");

        assertThat(SnpCertificate.parse(Vectors.read("invalid/" + name + ".der"))
                        .hardwareId(64))
                .contains(counting);
    }

    @Test
    void pinsAmdsRoots() {
        for (ProductLine line : ProductLine.values()) {
            String prefix = line.title().toLowerCase(Locale.ROOT);
            assertThat(SnpCertificate.parse(Vectors.certificate(prefix + "_ark"))
                            .keyDigest())
                    .isEqualTo(line.rootDigest());
        }
    }

    /** Every bit of one report; of the others one bit of each byte, and every bit in a longer run. */
    @ParameterizedTest
    @CsvSource({
        "tav_turin_v5, tav_turin_vcek, turin, 1",
        "tav_genoa_v3, tav_genoa_vcek, genoa, 8",
        "tav_milan_v3, tav_milan_vcek, milan, 8",
        "coco_milan_v2_idkey, coco_milan_vcek, milan, 8",
        "coco_milan_v3_vlek, coco_milan_vlek, milan, 8",
        "gsg_milan_v2_debug, gsg_milan_vcek, milan, 8",
        "az_genoa_v3, az_genoa_vcek, genoa, 8",
        "az_userdata_v3, az_userdata_vcek, milan, 8",
        "az_milan3_v3, az_milan3_vcek, milan, 8",
        "az_coco_milan_v2, az_coco_milan_vcek, milan, 8"
    })
    void refusesEverySingleBitFlip(String name, String leaf, String line, int shortStride) {
        int stride = Integer.getInteger("cloister.budget", 0) > 0 ? 1 : shortStride;
        Bytes report = Vectors.report(name);
        SignatureProvider provider = SignatureProvider.best();
        Bytes key = SnpCertificate.parse(Vectors.collateral(leaf, line).vek()).keyInfo();
        for (int bit = 0; bit < report.length() * 8; bit += stride) {
            int within = stride == 1 ? bit : bit + bit / 8 % 8;
            assertThat(stillSigned(TestChips.flip(report, within), provider, key))
                    .as("bit %d", within)
                    .isFalse();
        }
        assertThat(stillSigned(report, provider, key)).isTrue();
    }

    /** Format and signature alone: the other steps cannot make up for either. */
    private static boolean stillSigned(Bytes report, SignatureProvider provider, Bytes key) {
        try {
            AttestationReport parsed = AttestationReport.parse(report);
            return provider.verifyP384(key, parsed.signedBytes(), parsed.signatureR(), parsed.signatureS());
        } catch (CodecException e) {
            return false;
        }
    }
}
