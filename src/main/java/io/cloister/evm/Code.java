package io.cloister.evm;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.util.Optional;

/**
 * Code ready to run: padded with zero bytes, so that it ends in STOP and a PUSH never reads past it, and with a bitmap
 * of its jump destinations. A delegation designator (EIP-7702) is code too, with the address it points to.
 */
final class Code {
    static final Bytes EMPTY_HASH = Hashes.keccak256(Bytes.EMPTY);
    static final Code EMPTY = new Code(Bytes.EMPTY, EMPTY_HASH);

    private static final int PADDING = 40;
    private static final int JUMPDEST = 0x5b;
    private static final int PUSH1 = 0x60;
    private static final int PUSH32 = 0x7f;
    private static final Bytes DELEGATION = Bytes.hex("ef0100");
    private static final int DELEGATION_LENGTH = 23;

    final byte[] padded;
    final int length;
    final long[] jumpDestinations;
    private final Bytes raw;
    private final Bytes hash;
    private final Optional<Address> delegate;

    Code(Bytes raw, Bytes hash) {
        this.raw = raw;
        this.hash = hash;
        this.length = raw.length();
        this.padded = new byte[length + PADDING];
        raw.copyTo(0, padded, 0, length);
        this.jumpDestinations = analyse(padded, length);
        this.delegate = length == DELEGATION_LENGTH && raw.startsWith(DELEGATION)
                ? Optional.of(Address.of(padded, DELEGATION.length()))
                : Optional.empty();
    }

    /** Code that is run once, so that its hash is never asked for. */
    static Code once(Bytes raw) {
        return new Code(raw, Bytes.EMPTY);
    }

    static Code delegationTo(Address target) {
        Bytes raw = Bytes.concat(DELEGATION, target.bytes());
        return new Code(raw, Hashes.keccak256(raw));
    }

    boolean isEmpty() {
        return length == 0;
    }

    Bytes raw() {
        return raw;
    }

    Bytes hash() {
        return hash;
    }

    /** Where a delegation designator points to; empty for all other code. */
    Optional<Address> delegate() {
        return delegate;
    }

    boolean isJumpDestination(long target) {
        return target >= 0 && target < length && (jumpDestinations[(int) (target >> 6)] >>> target & 1) != 0;
    }

    private static long[] analyse(byte[] code, int length) {
        long[] bitmap = new long[(length >> 6) + 1];
        for (int i = 0; i < length; i++) {
            int op = code[i] & 0xff;
            if (op == JUMPDEST) {
                bitmap[i >> 6] |= 1L << i;
            } else if (op >= PUSH1 && op <= PUSH32) {
                i += op - PUSH1 + 1;
            }
        }
        return bitmap;
    }
}
