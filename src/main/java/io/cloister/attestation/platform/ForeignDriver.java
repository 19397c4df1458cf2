package io.cloister.attestation.platform;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The calls through {@code java.lang.foreign}: what {@code sev-snp/jni.c} does, without a library of our own. Layouts:
 * Linux {@code sev-guest.h}; the machine is little endian.
 */
final class ForeignDriver implements GuestDriver {
    private static final long REPORT = 0xC0205300L;
    private static final long DERIVED_KEY = 0xC0205301L;
    private static final long EXTENDED_REPORT = 0xC0205302L;

    private static final int USER_DATA = 64;
    private static final int REPORT_REQUEST = 96;
    private static final int EXTENDED_REQUEST = 112;
    private static final int KEY_REQUEST = 32;
    private static final int PAGE = 4096;

    private final SystemCalls system;

    private ForeignDriver(SystemCalls system) {
        this.system = system;
    }

    /** @throws PlatformException LibraryMissing */
    static ForeignDriver load() {
        return new ForeignDriver(SystemCalls.load());
    }

    @Override
    public String name() {
        return "java.lang.foreign";
    }

    @Override
    public int open(String path) {
        return system.open(path);
    }

    @Override
    public int close(int descriptor) {
        return -system.close(descriptor);
    }

    @Override
    public int report(int descriptor, byte[] userData64, int vmpl, byte[] response4000, long[] exitInfo) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(REPORT_REQUEST, Long.BYTES);
            fill(request, userData64, vmpl);
            return run(arena, descriptor, REPORT, request, response4000, exitInfo);
        }
    }

    @Override
    public int extendedReport(
            int descriptor, byte[] userData64, int vmpl, byte[] certificates, byte[] response4000, long[] exitInfo) {
        try (Arena arena = Arena.ofConfined()) {
            int length = certificates.length;
            MemorySegment table = length == 0 ? MemorySegment.NULL : arena.allocate(length, PAGE);
            MemorySegment request = arena.allocate(EXTENDED_REQUEST, Long.BYTES);
            fill(request, userData64, vmpl);
            request.set(ValueLayout.JAVA_LONG, 96, table.address());
            request.set(ValueLayout.JAVA_INT, 104, length);
            int errno = run(arena, descriptor, EXTENDED_REPORT, request, response4000, exitInfo);
            exitInfo[1] = Integer.toUnsignedLong(request.get(ValueLayout.JAVA_INT, 104));
            if (length > 0) {
                MemorySegment.ofArray(certificates).copyFrom(table);
            }
            return errno;
        }
    }

    @Override
    public int derivedKey(int descriptor, DerivedKeyRequest key, byte[] response64, long[] exitInfo) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(KEY_REQUEST, Long.BYTES);
            request.set(ValueLayout.JAVA_INT, 0, key.root().code);
            request.set(ValueLayout.JAVA_LONG, 8, key.fieldSelect());
            request.set(ValueLayout.JAVA_INT, 16, key.vmpl());
            request.set(ValueLayout.JAVA_INT, 20, (int) key.guestSvn());
            request.set(ValueLayout.JAVA_LONG, 24, key.tcbNumber());
            return run(arena, descriptor, DERIVED_KEY, request, response64, exitInfo);
        }
    }

    private static void fill(MemorySegment request, byte[] userData64, int vmpl) {
        MemorySegment.copy(userData64, 0, request, ValueLayout.JAVA_BYTE, 0, USER_DATA);
        request.set(ValueLayout.JAVA_INT, USER_DATA, vmpl);
    }

    /** One request; its answer is wiped from the memory that the driver wrote it to. */
    private int run(
            Arena arena, int descriptor, long command, MemorySegment request, byte[] response, long[] exitInfo) {
        MemorySegment answer = arena.allocate(response.length, Long.BYTES);
        MemorySegment outer = arena.allocate(32, Long.BYTES);
        outer.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
        outer.set(ValueLayout.JAVA_LONG, 8, request.address());
        outer.set(ValueLayout.JAVA_LONG, 16, answer.address());
        int result = system.ioctl(descriptor, command, outer);
        MemorySegment.ofArray(response).copyFrom(answer);
        answer.fill((byte) 0);
        exitInfo[0] = outer.get(ValueLayout.JAVA_LONG, 24);
        return result >= 0 ? 0 : -result;
    }
}
