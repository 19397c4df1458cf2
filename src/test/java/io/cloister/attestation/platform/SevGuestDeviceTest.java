package io.cloister.attestation.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Policies;
import io.cloister.attestation.Policy;
import io.cloister.attestation.Purpose;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.Verdict;
import io.cloister.attestation.kds.ChipKey;
import io.cloister.attestation.kds.CollateralSource;
import io.cloister.attestation.platform.DerivedKeyRequest.GuestField;
import io.cloister.attestation.platform.DerivedKeyRequest.RootKey;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.SecretBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The JNI library against the simulator over real FUSE: the same ioctls that a SEV-SNP guest makes. */
class SevGuestDeviceTest extends WithSimulator {
    @ParameterizedTest
    @CsvSource({"GENOA, 2", "GENOA, 3", "GENOA, 5", "TURIN, 3", "TURIN, 5", "MILAN, 2", "MILAN, 3"})
    void reportOfTheDeviceVerifies(ProductLine line, int version) throws IOException {
        SimulatedChip chip = TestChips.chip(line);
        try (SevGuestDevice device = start(chip, GUEST.withReportVersion(version))) {
            Bytes report = device.report(DATA);

            Verdict verdict = verdict(device, report, TestChips.policy(line));
            assertThat(verdict.accepted()).as(verdict.summary()).isTrue();
            assertThat(AttestationReport.parse(report).version()).isEqualTo(version);
            assertThat(device.collateral()).isEqualTo(chip.collateral());
        }
    }

    @Test
    void serviceOverTheDeviceMakesEvidenceForManyLeaves() throws Exception {
        try (SevGuestDevice device = start(TestChips.chip(ProductLine.GENOA), GUEST);
                AttestationService service =
                        new AttestationService(device, TestChips::keys, AttestationService.Settings.DEFAULT)) {
            Leaf peer = new Leaf(Purpose.PEER_CHANNEL, List.of(Bytes.utf8("exporter")));
            Leaf nonce = Leaf.restNonce(TestChips.filled(32, 1), TestChips.filled(32, 2));
            Evidence first = service.attest(peer).get(30, TimeUnit.SECONDS);
            Evidence second = Evidence.decode(
                    service.attest(nonce).get(30, TimeUnit.SECONDS).encode());
            EvidenceVerifier verifier = new EvidenceVerifier();
            Policy policy = TestChips.policy(ProductLine.GENOA);

            assertThat(verifier.verify(first, peer, policy, TestChips.AT).accepted())
                    .isTrue();
            assertThat(verifier.verify(second, nonce, policy, TestChips.AT).accepted())
                    .isTrue();
            assertThat(verifier.verify(second, peer, policy, TestChips.AT).accepted())
                    .isFalse();
        }
    }

    @Test
    void growsItsTableWhenTheDriverSaysThatItIsTooSmall() throws IOException {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        try (SevGuestDevice device = start(chip, GUEST, 0)) {
            device.report(DATA);

            assertThat(device.collateral()).isEqualTo(chip.collateral());
        }
    }

    @Test
    void driverAnswersEioWithTheLengthItWants() throws IOException {
        try (SevGuestDevice device = start(TestChips.chip(ProductLine.GENOA), GUEST)) {
            assertThat(device.name()).endsWith("sev-guest through " + driver().name());
            int descriptor = driver().open(simulator.get().device().toString());
            long[] exitInfo = new long[2];
            byte[] response = new byte[GuestAnswers.REPORT_BUFFER];

            int none = driver().extendedReport(descriptor, DATA.toArray(), 0, new byte[0], response, exitInfo);
            assertThat(none).isEqualTo(DriverErrors.EIO);
            assertThat(exitInfo).containsExactly(1L << 32, 8192);
            int page = driver().extendedReport(descriptor, DATA.toArray(), 0, new byte[4096], response, exitInfo);
            assertThat(page).isEqualTo(DriverErrors.EIO);
            assertThat(exitInfo).containsExactly(1L << 32, 8192);
            int odd = driver().extendedReport(descriptor, DATA.toArray(), 0, new byte[5000], response, exitInfo);
            assertThat(odd).isEqualTo(DriverErrors.EINVAL);
            assertThat(exitInfo[0]).isEqualTo(0xff);
            int large = driver().extendedReport(descriptor, DATA.toArray(), 0, new byte[20480], response, exitInfo);
            assertThat(large).isEqualTo(DriverErrors.EINVAL);
            int good = driver().extendedReport(descriptor, DATA.toArray(), 0, new byte[8192], response, exitInfo);
            assertThat(good).isZero();
            assertThat(exitInfo[0]).isZero();
            assertThat(driver().close(descriptor)).isZero();
        }
    }

