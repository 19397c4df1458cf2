package io.cloister.multichain.bitcoin;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Hashes;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.BitcoinProfile.ProofOfWork;
import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * The 80 bytes that a block's work is done over.
 *
 * @param raw version u32le, parent 32, Merkle root 32, time u32le, target in compact form u32le, nonce u32le
 */
public record BitcoinHeader(Bytes raw) {
    public static final int LENGTH = 80;

    public BitcoinHeader {
        if (raw.length() != LENGTH) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a header has 80 bytes, not " + raw.length());
        }
    }

    /** The block's id in wire order. */
    public Bytes hash() {
        return Hashes.doubleSha256(raw);
    }

    public Bytes parent() {
        return raw.slice(4, 32);
    }

    public Bytes merkleRoot() {
        return raw.slice(36, 32);
    }

    /** Seconds since the epoch, as the miner has it. */
    public long time() {
        return u32(68);
    }

    /** The target in its compact form. */
    public long bits() {
        return u32(72);
    }

    private long u32(int at) {
        return new WireReader(raw.slice(at, 4)).u32();
    }

    /**
     * The target, if the compact form is positive and the shortest one: three bytes of mantissa below an exponent that
     * counts bytes, with the highest mantissa bit as a sign.
     */
    Optional<BigInteger> target() {
        int exponent = (int) (bits() >>> 24);
        long mantissa = bits() & 0x7f_ffffL;
        boolean negative = (bits() & 0x80_0000L) != 0;
        if (negative || mantissa == 0 || exponent > 34) {
            return Optional.empty();
        }
        BigInteger value = BigInteger.valueOf(mantissa);
        BigInteger target = exponent >= 3 ? value.shiftLeft(8 * (exponent - 3)) : value.shiftRight(8 * (3 - exponent));
        return compact(target) == bits() ? Optional.of(target) : Optional.empty();
    }

    /** The compact form of a positive target. */
    static long compact(BigInteger target) {
        int length = Math.ceilDiv(target.bitLength(), 8);
        long mantissa = length <= 3
                ? target.longValueExact() << 8 * (3 - length)
                : target.shiftRight(8 * (length - 3)).longValueExact();
        if ((mantissa & 0x80_0000L) != 0) {
            mantissa >>>= 8;
            length++;
        }
        return (long) length << 24 | mantissa;
    }

    /** True when the target is allowed on this chain and the header's proof of work does not exceed it. */
    public boolean hasWork(BitcoinProfile profile) {
        return target().filter(target -> target.compareTo(profile.powLimit()) <= 0)
                .filter(target -> workHash(profile.proofOfWork()).compareTo(target) <= 0)
                .isPresent();
    }

    private BigInteger workHash(ProofOfWork kind) {
        Bytes digest = switch (kind) {
            case DOUBLE_SHA256 -> hash();
            case SCRYPT -> Bytes.wrap(SCrypt.generate(raw.toArray(), raw.toArray(), 1024, 1, 1, 32));
        };
        return new BigInteger(1, digest.reversed().toArray());
    }
}
