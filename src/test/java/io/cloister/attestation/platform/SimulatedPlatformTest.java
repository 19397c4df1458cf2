package io.cloister.attestation.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.Demanded;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.Verdict;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Simulated chips without a device: in this process, in a folder, and found by the detector. */
class SimulatedPlatformTest {
    private static final Bytes DATA = TestChips.filled(64, 0x77);
    private static final SimulatedGuest GUEST = SimulatedGuest.of(TestChips.MEASUREMENT);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"GENOA, 2", "GENOA, 3", "GENOA, 5", "TURIN, 5", "MILAN, 2"})
    void reportInThisProcessVerifies(ProductLine line, int version) {
        try (PureJavaPlatform platform = new PureJavaPlatform(TestChips.chip(line), GUEST.withReportVersion(version))) {
            Verdict verdict = new EvidenceVerifier()
                    .examine(platform.attest(DATA), Demanded.data(DATA), TestChips.roots(line), TestChips.AT)
                    .appraise(TestChips.policy(line));

            assertThat(verdict.accepted()).as(verdict.summary()).isTrue();
            assertThat(platform.name()).contains("simulated");
        }
    }

    @ParameterizedTest
    @EnumSource(ProductLine.class)
    void chipIsReadBackFromItsFolder(ProductLine line) throws IOException {
        SimulatedChip chip = TestChips.chip(line);
        chip.save(folder);
        chip.save(folder); // over an earlier one
        SimulatedChip loaded = SimulatedChip.load(folder);

        assertThat(loaded.collateral()).isEqualTo(chip.collateral());
        assertThat(loaded.line()).isEqualTo(line);
        assertThat(loaded.tcb()).isEqualTo(TestChips.tcb(line));
        assertThat(loaded.chipId()).isEqualTo(chip.chipId());
        assertThat(key(new PureJavaPlatform(loaded, GUEST))).isEqualTo(key(new PureJavaPlatform(chip, GUEST)));
    }

    @Test
    void secretsOfAChipAreForItsOwnerOnly() throws IOException {
        TestChips.chip(ProductLine.GENOA).save(folder);

        for (String secret : new String[] {"vcek.pem", "derived-root.hex"}) {
            assertThat(Files.getPosixFilePermissions(folder.resolve(secret)))
                    .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        }
    }

    @Test
    void refusesFoldersThatHoldNoChip() throws IOException {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> SimulatedChip.load(folder));
        TestChips.chip(ProductLine.GENOA).save(folder);
        Files.writeString(folder.resolve("vcek.pem"), "no key");
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> SimulatedChip.load(folder));
        Files.write(folder.resolve("certificates.bin"), new byte[24]);
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> SimulatedChip.load(folder));
    }

    @Test
    void derivedKeyDependsOnChipMeasurementAndPolicy() {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        Bytes mine = key(new PureJavaPlatform(chip, GUEST));

        assertThat(key(new PureJavaPlatform(chip, GUEST))).isEqualTo(mine);
        assertThat(key(new PureJavaPlatform(TestChips.chip(ProductLine.GENOA), GUEST)))
                .isNotEqualTo(mine);
        assertThat(key(new PureJavaPlatform(chip, SimulatedGuest.of(Bytes.zeros(48)))))
                .isNotEqualTo(mine);
        assertThat(key(new PureJavaPlatform(chip, GUEST.withPolicy(0xB0000)))).isNotEqualTo(mine);
    }

    /** The key that a node seals under, in the clear because it is compared. */
    private static Bytes key(Platform platform) {
        AttestationReport own = AttestationReport.parse(platform.report(Bytes.zeros(64)));
        try (SecretBytes key = platform.derivedKey(DerivedKeyRequest.sealing(own))) {
            return key.use(Bytes::of);
        }
    }

    @Test
    void testCertificatesDoNotPretendToBeAmds() {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        SnpCertificate root = SnpCertificate.parse(chip.collateral().root());

        assertThat(root.commonName()).isEqualTo("ARK-Genoa");
        assertThat(root.keyDigest())
                .isEqualTo(TestChips.authority(ProductLine.GENOA).rootDigest());
        assertThat(ProductLine.ofRoot(root.keyDigest())).isEmpty();
        assertThat(new String(root.encode().toArray(), StandardCharsets.ISO_8859_1))
                .contains("not AMD");
    }
}
