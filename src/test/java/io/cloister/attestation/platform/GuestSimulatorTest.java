package io.cloister.attestation.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.Leaf;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.kds.CollateralSource;
import io.cloister.attestation.platform.DerivedKeyRequest.RootKey;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The simulator itself: its configfs-tsm tree, its life as a process, its command line and its build. */
class GuestSimulatorTest extends WithSimulator {
    @Test
    void configfsTsmGivesTheSameEvidence() throws IOException {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        start(chip, GUEST).close();
        try (ConfigfsTsm tsm = ConfigfsTsm.open(simulator.orElseThrow().tsm(), CollateralSource.NONE)) {
            Bytes first = tsm.report(Bytes.zeros(64));
            Bytes second = tsm.report(DATA);

            assertThat(AttestationReport.parse(first).reportData()).isEqualTo(Bytes.zeros(64));
            assertThat(verdict(tsm, second, TestChips.policy(ProductLine.GENOA)).accepted())
                    .isTrue();
            assertThat(Files.list(simulator.get().tsm())).isEmpty();
            assertThatExceptionOfType(PlatformException.Unsupported.class)
                    .isThrownBy(() -> tsm.derivedKey(request(RootKey.VCEK, 0)));
        }
    }

    @Test
    void firmwareErrorCostsTheKeyAndConfigfsTsmSaysSo() throws Exception {
        start(TestChips.chip(ProductLine.GENOA), GUEST, "--fail-at", "2", "--fail-code", "0x2")
                .close();
        try (ConfigfsTsm tsm = ConfigfsTsm.open(simulator.orElseThrow().tsm(), CollateralSource.NONE);
                AttestationService service =
                        new AttestationService(tsm, TestChips::keys, AttestationService.Settings.DEFAULT)) {
            tsm.report(DATA);
            assertThatExceptionOfType(PlatformException.DeviceFailure.class).isThrownBy(() -> tsm.report(DATA));
            assertThatExceptionOfType(PlatformException.KeyWiped.class).isThrownBy(() -> tsm.report(DATA));

            Leaf leaf = Leaf.restNonce(TestChips.filled(32, 1), TestChips.filled(32, 2));
            for (int i = 0; i < 2; i++) {
                assertThat(service.attest(leaf))
                        .failsWithin(Duration.ofSeconds(30))
                        .withThrowableThat()
                        .withCauseInstanceOf(PlatformException.KeyWiped.class);
            }
            assertThat(service.status().wiped()).isPresent();
            assertThat(service.status().reports()).isZero();
        }
    }

    @Test
    void configfsTsmTakesItsKeysFromTheDevice() throws IOException {
        start(TestChips.chip(ProductLine.GENOA), GUEST).close();
        GuestSimulator machine = simulator.orElseThrow();
        Path none = folder.resolve("none");
        PlatformPlaces both = new PlatformPlaces(machine.device(), machine.tsm(), none, none);
        PlatformPlaces tree = new PlatformPlaces(none, machine.tsm(), none, none);
        try (Platform with = new Platforms(both, CollateralSource.NONE, List.of()).open(PlatformKind.CONFIGFS_TSM);
                Platform without =
                        new Platforms(tree, CollateralSource.NONE, List.of()).open(PlatformKind.CONFIGFS_TSM)) {
            assertThat(with.name()).contains("tsm/report").contains("keys from").contains("sev-guest");
            assertThat(with.derivedKey(request(RootKey.VCEK, 0))).isNotNull();
            assertThat(verdict(with, with.report(DATA), TestChips.policy(ProductLine.GENOA))
                            .accepted())
                    .isTrue();
            assertThatExceptionOfType(PlatformException.Unsupported.class)
                    .isThrownBy(() -> without.derivedKey(request(RootKey.VCEK, 0)));
        }
    }

