package io.cloister.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Vectors;
import io.cloister.attestation.release.TestOvmf;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The digests are those of other tools; see LaunchDigestTest and LaunchVectorsTest. */
class MeasureCommandTest {
    private static final String KERNEL_OF_THREE =
            "ab6adfb1e0a18eb4504e76180885945b75ce2e5e72e9bbfc43bf8f21aea8b23299c7b3775a8132c8039f8ce47e07e690";
    private static final String ROME_OF_EIGHT =
            "a517159dbe51e85e7f8bc72d7e0273eb26395e88e058f2542817d734faa79bb4856a515316be46dc9ee1fc21d7244623";

    @TempDir
    private Path folder;

    private Path ovmf;
    private Path kernel;
    private Path initrd;

    @BeforeEach
    void makeFiles() throws IOException {
        ovmf = write("ovmf.fd", new TestOvmf().image());
        kernel = write("kernel", Bytes.utf8("kernel"));
        initrd = write("initrd", Bytes.utf8("initrd"));
    }

    private Path write(String name, Bytes content) throws IOException {
        return Files.write(folder.resolve(name), content.toArray());
    }

    private Ran withKernel(Object... more) {
        Object[] words = {
            "measure",
            "--ovmf",
            ovmf,
            "--kernel",
            kernel,
            "--initrd",
            initrd,
            "--append",
            "console=ttyS0",
            "--vcpus",
            "3"
        };
        Object[] all = new Object[words.length + more.length];
        System.arraycopy(words, 0, all, 0, words.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return Ran.attest(all);
    }

    @Test
    void printsTheDigestThatAnotherToolComputes() {
        assertThat(withKernel("--vcpu-type", "EPYC-Genoa", "--guest-features", "0x21"))
                .isEqualTo(new Ran(0, KERNEL_OF_THREE + "\n"));
        assertThat(withKernel("--vcpu-sig", "0xa10f10", "--guest-features", "21"))
                .isEqualTo(new Ran(0, KERNEL_OF_THREE + "\n"));
    }

    @Test
    void needsNoProcessorWhereTheCloudMeasuresNone() {
        assertThat(Ran.attest("measure", "--ovmf", ovmf, "--vcpus", 8, "--vmm", "gce"))
                .isEqualTo(new Ran(0, ROME_OF_EIGHT + "\n"));
    }

    @Test
    void saysInJsonWhatWasMeasured() {
        Ran ran = withKernel("--vcpu-type", "EPYC-Genoa", "--guest-features", "0x21", "--json")
                .endsWith(0);

        assertThat(ran.json().path("launchDigest").asText()).isEqualTo(KERNEL_OF_THREE);
        assertThat(ran.json().path("vmm").asText()).isEqualTo("qemu");
        assertThat(ran.json().path("vcpus").asInt()).isEqualTo(3);
        assertThat(ran.json().path("vcpuSignature").asText()).isEqualTo("0xa10f10");
        assertThat(ran.json().path("guestFeatures").asText()).isEqualTo("0x21");
        assertThat(ran.json().path("kernelSha256").asText())
                .isEqualTo(Hashes.sha256(Bytes.utf8("kernel")).toHex());
    }

    @ParameterizedTest
    @CsvSource({
        "AmdSev, qemu, 1, 0x21, console=ttyS0 loglevel=7,"
                + " 803f691094946e42068aaa3a8f9e26a5c89f36f7b73ecfb28c653360fe4b3aba7e534442e7e1e17895dfe778d0228977",
        "AmdSev, ec2, 1, 0x01, '',"
                + " 0883bd0eeb716e65b7b977a321c278d1e51b33b5c655fab985443bbcc65c086b9c15e8a0bd8811050dec7e24964e5056",
        "AmdSev, gce, 4, 0x01, '',"
                + " 5c5debf100fc339f90276e761ee1f1658d08922c3b20e2a2e6c7a6c3370b2452a15a00eae11886a93d6fd1e7ab81e29d"
    })
    void knowsThePublishedFirmware(
            String name, String vmm, int vcpus, String features, String commandLine, String expected)
            throws IOException {
        Path firmware = write("suffix.bin", Vectors.read("misc/sev_ovmf_" + name + "_suffix.bin"));
        Path empty = write("empty", Bytes.EMPTY);

        Ran ran = Ran.attest(
                "measure",
                "--ovmf",
                firmware,
                "--kernel",
                empty,
                "--append",
                commandLine,
                "--vcpus",
                vcpus,
                "--vmm",
                vmm,
                "--vcpu-type",
                "EPYC-v4",
                "--guest-features",
                features);

        assertThat(ran).isEqualTo(new Ran(0, expected + "\n"));
    }

    @Test
    void refusesAKernelThatTheFirmwareDoesNotMeasure() throws IOException {
        ovmf = write("other.fd", new TestOvmf().withoutSection(0x10).image());

        assertThat(withKernel("--vcpu-type", "EPYC").endsWith(2).said()).contains("not measured");
    }

    @Test
    void refusesFirmwareThatIsNoneByName() throws IOException {
        Path text = write("text", Bytes.utf8("no firmware"));
        Path long16 = write("long", Bytes.zeros((16 << 20) + 4096));

        assertThat(Ran.attest("measure", "--ovmf", text, "--vcpus", 1, "--vmm", "ec2")
                        .endsWith(2)
                        .said())
                .startsWith("cloister attest: " + text + ": ");
        assertThat(Ran.attest("measure", "--ovmf", long16, "--vcpus", 1, "--vmm", "ec2")
                        .endsWith(2)
                        .said())
                .contains("longer than 16777216 bytes");
        assertThat(Ran.attest("measure", "--ovmf", folder, "--vcpus", 1, "--vmm", "ec2")
                        .endsWith(2)
                        .said())
                .contains("there is no such file");
    }

    @Test
    void refusesWhatNoLaunchHas() {
        assertThat(Ran.attest().endsWith(2).said()).contains("attest verify|show|measure|policy|store|network");
        assertThat(Ran.attest("measure", "--vcpus", 1).endsWith(2).said()).contains("--vcpu-type or --vcpu-sig");
        assertThat(Ran.attest("measure", "--vcpus", 1, "--vmm", "ec2")
                        .endsWith(2)
                        .said())
                .contains("--ovmf is needed");
        assertThat(refused("--vcpus", "4097")).contains("--vcpus takes a number of 0 to 4096");
        assertThat(refused("--vcpus", "0")).contains("0 processors");
        assertThat(refused("--vcpus", "-1")).contains("--vcpus takes a number");
        assertThat(refused("--vmm", "xen")).contains("--vmm takes one of qemu, ec2, ec2-before-2026, gce");
        assertThat(refused("--vcpu-type", "EPYC-v99")).contains("--vcpu-type takes one of EPYC, ");
        assertThat(refused("--vcpu-sig", "0x1ffffffff")).contains("--vcpu-sig takes a number");
        assertThat(refused("--vcpu-sig", "1", "--vcpu-type", "EPYC")).contains("give one");
        assertThat(refused("--guest-features", "20")).contains("without SEV-SNP");
        assertThat(refused("--guest-features", "g")).contains("--guest-features takes a number");
        assertThat(refused("--append", "quiet")).contains("count only beside --kernel");
        assertThat(refused("--kernel", folder.resolve("absent"))).contains("there is no such file");
        assertThat(refused("--kernel", kernel, "--append", "a".repeat(5000))).contains("a command line of 5000 bytes");
        assertThat(refused("stray")).contains("say: attest measure");
        assertThat(refused("--kernal", kernel)).contains("there is no option --kernal");
    }

    /** With options that would do, of which these take the place. */
    private String refused(Object... more) {
        Object[] all = new Object[7 + more.length];
        System.arraycopy(new Object[] {"measure", "--ovmf", ovmf, "--vcpus", "1", "--vmm", "ec2"}, 0, all, 0, 7);
        System.arraycopy(more, 0, all, 7, more.length);
        return Ran.attest(all).endsWith(2).said();
    }
}
