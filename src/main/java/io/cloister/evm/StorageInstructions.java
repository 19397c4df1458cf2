package io.cloister.evm;

/** Storage with the costs and refunds of EIP-2929, EIP-2200 and EIP-3529, and transient storage of EIP-1153. */
final class StorageInstructions {
    private static final long COLD_SLOT_EXTRA = 2_000; // of 2,100; 100 are in SLOAD's constant cost
    private static final long COLD_SLOT = 2_100;
    private static final long WARM = 100;
    private static final long SET = 20_000;
    private static final long RESET = 2_900; // 5,000 less the cold slot
    private static final long CLEAR_REFUND = 4_800;
    private static final long SENTRY = 2_300;

    private StorageInstructions() {}

    static int execute(Frame f, int op) {
        long[] s = f.stack;
        int at = f.sp - 4;
        World world = f.world();
        Account self = f.self();
        switch (op) {
            case 0x54 -> {
                Slot slot = world.mention(self, s[at], s[at + 1], s[at + 2], s[at + 3]);
                if (world.warm(slot)) {
                    f.charge(COLD_SLOT_EXTRA);
                }
                world.load(self, slot);
                put(s, at, slot);
            }
            case 0x55 -> store(f, world, self);
            case 0x5c -> put(s, at, world.transientSlot(self, s[at], s[at + 1], s[at + 2], s[at + 3]));
            default -> {
                f.requireNotStatic();
                Slot slot = world.transientSlot(self, s[at], s[at + 1], s[at + 2], s[at + 3]);
                world.set(slot, s[at - 4], s[at - 3], s[at - 2], s[at - 1]);
                f.sp -= 8;
            }
        }
        return Interpreter.CONTINUE;
    }

    private static void put(long[] s, int at, Slot slot) {
        s[at] = slot.value0;
        s[at + 1] = slot.value1;
        s[at + 2] = slot.value2;
        s[at + 3] = slot.value3;
    }

    private static void store(Frame f, World world, Account self) {
        f.requireNotStatic();
        if (f.gas <= SENTRY) {
            throw Halt.OUT_OF_GAS;
        }
        long[] s = f.stack;
        int at = f.sp - 4;
        Slot slot = world.mention(self, s[at], s[at + 1], s[at + 2], s[at + 3]);
        if (world.warm(slot)) {
            f.charge(COLD_SLOT);
        }
        world.load(self, slot);
        long v0 = s[at - 4];
        long v1 = s[at - 3];
        long v2 = s[at - 2];
        long v3 = s[at - 1];
        f.sp -= 8;
        if (slot.holds(v0, v1, v2, v3)) {
            f.charge(WARM);
            return;
        }
        boolean clears = (v0 | v1 | v2 | v3) == 0;
        if (slot.isOriginal()) {
            f.charge(slot.originalIsZero() ? SET : RESET);
            if (clears) {
                world.addRefund(CLEAR_REFUND);
            }
        } else {
            f.charge(WARM);
            world.addRefund(refundOfDirty(slot, clears, slot.originalIs(v0, v1, v2, v3)));
        }
        world.set(slot, v0, v1, v2, v3);
    }

    private static long refundOfDirty(Slot slot, boolean clears, boolean restores) {
        long refund = 0;
        if (!slot.originalIsZero()) {
            if (slot.isZero()) {
                refund -= CLEAR_REFUND;
            } else if (clears) {
                refund += CLEAR_REFUND;
            }
        }
        if (restores) {
            refund += slot.originalIsZero() ? SET - WARM : RESET - WARM;
        }
        return refund;
    }
}
