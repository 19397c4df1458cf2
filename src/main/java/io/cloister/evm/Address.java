package io.cloister.evm;

import io.cloister.codec.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * An account's address as three numbers, cheap to make from the stack and to look up. Comparable, so that a hash map
 * stays fast when a stranger picks addresses that collide.
 */
final class Address implements Comparable<Address> {
    static final Address ZERO = new Address(0, 0, 0);

    private static final VarHandle BIG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle BIG_INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final int high;
    private final long middle;
    private final long low;

    private Address(int high, long middle, long low) {
        this.high = high;
        this.middle = middle;
        this.low = low;
    }

    /** The low 160 bits of a stack word. */
    static Address ofWord(long[] stack, int at) {
        return new Address((int) stack[at + 2], stack[at + 1], stack[at]);
    }

    static Address of(Bytes address20) {
        return of(address20.toArray(), 0);
    }

    static Address of(byte[] source, int at) {
        return new Address(
                (int) BIG_INT.get(source, at), (long) BIG.get(source, at + 4), (long) BIG.get(source, at + 12));
    }

    static Address ofLow(long low) {
        return new Address(0, 0, low);
    }

    void toWord(long[] stack, int at) {
        stack[at] = low;
        stack[at + 1] = middle;
        stack[at + 2] = high & 0xffff_ffffL;
        stack[at + 3] = 0;
    }

    Bytes bytes() {
        byte[] bytes = new byte[20];
        BIG_INT.set(bytes, 0, high);
        BIG.set(bytes, 4, middle);
        BIG.set(bytes, 12, low);
        return Bytes.wrap(bytes);
    }

    @Override
    public int compareTo(Address other) {
        int order = Integer.compareUnsigned(high, other.high);
        if (order == 0) {
            order = Long.compareUnsigned(middle, other.middle);
        }
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Address that && low == that.low && middle == that.middle && high == that.high;
    }

    @Override
    public int hashCode() {
        long mixed = (low * 31 + middle) * 31 + high;
        return (int) (mixed ^ mixed >>> 32);
    }

    @Override
    public String toString() {
        return bytes().to0x();
    }
}