    @Test
    void plainReportHasTheVmplThatWasAsked() throws IOException {
        try (SevGuestDevice device = start(TestChips.chip(ProductLine.GENOA), GUEST)) {
            AttestationReport report = AttestationReport.parse(device.plainReport(DATA, 2));

            assertThat(report.vmpl()).isEqualTo(2);
            assertThat(report.reportData()).isEqualTo(DATA);
            assertThatExceptionOfType(PlatformException.FirmwareError.class)
                    .isThrownBy(() -> device.plainReport(DATA, 4))
                    .satisfies(e -> assertThat(e.status()).isEqualTo(FirmwareStatus.INVALID_PARAMETER));
            assertThat(device.report(DATA)).isNotNull(); // a refusal inside an answer costs nothing
            assertThatExceptionOfType(CodecException.class)
                    .isThrownBy(() -> device.plainReport(Bytes.zeros(65), 0))
                    .withMessageContaining("64 bytes, not 65");
        }
    }

    @Test
    void guestWithDebugPolicyOrOtherMeasurementIsRefused() throws IOException {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        Policy policy = TestChips.policy(ProductLine.GENOA);
        try (SevGuestDevice device = start(chip, GUEST.withPolicy(0xB0000))) {
            Bytes report = device.report(DATA);

            assertThat(verdict(device, report, policy).failures())
                    .singleElement()
                    .satisfies(check -> assertThat(check.name()).isEqualTo("policy.guest-debug"));
            assertThat(verdict(
                                    device,
                                    report,
                                    Policies.with(policy)
                                            .measurements(Bytes.zeros(48))
                                            .build())
                            .failures())
                    .hasSize(2);
        }
    }

    @Test
    void changedWarIsRefused() throws IOException {
        Path library = NativeTools.library();
        Path war = Files.writeString(folder.resolve("cloister.war"), "a release");
        Policy policy = Policy.devnet(
                List.of(ReleaseFiles.measure(war, library)),
                List.of(TestChips.authority(ProductLine.GENOA).rootDigest()));
        Files.writeString(war, "a release, changed");
        SimulatedGuest changed = SimulatedGuest.of(ReleaseFiles.measure(war, library));
        try (SevGuestDevice device = start(TestChips.chip(ProductLine.GENOA), changed)) {
            assertThat(verdict(device, device.report(DATA), policy).failures())
                    .singleElement()
                    .satisfies(check -> assertThat(check.name()).isEqualTo("policy.measurement"));
        }
    }

    @Test
    void derivedKeyIsTheSameForTheSameGuestAndEqualToTheJavaPlatforms() throws IOException {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        try (SevGuestDevice device = start(chip, GUEST);
                PureJavaPlatform java = new PureJavaPlatform(SimulatedChip.load(chipFolder), GUEST)) {
            for (RootKey root : RootKey.values()) {
                for (int fields = 0; fields < 64; fields++) {
                    DerivedKeyRequest request = request(root, fields);
                    assertThat(hex(device.derivedKey(request))).isEqualTo(hex(java.derivedKey(request)));
                }
            }
            assertThat(hex(device.derivedKey(request(RootKey.VCEK, 8))))
                    .isNotEqualTo(hex(device.derivedKey(request(RootKey.VCEK, 9))))
                    .isNotEqualTo(hex(device.derivedKey(request(RootKey.VMRK, 8))));
        }
    }

    private static String hex(SecretBytes key) {
        try (key) {
            return key.use(HexFormat.of()::formatHex);
        }
    }

    @Test
    void derivedKeyForATcbOrSvnAboveTheGuestsIsRefused() throws IOException {
        try (SevGuestDevice device = start(TestChips.chip(ProductLine.GENOA), GUEST)) {
            for (Tcb tcb : List.of(Tcb.early(11, 0, 23, 84), Tcb.early(10, 0, 23, 85))) {
                assertThatExceptionOfType(PlatformException.FirmwareError.class)
                        .isThrownBy(() -> device.derivedKey(new DerivedKeyRequest(
                                RootKey.VCEK, EnumSet.noneOf(GuestField.class), 0, 0, tcb.encode())));
            }
            assertThatExceptionOfType(PlatformException.FirmwareError.class)
                    .isThrownBy(() -> device.derivedKey(new DerivedKeyRequest(
                            RootKey.VCEK, EnumSet.noneOf(GuestField.class), 0, 1, Bytes.zeros(8))));
        }
    }

