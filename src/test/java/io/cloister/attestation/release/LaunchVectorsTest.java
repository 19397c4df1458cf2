package io.cloister.attestation.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.attestation.Vectors;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Digests that other tools compute for two published firmware tails; see INDEX.md of the vectors. */
class LaunchVectorsTest {
    private static final VcpuSignature EPYC = VcpuSignature.ofType("EPYC-v4").orElseThrow();
    private static final String IMAGE_DIGEST =
            "086e2e9149ebf45abdc3445fba5b2da8270bdbb04094d7a2c37faaa4b24af3aa16aff8c374c2a55c467a50da6d466b74";

    private static Ovmf firmware(String name) {
        return Ovmf.parse(Vectors.read("misc/sev_ovmf_" + name + "_suffix.bin"));
    }

    private static Optional<KernelHashes> kernel(String commandLine) {
        return commandLine.equals("none")
                ? Optional.empty()
                : Optional.of(
                        KernelHashes.of(Bytes.EMPTY, Bytes.EMPTY, commandLine.equals("empty") ? "" : commandLine));
    }

    /** The kernel and initrd are empty files where there is a command line. */
    @ParameterizedTest
    @CsvSource({
        "AmdSev, qemu, 1, 0x01, empty,"
                + " ddc5224521617a536ee7ce9dd6224d1b58a8d4fda1c741f3ac99fc4bfa04ba6e9fc98646d4a07a9079397fa3852819b5",
        "AmdSev, qemu, 1, 0x21, empty,"
                + " 329c8ce0972ae52343b64d34a434a86f245dfd74f5ed7aae15d22efc78fb9683632b9b50e4e1d7fa41179ef98a7ef198",
        "AmdSev, qemu, 1, 0x01, console=ttyS0 loglevel=7,"
                + " 6d287813eb5222d770f75005c664e34c204f385ce832cc2ce7d0d6f354454362f390ef83a92046c042e706363b4b08fa",
        "AmdSev, qemu, 1, 0x21, console=ttyS0 loglevel=7,"
                + " 803f691094946e42068aaa3a8f9e26a5c89f36f7b73ecfb28c653360fe4b3aba7e534442e7e1e17895dfe778d0228977",
        "AmdSev, ec2-before-2026, 1, 0x01, empty,"
                + " 7d3756157c805bf6adf617064c8552e8c1688fa1c8756f11cbf56ba5d25c9270fb69c0505c1cbe1c5c66c0e34c6ed3be",
        "AmdSev, ec2-before-2026, 1, 0x21, empty,"
                + " 6ae80856486b1396af8c82a40351d6ed76a20c785e9c7fa4ffa27c22d5d6313b4b3b458cd3c9968e6f89fb5d8450d7a6",
        "AmdSev, ec2, 1, 0x01, empty,"
                + " 0883bd0eeb716e65b7b977a321c278d1e51b33b5c655fab985443bbcc65c086b9c15e8a0bd8811050dec7e24964e5056",
        "AmdSev, ec2, 1, 0x21, empty,"
                + " 0ce9ccc06bab55eebe8abc234f3df6514883977a68a591b71052498ab52b2f1aa415db338033946ef93aa8278c0d67fb",
        "AmdSev, gce, 1, 0x01, empty,"
                + " 5da7106cf14cf46b1725ebab123eb9e53bd46a1e9f400cd0c08e7827b04b688ea8b4e403c8404efed4397ea5d5d0722e",
        "AmdSev, gce, 4, 0x01, empty,"
                + " 5c5debf100fc339f90276e761ee1f1658d08922c3b20e2a2e6c7a6c3370b2452a15a00eae11886a93d6fd1e7ab81e29d",
        "AmdSev, qemu, 1, 0x01, none,"
                + " 19358ba9a7615534a9a1e2f0dfc29384dcd4dcb7062ff9c6013b26869a5fc6ecabe033c48dd6f6db5d6d76e7c5df632d",
        "AmdSev, qemu, 1, 0x21, none,"
                + " e1e1ca029dd7973ab9513295be68198472dcd4fc834bd9af9b63f6e8a1674dbf281a9278a4a2ebe0eed9f22adbcd0e2b",
        "AmdSev, qemu, 4, 0x01, empty,"
                + " 5061fffb019493a903613d56d54b94912a1a2f9e4502385f5c194616753720a92441310ba6c4933de877c36e23046ad5",
        "AmdSev, qemu, 4, 0x21, empty,"
                + " 4953b1fb416fa874980e8442b3706d345926d5f38879134e00813c5d7abcbe78eafe7b422907be0b4698e2414a631942",
        "OvmfX64, qemu, 1, 0x01, none,"
                + " da0296de8193586a5512078dcd719eccecbd87e2b825ad4148c44f665dc87df21e5b49e21523a9ad993afdb6a30b4005",
        "OvmfX64, qemu, 1, 0x21, none,"
                + " 28797ae0afaba4005a81e629acebfb59e6687949d6be44007cd5506823b0dd66f146aaae26ff291eed7b493d8a64c385"
    })
    void computesTheKnownDigest(
            String firmware, String vmm, int vcpus, String features, String commandLine, String expected) {
        Launch launch = new Launch(
                firmware(firmware),
                kernel(commandLine),
                vcpus,
                EPYC,
                Vmm.ofLabel(vmm).orElseThrow(),
                Long.decode(features));

        assertThat(LaunchDigest.of(launch).toHex()).isEqualTo(expected);
        assertThat(LaunchDigest.after(LaunchDigest.ofImage(launch.ovmf()), launch))
                .isEqualTo(LaunchDigest.of(launch));
    }

    @Test
    void computesTheKnownDigestOfAnImageAlone() {
        assertThat(LaunchDigest.ofImage(firmware("AmdSev")).toHex()).isEqualTo(IMAGE_DIGEST);
    }

    @Test
    void refusesAKernelThatTheFirmwareDoesNotMeasure() {
        Ovmf firmware = firmware("OvmfX64");

        assertThatThrownBy(() -> new Launch(firmware, kernel("empty"), 1, EPYC, Vmm.QEMU, Launch.FEATURES_SNP))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("not measured");
    }
}
