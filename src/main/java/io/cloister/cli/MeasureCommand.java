package io.cloister.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.attestation.release.KernelHashes;
import io.cloister.attestation.release.Launch;
import io.cloister.attestation.release.LaunchDigest;
import io.cloister.attestation.release.Ovmf;
import io.cloister.attestation.release.VcpuSignature;
import io.cloister.attestation.release.Vmm;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.Hashes;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Computes the launch digest that a guest's reports will have. */
final class MeasureCommand {
    static final String HELP = "measure --ovmf FILE --vcpus N [--vcpu-type NAME | --vcpu-sig N] [--vmm NAME]"
            + " [--kernel FILE [--initrd FILE] [--append TEXT]] [--guest-features HEX] [--json]";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Bytes NO_INITRD = Hashes.sha256();
    private static final long MAX_BOOT_FILE = 4L << 30;
    private static final Set<String> OPTIONS = Set.of(
            "--ovmf",
            "--kernel",
            "--initrd",
            "--append",
            "--vcpus",
            "--vcpu-type",
            "--vcpu-sig",
            "--vmm",
            "--guest-features");

    private final PrintStream out;

    MeasureCommand(PrintStream out) {
        this.out = out;
    }

    /** @throws CommandFailed with code 2 for input that no launch can have */
    int run(List<String> given) throws IOException {
        Arguments arguments = Arguments.parse(given, OPTIONS, Set.of("--json"));
        if (!arguments.positional().isEmpty()) {
            throw new CommandFailed(2, "say: attest " + HELP);
        }
        try {
            Launch launch = launch(arguments);
            Bytes digest = LaunchDigest.of(launch);
            out.println(arguments.has("--json") ? json(launch, digest) : digest.toHex());
            return 0;
        } catch (CodecException e) {
            throw new CommandFailed(2, "no such launch: " + e.getMessage(), e);
        }
    }

    private static Launch launch(Arguments arguments) {
        Vmm vmm = vmm(arguments.option("--vmm").orElse(Vmm.QEMU.label()));
        int vcpus = (int) Numbers.number("--vcpus", arguments.required("--vcpus"), Launch.MAX_VCPUS);
        VcpuSignature signature = signature(arguments, vmm);
        long features = Numbers.hex(
                "--guest-features", arguments.option("--guest-features").orElse("1"), -1);
        Path ovmf = InputFile.path("--ovmf", arguments);
        Ovmf image;
        try {
            image = Ovmf.parse(InputFile.read(ovmf, Ovmf.MAX_SIZE));
        } catch (CodecException e) {
            throw new CommandFailed(2, ovmf + ": " + e.getMessage(), e);
        }
        return new Launch(image, kernel(arguments), vcpus, signature, vmm, features);
    }

    private static Vmm vmm(String label) {
        return Vmm.ofLabel(label)
                .orElseThrow(() -> new CommandFailed(
                        2,
                        "--vmm takes one of "
                                + Arrays.stream(Vmm.values()).map(Vmm::label).collect(Collectors.joining(", "))));
    }

    /** Clouds do not measure it, so only QEMU's launch needs to be told. */
    private static VcpuSignature signature(Arguments arguments, Vmm vmm) {
        Optional<String> type = arguments.option("--vcpu-type");
        Optional<String> bits = arguments.option("--vcpu-sig");
        if (type.isPresent() && bits.isPresent()) {
            throw new CommandFailed(2, "--vcpu-type and --vcpu-sig say the same: give one");
        }
        if (type.isEmpty() && bits.isEmpty() && vmm == Vmm.QEMU) {
            throw new CommandFailed(2, "--vcpu-type or --vcpu-sig is needed");
        }
        return type.map(MeasureCommand::signature)
                .or(() -> bits.map(text -> new VcpuSignature((int) Numbers.number("--vcpu-sig", text, 0xffff_ffffL))))
                .orElse(new VcpuSignature(0));
    }

    private static VcpuSignature signature(String type) {
        return VcpuSignature.ofType(type)
                .orElseThrow(() -> new CommandFailed(
                        2,
                        "--vcpu-type takes one of " + String.join(", ", VcpuSignature.types())
                                + "; for others give EAX of CPUID 1 as --vcpu-sig"));
    }

    private static Optional<KernelHashes> kernel(Arguments arguments) {
        if (arguments.option("--kernel").isEmpty()) {
            if (arguments.option("--initrd").isPresent()
                    || arguments.option("--append").isPresent()) {
                throw new CommandFailed(2, "--initrd and --append count only beside --kernel");
            }
            return Optional.empty();
        }
        return Optional.of(new KernelHashes(
                sha256(InputFile.path("--kernel", arguments)),
                InputFile.optional("--initrd", arguments)
                        .map(MeasureCommand::sha256)
                        .orElse(NO_INITRD),
                KernelHashes.commandLineDigest(arguments.option("--append").orElse(""))));
    }

    private static Bytes sha256(Path file) {
        return InputFile.digest(file, "SHA-256", MAX_BOOT_FILE);
    }

    private static String json(Launch launch, Bytes digest) throws IOException {
        ObjectNode root = JSON.createObjectNode()
                .put("launchDigest", digest.toHex())
                .put("vmm", launch.vmm().label())
                .put("vcpus", launch.vcpus());
        if (launch.vmm() == Vmm.QEMU) {
            root.put(
                    "vcpuSignature",
                    "0x" + Integer.toHexString(launch.signature().bits()));
        }
        root.put("guestFeatures", "0x" + Long.toHexString(launch.features()))
                .put("ovmfSha256", Hashes.sha256(launch.ovmf().image()).toHex());
        launch.kernel()
                .ifPresent(hashes -> root.put("kernelSha256", hashes.kernel().toHex())
                        .put("initrdSha256", hashes.initrd().toHex())
                        .put("commandLineSha256", hashes.commandLine().toHex()));
        return JSON.writeValueAsString(root);
    }
}
