package io.cloister.evm;

/**
 * The run loop. It holds program counter, stack pointer and gas in local variables and runs the frequent instructions
 * in place; the others are {@link Instructions}. Its bytecode must stay below 8,000 bytes, or HotSpot leaves it to its
 * own interpreter (a test measures it), which is why the arithmetic stands elsewhere and is inlined by the compiler.
 */
final class Interpreter {
    /** The loop goes on; the other signals say why it was left. */
    static final int CONTINUE = 0;

    static final int STOPPED = 1;
    static final int RETURNED = 2;
    static final int REVERTED = 3;
    static final int SELF_DESTRUCTED = 4;
    /** A child frame was pushed; the loop goes on here when it has ended. */
    static final int ENTERED = 5;

    private Interpreter() {}

    /**
     * Runs a frame until it ends or calls.
     *
     * @throws Halt when it breaks a rule of the machine
     */
    static int run(Frame f, long[] costs) {
        final byte[] code = f.code.padded;
        final long[] s = f.stack;
        int pc = f.pc;
        int sp = f.sp;
        long gas = f.gas;
        long checkAt = f.machine.checkTime(gas);
        int op = 0;
        try {
            while (true) {
                op = code[pc] & 0xff;
                gas -= costs[op];
                if (gas < 0) {
                    throw Opcodes.unpaid(costs[op]);
                }
                switch (op) {
                    case 0x00 -> { // STOP
                        f.gas = gas;
                        return STOPPED;
                    }
                    case 0x01 -> { // ADD
                        Arithmetic.add(s, sp - 4, sp - 8);
                        sp -= 4;
                        pc++;
                    }
                    case 0x02 -> { // MUL
                        Arithmetic.mul(s, sp - 4, sp - 8);
                        sp -= 4;
                        pc++;
                    }
                    case 0x03 -> { // SUB
                        Arithmetic.sub(s, sp - 4, sp - 8);
                        sp -= 4;
                        pc++;
                    }
                    case 0x04, 0x06 -> { // DIV, MOD
                        Arithmetic.divide(s, sp - 4, sp - 8, op == 0x06);
                        sp -= 4;
                        pc++;
                    }
                    case 0x05, 0x07 -> { // SDIV, SMOD
                        Arithmetic.divideSigned(s, sp - 4, sp - 8, op == 0x07);
                        sp -= 4;
                        pc++;
                    }
                    case 0x10 -> { // LT
                        boolean less = Words.isLess(s, sp - 4, sp - 8);
                        Words.set(s, sp - 8, less ? 1 : 0);
                        sp -= 4;
                        pc++;
                    }
                    case 0x11 -> { // GT
                        boolean greater = Words.isLess(s, sp - 8, sp - 4);
                        Words.set(s, sp - 8, greater ? 1 : 0);
                        sp -= 4;
                        pc++;
                    }
                    case 0x12 -> { // SLT
                        boolean less = Words.isSignedLess(s, sp - 4, sp - 8);
                        Words.set(s, sp - 8, less ? 1 : 0);
                        sp -= 4;
                        pc++;
                    }
                    case 0x13 -> { // SGT
                        boolean greater = Words.isSignedLess(s, sp - 8, sp - 4);
                        Words.set(s, sp - 8, greater ? 1 : 0);
                        sp -= 4;
                        pc++;
                    }
                    case 0x14 -> { // EQ
                        int a = sp - 4;
                        int b = sp - 8;
                        long low = (s[a] ^ s[b]) | (s[a + 1] ^ s[b + 1]);
                        long high = (s[a + 2] ^ s[b + 2]) | (s[a + 3] ^ s[b + 3]);
                        Words.set(s, b, (low | high) == 0 ? 1 : 0);
                        sp = a;
                        pc++;
                    }
                    case 0x15 -> { // ISZERO
                        Words.set(s, sp - 4, Words.isZero(s, sp - 4) ? 1 : 0);
                        pc++;
                    }
                    case 0x16 -> { // AND
                        int a = sp - 4;
                        int b = sp - 8;
                        s[b] &= s[a];
                        s[b + 1] &= s[a + 1];
                        s[b + 2] &= s[a + 2];
                        s[b + 3] &= s[a + 3];
                        sp = a;
                        pc++;
                    }
                    case 0x17 -> { // OR
                        int a = sp - 4;
                        int b = sp - 8;
                        s[b] |= s[a];
                        s[b + 1] |= s[a + 1];
                        s[b + 2] |= s[a + 2];
                        s[b + 3] |= s[a + 3];
                        sp = a;
                        pc++;
                    }
                    case 0x18 -> { // XOR
                        int a = sp - 4;
                        int b = sp - 8;
                        s[b] ^= s[a];
                        s[b + 1] ^= s[a + 1];
                        s[b + 2] ^= s[a + 2];
                        s[b + 3] ^= s[a + 3];
                        sp = a;
                        pc++;
                    }
                    case 0x19 -> { // NOT
                        int a = sp - 4;
                        s[a] = ~s[a];
                        s[a + 1] = ~s[a + 1];
                        s[a + 2] = ~s[a + 2];
                        s[a + 3] = ~s[a + 3];
                        pc++;
                    }
                    case 0x1a -> { // BYTE
                        Words.byteAt(s, sp - 4, sp - 8);
                        sp -= 4;
                        pc++;
                    }
                    case 0x1b -> { // SHL
                        Words.shiftLeft(s, sp - 4, sp - 8);
                        sp -= 4;
                        pc++;
                    }
                    case 0x1c, 0x1d -> { // SHR, SAR
                        Words.shiftRight(s, sp - 4, sp - 8, op == 0x1d);
                        sp -= 4;
                        pc++;
                    }
                    case 0x35 -> { // CALLDATALOAD
                        Words.loadPadded(f.message.input(), s, sp - 4);
                        pc++;
                    }
                    case 0x50 -> { // POP
                        if (sp < 4) {
                            throw Halt.of(HaltReason.STACK_UNDERFLOW);
                        }
                        sp -= 4;
                        pc++;
                    }
                    case 0x51 -> { // MLOAD
                        int a = sp - 4;
                        long offset = s[a];
                        if ((s[a + 1] | s[a + 2] | s[a + 3]) != 0 || offset < 0 || offset > f.memorySize - 32) {
                            f.gas = gas;
                            f.roomFor(a, 32);
                            gas = f.gas;
                        }
                        Words.load(f.memory, (int) offset, s, a);
                        pc++;
                    }
                    case 0x52 -> { // MSTORE
                        int a = sp - 4;
                        int b = sp - 8;
                        long offset = s[a];
                        if ((s[a + 1] | s[a + 2] | s[a + 3]) != 0 || offset < 0 || offset > f.memorySize - 32) {
                            f.gas = gas;
                            f.roomFor(a, 32);
                            gas = f.gas;
                        }
                        Words.store(s, b, f.memory, (int) offset);
                        sp = b;
                        pc++;
                    }
                    case 0x56 -> { // JUMP
                        int a = sp - 4;
                        if ((s[a + 1] | s[a + 2] | s[a + 3]) != 0 || !f.code.isJumpDestination(s[a])) {
                            throw Halt.of(HaltReason.INVALID_JUMP);
                        }
                        pc = (int) s[a];
                        sp = a;
                        if (gas < checkAt) {
                            checkAt = f.machine.checkTime(gas);
                        }
                    }
                    case 0x57 -> { // JUMPI
                        int a = sp - 4;
                        int b = sp - 8;
                        if (Words.isZero(s, b)) {
                            pc++;
                        } else {
                            if ((s[a + 1] | s[a + 2] | s[a + 3]) != 0 || !f.code.isJumpDestination(s[a])) {
                                throw Halt.of(HaltReason.INVALID_JUMP);
                            }
                            pc = (int) s[a];
                            if (gas < checkAt) {
                                checkAt = f.machine.checkTime(gas);
                            }
                        }
                        sp = b;
                    }
                    case 0x58 -> { // PC
                        Words.set(s, sp, pc);
                        sp += 4;
                        pc++;
                    }
                    case 0x5a -> { // GAS
                        Words.set(s, sp, gas);
                        sp += 4;
                        pc++;
                    }
                    case 0x5b -> pc++; // JUMPDEST
                    case 0x5f -> { // PUSH0
                        Words.set(s, sp, 0);
                        sp += 4;
                        pc++;
                    }
                    case 0x60 -> { // PUSH1
                        Words.set(s, sp, code[pc + 1] & 0xff);
                        sp += 4;
                        pc += 2;
                    }
                    case 0x61 -> { // PUSH2
                        Words.set(s, sp, (code[pc + 1] & 0xff) << 8 | code[pc + 2] & 0xff);
                        sp += 4;
                        pc += 3;
                    }
                    case 0x62,
                            0x63,
                            0x64,
                            0x65,
                            0x66,
                            0x67,
                            0x68,
                            0x69,
                            0x6a,
                            0x6b,
                            0x6c,
                            0x6d,
                            0x6e,
                            0x6f,
                            0x70,
                            0x71,
                            0x72,
                            0x73,
                            0x74,
                            0x75,
                            0x76,
                            0x77,
                            0x78,
                            0x79,
                            0x7a,
                            0x7b,
                            0x7c,
                            0x7d,
                            0x7e,
                            0x7f -> { // PUSH3 to PUSH32
                        int length = op - 0x5f;
                        Words.loadPush(code, pc + 1, length, s, sp);
                        sp += 4;
                        pc += 1 + length;
                    }
                    case 0x80,
                            0x81,
                            0x82,
                            0x83,
                            0x84,
                            0x85,
                            0x86,
                            0x87,
                            0x88,
                            0x89,
                            0x8a,
                            0x8b,
                            0x8c,
                            0x8d,
                            0x8e,
                            0x8f -> { // DUP1 to DUP16
                        int from = sp - (op - 0x7f) * 4;
                        s[sp] = s[from];
                        s[sp + 1] = s[from + 1];
                        s[sp + 2] = s[from + 2];
                        s[sp + 3] = s[from + 3];
                        sp += 4;
                        pc++;
                    }
                    case 0x90,
                            0x91,
                            0x92,
                            0x93,
                            0x94,
                            0x95,
                            0x96,
                            0x97,
                            0x98,
                            0x99,
                            0x9a,
                            0x9b,
                            0x9c,
                            0x9d,
                            0x9e,
                            0x9f -> { // SWAP1 to SWAP16
                        int a = sp - 4;
                        int b = a - (op - 0x8f) * 4;
                        long t0 = s[b];
                        long t1 = s[b + 1];
                        long t2 = s[b + 2];
                        long t3 = s[b + 3];
                        s[b] = s[a];
                        s[b + 1] = s[a + 1];
                        s[b + 2] = s[a + 2];
                        s[b + 3] = s[a + 3];
                        s[a] = t0;
                        s[a + 1] = t1;
                        s[a + 2] = t2;
                        s[a + 3] = t3;
                        pc++;
                    }
                    default -> {
                        Opcodes.requireStack(op, sp);
                        f.sp = sp;
                        f.gas = gas;
                        int signal = Instructions.execute(f, op);
                        pc++;
                        if (signal != CONTINUE) {
                            f.pc = pc;
                            return signal;
                        }
                        sp = f.sp;
                        gas = f.gas;
                    }
                }
            }
        } catch (ArrayIndexOutOfBoundsException e) {
            throw Opcodes.stackFault(op, sp, e);
        }
    }
}
