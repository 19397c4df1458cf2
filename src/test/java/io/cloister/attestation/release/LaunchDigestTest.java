package io.cloister.attestation.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchDigestTest {
    private static final Optional<KernelHashes> KERNEL =
            Optional.of(KernelHashes.of(Bytes.utf8("kernel"), Bytes.utf8("initrd"), "console=ttyS0"));
    private static final VcpuSignature GENOA =
            VcpuSignature.ofType("EPYC-Genoa").orElseThrow();

    /** Computed with sev-snp-measure 0.0.13 over the image that TestOvmf makes. */
    @ParameterizedTest
    @CsvSource({
        "qemu, 3, 0x21, EPYC-Genoa, true,"
                + " ab6adfb1e0a18eb4504e76180885945b75ce2e5e72e9bbfc43bf8f21aea8b23299c7b3775a8132c8039f8ce47e07e690",
        "qemu, 1, 0x1, EPYC-Turin, false,"
                + " 856204ea90ed99711316b90c13618bf0636aafa60fc127600c3b5fe415b7eb0270ebff2b75aa9c3104f7fdbe4fa5fd86",
        "ec2, 2, 0x1, EPYC-Milan, true,"
                + " b056d584749ed9084eddcc88961d3aaf1c82c8e39bad3f76a176206cb3d2781b64251b1f3ee9656eeff9422c9bd6652e",
        "gce, 8, 0x1, EPYC-Rome, false,"
                + " a517159dbe51e85e7f8bc72d7e0273eb26395e88e058f2542817d734faa79bb4856a515316be46dc9ee1fc21d7244623"
    })
    void isWhatAnotherToolComputes(
            String vmm, int vcpus, String features, String type, boolean withKernel, String expected) {
        Launch launch = new Launch(
                new TestOvmf().parsed(),
                withKernel ? KERNEL : Optional.empty(),
                vcpus,
                VcpuSignature.ofType(type).orElseThrow(),
                Vmm.ofLabel(vmm).orElseThrow(),
                Long.decode(features));

        assertThat(LaunchDigest.of(launch).toHex()).isEqualTo(expected);
    }

    @Test
    void everyInputChangesTheDigest() {
        Ovmf ovmf = new TestOvmf().parsed();
        Optional<KernelHashes> other =
                Optional.of(KernelHashes.of(Bytes.utf8("kernel"), Bytes.utf8("initrd"), "console=ttyS1"));
        List<Launch> launches = List.of(
                new Launch(ovmf, KERNEL, 2, GENOA, Vmm.QEMU, 1),
                new Launch(new TestOvmf().resetAddress(0x80_c004).parsed(), KERNEL, 2, GENOA, Vmm.QEMU, 1),
                new Launch(new TestOvmf().size(17 * 4096).parsed(), KERNEL, 2, GENOA, Vmm.QEMU, 1),
                new Launch(new TestOvmf().section(0x2_0000, 0x1000, 1).parsed(), KERNEL, 2, GENOA, Vmm.QEMU, 1),
                new Launch(ovmf, other, 2, GENOA, Vmm.QEMU, 1),
                new Launch(ovmf, Optional.empty(), 2, GENOA, Vmm.QEMU, 1),
                new Launch(ovmf, KERNEL, 3, GENOA, Vmm.QEMU, 1),
                new Launch(ovmf, KERNEL, 2, VcpuSignature.of(25, 17, 1), Vmm.QEMU, 1),
                new Launch(ovmf, KERNEL, 2, GENOA, Vmm.EC2, 1),
                new Launch(ovmf, KERNEL, 2, GENOA, Vmm.EC2_BEFORE_2026, 1),
                new Launch(ovmf, KERNEL, 2, GENOA, Vmm.GCE, 1),
                new Launch(ovmf, KERNEL, 2, GENOA, Vmm.QEMU, 0x21));

        Set<Bytes> digests = new HashSet<>();
        launches.forEach(launch -> digests.add(LaunchDigest.of(launch)));
        assertThat(digests).hasSize(launches.size());
    }

    @Test
    void cloudsDoNotMeasureTheSignature() {
        Ovmf ovmf = new TestOvmf().parsed();
        VcpuSignature milan = VcpuSignature.ofType("EPYC-Milan").orElseThrow();

        assertThat(LaunchDigest.of(new Launch(ovmf, KERNEL, 2, milan, Vmm.GCE, 1)))
                .isEqualTo(LaunchDigest.of(new Launch(ovmf, KERNEL, 2, GENOA, Vmm.GCE, 1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 4097, Integer.MAX_VALUE})
    void refusesNumbersOfProcessorsThatNoGuestHas(int vcpus) {
        Ovmf ovmf = new TestOvmf().parsed();

        assertThatThrownBy(() -> new Launch(ovmf, KERNEL, vcpus, GENOA, Vmm.QEMU, 1))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void refusesLaunchesThatCannotBe() {
        Ovmf ovmf = new TestOvmf().parsed();
        Ovmf single = new TestOvmf().resetAddress(0).parsed();
        Ovmf noHashes = new TestOvmf().withoutSection(0x10).parsed();
        Ovmf noTable = new TestOvmf().hashTable(-1).parsed();
        Ovmf elsewhere = new TestOvmf().hashTable(0x2_0c00).parsed();
        Launch tooLow = new Launch(new TestOvmf().hashTable(0x1_0ff0).parsed(), KERNEL, 1, GENOA, Vmm.QEMU, 1);

        assertThatThrownBy(() -> new Launch(ovmf, KERNEL, 1, GENOA, Vmm.QEMU, 0x20))
                .hasMessageContaining("without SEV-SNP");
        assertThatThrownBy(() -> new Launch(single, KERNEL, 2, GENOA, Vmm.QEMU, 1))
                .hasMessageContaining("no second processor");
        assertThatThrownBy(() -> new Launch(noHashes, KERNEL, 1, GENOA, Vmm.QEMU, 1))
                .hasMessageContaining("not measured");
        assertThatThrownBy(() -> new Launch(noTable, KERNEL, 1, GENOA, Vmm.QEMU, 1))
                .hasMessageContaining("no table");
        assertThatThrownBy(() -> new Launch(elsewhere, KERNEL, 1, GENOA, Vmm.QEMU, 1))
                .hasMessageContaining("outside its section");
        assertThatThrownBy(() -> LaunchDigest.of(tooLow))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("does not fit");
        assertThat(LaunchDigest.of(new Launch(single, KERNEL, 1, GENOA, Vmm.QEMU, 1))
                        .length())
                .isEqualTo(48);
    }

    @Test
    void refusesACommandLineThatIsTooLongOrHoldsAZero() {
        assertThatThrownBy(() -> KernelHashes.commandLineDigest("a".repeat(4097)))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> KernelHashes.commandLineDigest("a\0b")).isInstanceOf(CodecException.class);
    }

    @Test
    void signaturesAreLaidOutAsCpuidHasThem() {
        assertThat(VcpuSignature.of(23, 1, 2).bits()).isEqualTo(0x800f12);
        assertThat(VcpuSignature.of(25, 17, 0).bits()).isEqualTo(0xa10f10);
        assertThat(VcpuSignature.of(26, 2, 1).bits()).isEqualTo(0xb00f21);
        assertThat(VcpuSignature.of(6, 1, 1).bits()).isEqualTo(0x611);
        assertThatThrownBy(() -> VcpuSignature.of(271, 0, 0)).isInstanceOf(CodecException.class);
        assertThat(VcpuSignature.ofType("EPYC-v9")).isEmpty();
    }
}