    @Test
    void configfsTsmTreeBehavesAsTheKernels() throws IOException {
        start(TestChips.chip(ProductLine.GENOA), GUEST).close();
        Path entry = Files.createDirectory(simulator.orElseThrow().tsm().resolve("one"));

        assertThat(Files.readString(entry.resolve("provider"))).isEqualTo("sev_guest\n");
        assertThat(Files.readString(entry.resolve("generation"))).isEqualTo("0\n");
        assertThat(Files.readString(entry.resolve("privlevel_floor"))).isEqualTo("0\n");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> Files.readAllBytes(entry.resolve("outblob")));
        Files.write(entry.resolve("inblob"), DATA.toArray(), StandardOpenOption.WRITE);
        assertThat(Files.readString(entry.resolve("generation"))).isEqualTo("1\n");
        byte[] report = Files.readAllBytes(entry.resolve("outblob"));
        assertThat(AttestationReport.parse(Bytes.of(report)).reportData()).isEqualTo(DATA);
        assertThat(Files.readAllBytes(entry.resolve("outblob"))).isEqualTo(report); // nothing was written since
        Files.writeString(entry.resolve("privlevel"), "3\n", StandardOpenOption.WRITE);
        assertThat(AttestationReport.parse(Bytes.of(Files.readAllBytes(entry.resolve("outblob"))))
                        .vmpl())
                .isEqualTo(3);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Files.writeString(entry.resolve("privlevel"), "4", StandardOpenOption.WRITE));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Files.write(entry.resolve("inblob"), new byte[65], StandardOpenOption.WRITE));
        assertThat(Files.list(entry).map(path -> path.getFileName().toString()))
                .containsExactlyInAnyOrder(
                        "inblob", "outblob", "auxblob", "provider", "generation", "privlevel", "privlevel_floor");
        Files.delete(entry);
        assertThat(entry).doesNotExist();
    }

    @Test
    void unmountsOnSigterm() throws IOException, InterruptedException {
        SevGuestDevice device = start(TestChips.chip(ProductLine.GENOA), GUEST);
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).contains(mount.toString());
        ProcessHandle handle = ProcessHandle.of(simulator.orElseThrow().pid()).orElseThrow();

        handle.destroy(); // with the device still open
        for (int i = 0; i < 1000 && handle.isAlive(); i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }

        assertThat(handle.isAlive()).isFalse();
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(mount.toString());
        assertThatExceptionOfType(PlatformException.class).isThrownBy(() -> device.report(DATA));
        device.close();
        assertThatExceptionOfType(PlatformException.DeviceMissing.class).isThrownBy(() -> device.report(DATA));
    }

    @Test
    void endsWithTheProcessItFollows() throws IOException, InterruptedException {
        Process followed = new ProcessBuilder("sleep", "600").start();
        try {
            start(TestChips.chip(ProductLine.GENOA), GUEST, "--follow", Long.toString(followed.pid()))
                    .close();
            assertThat(simulator.orElseThrow().isAlive()).isTrue();
        } finally {
            followed.destroyForcibly().waitFor();
        }
        for (int i = 0; i < 1000 && simulator.orElseThrow().isAlive(); i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(simulator.orElseThrow().isAlive()).isFalse();
    }

    @Test
    void startsAgainWhereAKilledOneLeftItsMount() throws IOException, InterruptedException {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        start(chip, GUEST).close();
        ProcessHandle handle = ProcessHandle.of(simulator.orElseThrow().pid()).orElseThrow();
        handle.destroyForcibly();
        handle.onExit().join();
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).contains(mount.toString());

        try (SevGuestDevice device = start(chip, GUEST)) {
            assertThat(device.report(DATA)).isNotNull();
        }
    }

    @Test
    void refusesCommandLinesThatMakeNoSense() throws IOException {
        Path program = NativeTools.simulator();
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        chip.save(chipFolder);
        for (List<String> options : List.of(
                List.of("--measurement", "00"),
                List.of("--tcb", "bl=256,tee=0,snp=0,ucode=0"),
                List.of("--tcb", "fmc=1"),
                List.of("--chip-id", "0011"),
                List.of("--product", "Rome"),
                List.of("--report-version", "4"),
                List.of("--vcek", chipFolder.resolve("certificates.bin").toString()),
                List.of("--certificates", "/nonexistent"),
                List.of("--unknown"),
                List.of("behind"))) {
            assertThatExceptionOfType(IOException.class)
                    .as(options.toString())
                    .isThrownBy(() -> GuestSimulator.start(program, mount, chipFolder, GUEST, options));
        }
    }

    @Test
    void isBuiltToTheSameBytesAgain(@TempDir Path again) throws IOException {
        Path library = NativeTools.library();
        Path program = NativeTools.simulator();
        if (!NativeTools.make(again)) {
            Assumptions.abort("sev-snp cannot be built here");
        }
        assertThat(again.resolve("libcloistersnp.so")).hasSameBinaryContentAs(library);
        assertThat(again.resolve("cloister-snp-sim")).hasSameBinaryContentAs(program);
    }
}
