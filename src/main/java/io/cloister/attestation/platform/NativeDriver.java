package io.cloister.attestation.platform;

/** The calls through the C library. */
final class NativeDriver implements GuestDriver {
    private NativeDriver() {}

    /** @throws PlatformException LibraryMissing */
    static NativeDriver load() {
        SevGuestNative.load();
        return new NativeDriver();
    }

    @Override
    public String name() {
        return "JNI";
    }

    @Override
    public int open(String path) {
        return SevGuestNative.open(path);
    }

    @Override
    public int close(int descriptor) {
        return SevGuestNative.close(descriptor);
    }

    @Override
    public int report(int descriptor, byte[] userData64, int vmpl, byte[] response4000, long[] exitInfo) {
        return SevGuestNative.report(descriptor, userData64, vmpl, response4000, exitInfo);
    }

    @Override
    public int extendedReport(
            int descriptor, byte[] userData64, int vmpl, byte[] certificates, byte[] response4000, long[] exitInfo) {
        return SevGuestNative.extendedReport(descriptor, userData64, vmpl, certificates, response4000, exitInfo);
    }

    @Override
    public int derivedKey(int descriptor, DerivedKeyRequest request, byte[] response64, long[] exitInfo) {
        return SevGuestNative.derivedKey(
                descriptor,
                request.root().code,
                request.fieldSelect(),
                request.vmpl(),
                (int) request.guestSvn(),
                request.tcbNumber(),
                response64,
                exitInfo);
    }
}