    @Test
    void firmwareErrorCostsTheKeyAndTheDeviceSaysSo() throws IOException {
        try (SevGuestDevice device =
                start(TestChips.chip(ProductLine.GENOA), GUEST, "--fail-at", "2", "--fail-code", "0x2")) {
            device.report(DATA);

            assertThatExceptionOfType(PlatformException.FirmwareError.class)
                    .isThrownBy(() -> device.report(DATA))
                    .satisfies(e -> assertThat(e.status().name()).isEqualTo("INVALID_GUEST_STATE"));
            assertThatExceptionOfType(PlatformException.KeyWiped.class).isThrownBy(() -> device.report(DATA));
            assertThatExceptionOfType(PlatformException.KeyWiped.class)
                    .isThrownBy(() -> device.derivedKey(request(RootKey.VCEK, 0)));
        }
    }

    @Test
    void throttlingHostIsWaitedForUpToTheDriversLimit() throws IOException {
        try (SevGuestDevice device = start(
                TestChips.chip(ProductLine.GENOA), GUEST, "--busy", "3", "--busy-retry-ms", "40", "--delay-ms", "3")) {
            long start = System.nanoTime();
            assertThat(device.report(DATA)).isNotNull();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(3 * 40));
        }
    }

    @Test
    void hostThatThrottlesTooLongCostsTheKey() throws IOException {
        try (SevGuestDevice device = start(
                TestChips.chip(ProductLine.GENOA),
                GUEST,
                "--busy",
                "9",
                "--busy-retry-ms",
                "5",
                "--busy-limit-ms",
                "10")) {
            assertThatExceptionOfType(PlatformException.TimedOut.class).isThrownBy(() -> device.report(DATA));
            assertThatExceptionOfType(PlatformException.KeyWiped.class).isThrownBy(() -> device.report(DATA));
        }
    }

    @Test
    void certificatesComeFromTheOperatorWhereTheHostHasNone() throws IOException {
        Path program = NativeTools.simulator();
        SimulatedChip chip = TestChips.chip(ProductLine.TURIN);
        chip.save(chipFolder);
        Files.write(chipFolder.resolve("empty.bin"), new byte[24]);
        List<String> command = new ArrayList<>(GuestSimulator.command(program, mount, chipFolder, GUEST));
        command.set(
                command.indexOf("--certificates") + 1,
                chipFolder.resolve("empty.bin").toString());
        Files.writeString(chipFolder.resolve("run"), "#!/bin/sh\nexec " + String.join(" ", command) + "\n");
        assertThat(chipFolder.resolve("run").toFile().setExecutable(true)).isTrue();
        simulator = Optional.of(GuestSimulator.start(chipFolder.resolve("run"), mount, chipFolder, GUEST, List.of()));
        ChipKey key = new ChipKey(ProductLine.TURIN, chip.chipId(), chip.tcb());
        CollateralSource operator = asked -> asked.equals(key) ? Optional.of(chip.collateral()) : Optional.empty();

        try (SevGuestDevice with = SevGuestDevice.open(simulator.get().device(), operator);
                SevGuestDevice without = SevGuestDevice.open(simulator.get().device(), CollateralSource.NONE)) {
            assertThat(with.collateral()).isEqualTo(chip.collateral());
            assertThatExceptionOfType(PlatformException.CollateralMissing.class).isThrownBy(without::collateral);
        }
    }

    @Test
    void tellsWhatIsWrongWithAPathThatIsNoDevice() throws IOException {
        NativeTools.library();
        Path plain = Files.writeString(folder.resolve("plain"), "");

        assertThatExceptionOfType(PlatformException.DeviceMissing.class)
                .isThrownBy(() -> SevGuestDevice.open(folder.resolve("none"), CollateralSource.NONE));
        try (SevGuestDevice device = SevGuestDevice.open(plain, CollateralSource.NONE)) {
            assertThatExceptionOfType(PlatformException.KeyWiped.class).isThrownBy(() -> device.report(DATA));
        }
    }
}
