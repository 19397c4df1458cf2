package io.cloister.evm;

import io.cloister.codec.Bytes;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * One call frame: its stack of 1,024 words of four limbs, its memory, and where it stands. It lives in the machine's
 * array of frames, so that nested calls need no Java recursion.
 */
final class Frame {
    static final byte[] NOTHING = new byte[0];

    private static final int STACK_LIMBS = 4 * 1024;
    private static final long BEYOND = 1L << 41; // memory up to here costs 2^63 gas, more than anyone has

    final Machine machine;
    final long[] stack = new long[STACK_LIMBS];
    final Message message;
    final Code code;
    final int depth;
    final World.Checkpoint checkpoint;
    int pc;
    int sp;
    long gas;
    byte[] memory = NOTHING;
    int memorySize;
    byte[] returnData = NOTHING;
    byte[] output = NOTHING;

    Frame(Machine machine, Message message, Code code, int depth, World.Checkpoint checkpoint) {
        this.machine = machine;
        this.message = message;
        this.code = code;
        this.depth = depth;
        this.checkpoint = checkpoint;
        this.gas = message.gas();
    }

    World world() {
        return machine.world();
    }

    Account self() {
        return message.self();
    }

    void charge(long cost) {
        gas -= cost;
        if (gas < 0) {
            throw Halt.OUT_OF_GAS;
        }
    }

    void requireNotStatic() {
        if (message.isStatic()) {
            throw Halt.of(HaltReason.STATE_CHANGE_IN_STATIC_CALL);
        }
    }

    /** Makes room for a range of memory and charges for it; the range's start, or 0 when it is empty. */
    int room(int offsetAt, int lengthAt) {
        long length = Words.saturated(stack, lengthAt);
        return length == 0 ? 0 : roomFor(offsetAt, length);
    }

    /** Like {@link #room}, for a length that is known and not zero. */
    int roomFor(int offsetAt, long length) {
        long offset = Words.saturated(stack, offsetAt);
        if (offset >= BEYOND || length >= BEYOND) {
            throw Halt.OUT_OF_GAS;
        }
        long words = offset + length + 31 >>> 5;
        if (words << 5 > memorySize) {
            long held = memorySize >>> 5;
            charge(memoryCost(words) - memoryCost(held));
            grow(words << 5);
        }
        return (int) offset;
    }

    private static long memoryCost(long words) {
        long squared = (words >>> 9) * words + ((words & 511) * words >>> 9); // words * words / 512, without overflow
        return 3 * words + squared;
    }

    private void grow(long size) {
        machine.reserveMemory(size - memorySize);
        memorySize = (int) size;
        if (memorySize > memory.length) {
            memory = Arrays.copyOf(memory, (int) Math.min(Math.max(size, memory.length * 2L), 1 << 30));
        }
    }

    /** A copy of a range that {@link #room} has made. */
    byte[] copy(int offset, int length) {
        return length == 0 ? NOTHING : Arrays.copyOfRange(memory, offset, offset + length);
    }

    /** Copies into a range that {@link #room} has made; what the source lacks is zero. */
    void fill(int offset, int length, byte[] source, int sourceLength, long from) {
        int available = (int) Math.max(0, Math.min(length, sourceLength - from));
        if (available > 0) {
            System.arraycopy(source, (int) from, memory, offset, available);
        }
        Arrays.fill(memory, offset + available, offset + length, (byte) 0);
    }

    void push(long value) {
        Words.set(stack, sp, value);
        sp += 4;
    }

    void push(BigInteger value) {
        Words.set(stack, sp, value);
        sp += 4;
    }

    void push(Bytes word) {
        Words.load(word.toArray(), 0, stack, sp);
        sp += 4;
    }

    void push(Address address) {
        address.toWord(stack, sp);
        sp += 4;
    }
}
