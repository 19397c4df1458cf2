package io.cloister.evm;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.Log;
import io.cloister.crypto.Keccak256;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The instructions outside the run loop. The stack has been checked and the constant gas taken; each takes its
 * arguments off the frame's stack and says whether the loop goes on.
 */
final class Instructions {
    private Instructions() {}

    static int execute(Frame f, int op) {
        return switch (op) {
            case 0x08, 0x09, 0x0a, 0x0b, 0x1e -> arithmetic(f, op);
            case 0x20 -> keccak(f);
            case 0x31, 0x3b, 0x3c, 0x3f, 0x40 -> AccountInstructions.read(f, op);
            case 0x37, 0x39, 0x3e, 0x53, 0x5e -> memory(f, op);
            case 0x54, 0x55, 0x5c, 0x5d -> StorageInstructions.execute(f, op);
            case 0xa0, 0xa1, 0xa2, 0xa3, 0xa4 -> log(f, op - 0xa0);
            case Opcodes.CREATE, Opcodes.CREATE2 -> Creations.create(f, op);
            case Opcodes.CALL, Opcodes.CALLCODE, Opcodes.DELEGATECALL, Opcodes.STATICCALL -> Calls.call(f, op);
            case Opcodes.RETURN, Opcodes.REVERT -> end(f, op);
            case Opcodes.SELFDESTRUCT -> AccountInstructions.selfDestruct(f);
            default -> environment(f, op);
        };
    }

    private static int arithmetic(Frame f, int op) {
        long[] s = f.stack;
        int sp = f.sp;
        switch (op) {
            case 0x08 -> {
                Arithmetic.addModulo(s, sp - 4, sp - 8, sp - 12);
                f.sp -= 8;
            }
            case 0x09 -> {
                Arithmetic.multiplyModulo(s, sp - 4, sp - 8, sp - 12);
                f.sp -= 8;
            }
            case 0x0a -> {
                int exponentBytes = (Words.toBigInteger(s, sp - 8).bitLength() + 7) / 8;
                f.charge(50L * exponentBytes); // EIP-160
                Arithmetic.power(s, sp - 4, sp - 8);
                f.sp -= 4;
            }
            case 0x0b -> {
                Words.signExtend(s, sp - 4, sp - 8);
                f.sp -= 4;
            }
            default -> Words.leadingZeros(s, sp - 4);
        }
        return Interpreter.CONTINUE;
    }

    private static int keccak(Frame f) {
        int at = f.sp - 4;
        int offset = f.room(at, f.sp - 8);
        int length = (int) f.stack[f.sp - 8];
        f.charge(6L * words(length));
        byte[] digest = new byte[32];
        Keccak256.digest(f.memory, offset, length, digest, 0);
        Words.load(digest, 0, f.stack, f.sp - 8);
        f.sp = at;
        return Interpreter.CONTINUE;
    }

    static long words(long length) {
        return length + 31 >>> 5;
    }

    private static int memory(Frame f, int op) {
        long[] s = f.stack;
        int sp = f.sp;
        switch (op) {
            case 0x37 -> copy(f, f.message.input(), f.message.input().length);
            case 0x39 -> copy(f, f.code.padded, f.code.length);
            case 0x3e -> {
                long end = Words.saturated(s, sp - 8) + Words.saturated(s, sp - 12);
                if (end < 0 || end > f.returnData.length) { // EIP-211
                    throw Halt.of(HaltReason.RETURN_DATA_OUT_OF_BOUNDS);
                }
                copy(f, f.returnData, f.returnData.length);
            }
            case 0x53 -> {
                int offset = f.roomFor(sp - 4, 1);
                f.memory[offset] = (byte) s[sp - 8];
                f.sp -= 8;
            }
            default -> moveMemory(f);
        }
        return Interpreter.CONTINUE;
    }

    private static void copy(Frame f, byte[] source, int sourceLength) {
        int sp = f.sp;
        int offset = f.room(sp - 4, sp - 12);
        int length = (int) f.stack[sp - 12];
        f.charge(3L * words(length));
        f.fill(offset, length, source, sourceLength, Words.saturated(f.stack, sp - 8));
        f.sp -= 12;
    }

    // EIP-5656
    private static void moveMemory(Frame f) {
        int sp = f.sp;
        int to = f.room(sp - 4, sp - 12);
        int from = f.room(sp - 8, sp - 12);
        int length = (int) f.stack[sp - 12];
        f.charge(3L * words(length));
        System.arraycopy(f.memory, from, f.memory, to, length);
        f.sp -= 12;
    }

    private static int log(Frame f, int topics) {
        f.requireNotStatic();
        int sp = f.sp;
        int offset = f.room(sp - 4, sp - 8);
        int length = (int) f.stack[sp - 8];
        f.charge(8L * length);
        List<Bytes> read = new ArrayList<>(topics);
        for (int i = 0; i < topics; i++) {
            read.add(Words.toBytes(f.stack, sp - 12 - 4 * i));
        }
        f.world().log(new Log(f.self().address.bytes(), read, Bytes.wrap(f.copy(offset, length))));
        f.sp -= 8 + 4 * topics;
        return Interpreter.CONTINUE;
    }

    private static int end(Frame f, int op) {
        int offset = f.room(f.sp - 4, f.sp - 8);
        f.output = f.copy(offset, (int) f.stack[f.sp - 8]);
        return op == Opcodes.RETURN ? Interpreter.RETURNED : Interpreter.REVERTED;
    }

    private static int environment(Frame f, int op) {
        BlockEnvironment block = f.machine.block();
        switch (op) {
            case 0x30 -> f.push(f.self().address);
            case 0x32 -> f.push(f.machine.origin());
            case 0x33 -> f.push(f.message.caller());
            case 0x34 -> f.push(f.message.value());
            case 0x36 -> f.push(f.message.input().length);
            case 0x38 -> f.push(f.code.length);
            case 0x3a -> f.push(f.machine.gasPrice());
            case 0x3d -> f.push(f.returnData.length);
            case 0x41 -> f.push(Address.of(block.coinbase()));
            case 0x42 -> f.push(block.timestamp());
            case 0x43 -> f.push(block.number());
            case 0x44 -> f.push(block.prevRandao());
            case 0x45 -> f.push(block.gasLimit());
            case 0x46 -> f.push(block.chainId());
            case 0x47 -> f.push(f.self().balance);
            case 0x48 -> f.push(block.baseFee());
            case 0x49 -> blobHash(f);
            case 0x4a -> f.push(block.blobBaseFee()); // EIP-7516
            case 0x59 -> f.push(f.memorySize);
            default -> throw new IllegalStateException("no instruction " + Integer.toHexString(op));
        }
        return Interpreter.CONTINUE;
    }

    // EIP-4844
    private static void blobHash(Frame f) {
        List<Bytes> hashes = f.machine.blobHashes();
        long index = Words.saturated(f.stack, f.sp - 4);
        f.sp -= 4;
        if (index < hashes.size()) {
            f.push(hashes.get((int) index));
        } else {
            f.push(BigInteger.ZERO);
        }
    }
}
