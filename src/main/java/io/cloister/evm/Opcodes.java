package io.cloister.evm;

import java.util.Arrays;

/** The instructions as data: stack items in and out, and the gas that is the same at every execution. */
final class Opcodes {
    static final int STOP = 0x00;
    static final int KECCAK256 = 0x20;
    static final int CREATE = 0xf0;
    static final int CALL = 0xf1;
    static final int CALLCODE = 0xf2;
    static final int RETURN = 0xf3;
    static final int DELEGATECALL = 0xf4;
    static final int CREATE2 = 0xf5;
    static final int STATICCALL = 0xfa;
    static final int REVERT = 0xfd;
    static final int SELFDESTRUCT = 0xff;

    /** Cost of a byte that is no instruction: more than any gas that is left after a transaction's own cost. */
    static final long UNDEFINED = Long.MAX_VALUE;

    private static final int STACK_ITEMS = 1024;
    private static final byte[] INPUTS = new byte[256];
    private static final byte[] OUTPUTS = new byte[256];
    private static final long[] CANCUN = new long[256];

    static {
        Arrays.fill(CANCUN, UNDEFINED);
        define(0, 0, 0, STOP);
        define(2, 1, 3, 0x01, 0x03, 0x10, 0x11, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1c, 0x1d);
        define(2, 1, 5, 0x02, 0x04, 0x05, 0x06, 0x07, 0x0b);
        define(3, 1, 8, 0x08, 0x09); // ADDMOD, MULMOD
        define(2, 1, 10, 0x0a); // EXP
        define(1, 1, 3, 0x15, 0x19, 0x35, 0x49, 0x51); // ISZERO, NOT, CALLDATALOAD, BLOBHASH, MLOAD
        define(2, 1, 30, KECCAK256);
        define(0, 1, 2, 0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x48, 0x4a);
        define(0, 1, 2, 0x58, 0x59, 0x5a, 0x5f); // PC, MSIZE, GAS, PUSH0
        define(1, 1, 100, 0x31, 0x3b, 0x3f, 0x54, 0x5c); // BALANCE, EXTCODESIZE, EXTCODEHASH, SLOAD, TLOAD: warm
        define(3, 0, 3, 0x37, 0x39, 0x3e, 0x5e); // CALLDATACOPY, CODECOPY, RETURNDATACOPY, MCOPY
        define(4, 0, 100, 0x3c); // EXTCODECOPY: warm
        define(1, 1, 20, 0x40); // BLOCKHASH
        define(0, 1, 5, 0x47); // SELFBALANCE
        define(1, 0, 2, 0x50); // POP
        define(2, 0, 3, 0x52, 0x53); // MSTORE, MSTORE8
        define(2, 0, 0, 0x55); // SSTORE
        define(1, 0, 8, 0x56); // JUMP
        define(2, 0, 10, 0x57); // JUMPI
        define(0, 0, 1, 0x5b); // JUMPDEST
        define(2, 0, 100, 0x5d); // TSTORE
        for (int n = 1; n <= 32; n++) {
            define(0, 1, 3, 0x5f + n); // PUSH
        }
        for (int n = 1; n <= 16; n++) {
            define(n, n + 1, 3, 0x7f + n); // DUP
            define(n + 1, n + 1, 3, 0x8f + n); // SWAP
        }
        for (int topics = 0; topics <= 4; topics++) {
            define(2 + topics, 0, 375L * (1 + topics), 0xa0 + topics); // LOG
        }
        define(3, 1, 32_000, CREATE);
        define(4, 1, 32_000, CREATE2);
        define(7, 1, 100, CALL, CALLCODE);
        define(6, 1, 100, DELEGATECALL, STATICCALL);
        define(2, 0, 0, RETURN, REVERT);
        define(1, 0, 5_000, SELFDESTRUCT);
        stack(1, 1, 0x1e); // CLZ, since Osaka
    }

    private Opcodes() {}

    /** Costs since Cancun. */
    static long[] cancun() {
        return CANCUN.clone();
    }

    /** Osaka adds CLZ (EIP-7939). */
    static long[] osaka() {
        long[] costs = cancun();
        costs[0x1e] = 5;
        return costs;
    }

    static void requireStack(int op, int sp) {
        if (sp < INPUTS[op] * 4) {
            throw Halt.of(HaltReason.STACK_UNDERFLOW);
        }
        if (sp + (OUTPUTS[op] - INPUTS[op]) * 4 > STACK_ITEMS * 4) {
            throw Halt.of(HaltReason.STACK_OVERFLOW);
        }
    }

    /**
     * What an access outside the stack's array means: the array has exactly 1,024 words, so that Java's own bounds
     * checks are the machine's stack checks. If the stack was in order, it is an error of this program.
     */
    static RuntimeException stackFault(int op, int sp, ArrayIndexOutOfBoundsException cause) {
        requireStack(op, sp);
        return new IllegalStateException("instruction " + Integer.toHexString(op) + " left its arrays", cause);
    }

    /** Why an instruction's constant cost could not be paid. */
    static Halt unpaid(long cost) {
        return cost == UNDEFINED ? Halt.of(HaltReason.INVALID_OPCODE) : Halt.OUT_OF_GAS;
    }

    private static void define(int inputs, int outputs, long gas, int... ops) {
        for (int op : ops) {
            CANCUN[op] = gas;
            stack(inputs, outputs, op);
        }
    }

    private static void stack(int inputs, int outputs, int op) {
        INPUTS[op] = (byte) inputs;
        OUTPUTS[op] = (byte) outputs;
    }
}
