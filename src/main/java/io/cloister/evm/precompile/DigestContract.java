package io.cloister.evm.precompile;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The contracts that cost a base and a price a word: SHA-256, RIPEMD-160, identity. */
record DigestContract(long base, long word, UnaryOperator<byte[]> function) implements Precompile {
    static Precompile sha256() {
        return new DigestContract(
                60, 12, input -> Hashes.sha256(Bytes.wrap(input)).toArray());
    }

    static Precompile ripemd160() {
        return new DigestContract(
                600,
                120,
                input -> Hashes.ripemd160(Bytes.wrap(input)).padLeft(32).toArray());
    }

    static Precompile identity() {
        return new DigestContract(15, 3, byte[]::clone);
    }

    @Override
    public long gas(byte[] input) {
        return base + word * ((input.length + 31L) / 32);
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        return Optional.of(function.apply(input));
    }
}
