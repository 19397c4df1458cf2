package io.cloister.attestation.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Demanded;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.attestation.SnpEvidence;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.Verdict;
import io.cloister.attestation.kds.CollateralSource;
import io.cloister.attestation.platform.DerivedKeyRequest.GuestField;
import io.cloister.attestation.platform.DerivedKeyRequest.RootKey;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A simulator over real FUSE for each test, ended and unmounted after it. */
abstract class WithSimulator {
    static final Bytes DATA = TestChips.filled(64, 0x5a);
    static final SimulatedGuest GUEST = SimulatedGuest.of(TestChips.MEASUREMENT);

    @TempDir
    Path folder;

    Optional<GuestSimulator> simulator = Optional.empty();
    Path chipFolder;
    Path mount;

    @BeforeEach
    void makeFolders() throws IOException {
        chipFolder = folder.resolve("chip");
        mount = Files.createDirectory(folder.resolve("mount"));
    }

    @AfterEach
    void stop() throws IOException {
        simulator.ifPresent(GuestSimulator::close);
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(mount.toString());
    }

    /** How the device's calls are made. */
    GuestDriver driver() {
        return NativeDriver.load();
    }

    SevGuestDevice start(SimulatedChip chip, SimulatedGuest guest, String... options) throws IOException {
        return start(chip, guest, 16_384, options);
    }

    SevGuestDevice start(SimulatedChip chip, SimulatedGuest guest, int tableSize, String... options)
            throws IOException {
        Path program = NativeTools.simulator();
        chip.save(chipFolder);
        simulator = Optional.of(GuestSimulator.start(program, mount, chipFolder, guest, List.of(options)));
        return SevGuestDevice.open(simulator.get().device(), driver(), CollateralSource.NONE, tableSize);
    }

    static Verdict verdict(Platform platform, Bytes report, Policy policy) {
        return new EvidenceVerifier()
                .examine(
                        new SnpEvidence(report, platform.collateral()),
                        Demanded.data(DATA),
                        policy.roots().testRoots(),
                        TestChips.AT)
                .appraise(policy);
    }

    static DerivedKeyRequest request(RootKey root, int bits) {
        EnumSet<GuestField> fields = EnumSet.allOf(GuestField.class);
        fields.removeIf(field -> (bits >> field.bit & 1) == 0);
        return new DerivedKeyRequest(root, fields, 1, 0, Tcb.early(9, 0, 23, 80).encode());
    }
}
