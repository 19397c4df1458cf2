package io.cloister.attestation.release;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** First state of a processor as it is measured: the page VMSA (AMD APM volume 2, table B-4). */
final class SaveArea {
    /** Where the first processor begins. */
    static final long RESET_VECTOR = 0xffff_fff0L;

    private static final int REAL_MODE_LIMIT = 0xffff;
    private static final int DATA_SEGMENT = 0x93;
    private static final long PAT_AT_RESET = 0x0007_0406_0007_0406L;
    private static final long PAT_OF_GCE = 0x0007_0106L;
    private static final long RDX_OF_CLOUDS = 0x600;

    private SaveArea() {}

    /**
     * The page of one processor.
     *
     * @param address where it begins, 32 bits
     * @param features SEV_FEATURES
     */
    static byte[] page(Vmm vmm, long address, VcpuSignature signature, long features) {
        byte[] page = new byte[Ovmf.PAGE];
        ByteBuffer area = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        boolean first = address == RESET_VECTOR;
        segment(area, 0x000, 0, DATA_SEGMENT, 0); // ES
        segment(area, 0x010, 0xf000, vmm.isEc2() && first ? 0x9a : 0x9b, address & 0xffff_0000L); // CS
        segment(area, 0x020, 0, vmm.isEc2() ? 0x92 : DATA_SEGMENT, 0); // SS
        segment(area, 0x030, 0, DATA_SEGMENT, 0); // DS
        segment(area, 0x040, 0, DATA_SEGMENT, 0); // FS
        segment(area, 0x050, 0, DATA_SEGMENT, 0); // GS
        segment(area, 0x060, 0, 0, 0); // GDTR
        segment(area, 0x070, 0, 0x82, 0); // LDTR
        segment(area, 0x080, 0, 0, 0); // IDTR
        segment(area, 0x090, 0, vmm.isEc2() ? 0x83 : 0x8b, 0); // TR
        area.putLong(0x0d0, 0x1000); // EFER: SVME
        area.putLong(0x148, 0x40); // CR4: MCE
        area.putLong(0x158, 0x10); // CR0: ET
        area.putLong(0x160, 0x400); // DR7
        area.putLong(0x168, 0xffff_0ff0L); // DR6
        area.putLong(0x170, 0x2); // RFLAGS
        area.putLong(0x178, address & 0xffff); // RIP
        area.putLong(0x268, vmm == Vmm.GCE ? PAT_OF_GCE : PAT_AT_RESET); // G_PAT
        area.putLong(0x310, rdx(vmm, signature)); // RDX
        area.putLong(0x3b0, features); // SEV_FEATURES
        area.putLong(0x3e8, 0x1); // XCR0
        area.putInt(0x408, vmm == Vmm.QEMU ? 0x1f80 : 0); // MXCSR
        area.putShort(0x410, (short) (vmm == Vmm.QEMU ? 0x37f : 0)); // X87_FCW
        return page;
    }

    private static long rdx(Vmm vmm, VcpuSignature signature) {
        return switch (vmm) {
            case QEMU -> Integer.toUnsignedLong(signature.bits());
            case EC2, GCE -> RDX_OF_CLOUDS;
            case EC2_BEFORE_2026 -> 0;
        };
    }

    private static void segment(ByteBuffer area, int at, int selector, int attributes, long base) {
        area.putShort(at, (short) selector);
        area.putShort(at + 2, (short) attributes);
        area.putInt(at + 4, REAL_MODE_LIMIT);
        area.putLong(at + 8, base);
    }
}
