package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;

/**
 * Computes the MEASUREMENT that a report will have, 48 bytes, before anything is launched. The order of pages: the
 * firmware image from its first page, the sections of its metadata, one save area for each processor.
 */
public final class LaunchDigest {
    private LaunchDigest() {}

    /** The launch digest. */
    public static Bytes of(Launch launch) {
        LaunchContext context = new LaunchContext(Bytes.zeros(LaunchContext.DIGEST_SIZE));
        addImage(context, launch.ovmf());
        addRest(context, launch);
        return context.digest();
    }

    /** The digest after the firmware image alone, 48 bytes: the part that is common to all launches of an image. */
    public static Bytes ofImage(Ovmf ovmf) {
        LaunchContext context = new LaunchContext(Bytes.zeros(LaunchContext.DIGEST_SIZE));
        addImage(context, ovmf);
        return context.digest();
    }

    /**
     * The launch digest when the image's part is known already.
     *
     * @param imageDigest what {@link #ofImage} answers; the image in {@code launch} serves for its metadata only
     * @throws CodecException OUT_OF_RANGE for another length than 48 bytes
     */
    public static Bytes after(Bytes imageDigest, Launch launch) {
        if (imageDigest.length() != LaunchContext.DIGEST_SIZE) {
            throw new CodecException(Reason.OUT_OF_RANGE, "an image digest of " + imageDigest.length() + " bytes");
        }
        LaunchContext context = new LaunchContext(imageDigest);
        addRest(context, launch);
        return context.digest();
    }

    private static void addImage(LaunchContext context, Ovmf ovmf) {
        context.normal(ovmf.address(), ovmf.image().toArray());
    }

    private static void addRest(LaunchContext context, Launch launch) {
        boolean cpuidLast = launch.vmm().isEc2();
        for (OvmfSection section : launch.ovmf().sections()) {
            if (!cpuidLast || section.kind() != OvmfSection.Kind.CPUID) {
                addSection(context, launch, section);
            }
        }
        for (OvmfSection section : launch.ovmf().sections()) {
            if (cpuidLast && section.kind() == OvmfSection.Kind.CPUID) {
                addSection(context, launch, section);
            }
        }
        addProcessors(context, launch);
    }

    private static void addSection(LaunchContext context, Launch launch, OvmfSection section) {
        switch (section.kind()) {
            case MEMORY -> {
                if (launch.vmm() == Vmm.GCE) {
                    context.unmeasured(section.address(), section.size());
                } else {
                    context.zero(section.address(), section.size());
                }
            }
            case SECRETS -> context.secrets(section.address());
            case CPUID -> context.cpuid(section.address());
            case CALLING_AREA -> context.zero(section.address(), section.size());
            case KERNEL_HASHES ->
                launch.kernel()
                        .ifPresentOrElse(
                                kernel -> context.normal(section.address(), kernel.page(tableOffset(launch))),
                                () -> context.zero(section.address(), section.size()));
        }
    }

    private static int tableOffset(Launch launch) {
        return (int) (launch.ovmf().hashTable().orElseThrow() % Ovmf.PAGE);
    }

    private static void addProcessors(LaunchContext context, Launch launch) {
        context.saveArea(saveArea(context, launch, SaveArea.RESET_VECTOR));
        if (launch.vcpus() > 1) {
            byte[] others = saveArea(context, launch, launch.ovmf().resetAddress());
            for (int i = 1; i < launch.vcpus(); i++) {
                context.saveArea(others);
            }
        }
    }

    /** SHA-384 of a processor's page. */
    private static byte[] saveArea(LaunchContext context, Launch launch, long address) {
        return context.digestOf(SaveArea.page(launch.vmm(), address, launch.signature(), launch.features()), 0);
    }
}
