package io.cloister.evm.precompile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.EthereumAddress;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;
import java.math.BigInteger;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.junit.jupiter.api.Test;

class PrecompilesTest {
    private static final Map<Integer, Precompile> OSAKA = Precompiles.osaka();
    private static final Bytes GENERATOR = Bytes.concat(word(1), word(2));
    private static final Bytes DOUBLED = Bytes.hex("030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3"
            + "15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4");

    @Test
    void listsTheContractsOfEachFork() {
        assertThat(Precompiles.cancun()).hasSize(10).doesNotContainKey(0x0b);
        assertThat(Precompiles.prague()).hasSize(17).doesNotContainKey(0x100);
        assertThat(OSAKA).hasSize(18).containsKey(0x100);
    }

    @Test
    void neverAnswersForAContractThatIsMissing() {
        OSAKA.values().stream().filter(each -> !each.isSupported()).forEach(missing -> {
            assertThatThrownBy(() -> missing.gas(new byte[0])).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> missing.run(new byte[0])).isInstanceOf(UnsupportedOperationException.class);
        });
    }

    @Test
    void recoversSigners() {
        try (SigningKey key = SigningKey.generate()) {
            Bytes digest = Hashes.keccak256(Bytes.utf8("message"));
            Signature signature = key.sign(digest);
            Bytes v = word(27 + signature.recoveryId());
            Bytes input = Bytes.concat(digest, v, signature.compact());
            assertThat(run(1, input))
                    .isEqualTo(EthereumAddress.of(key.publicKey()).padLeft(32));
            Bytes high = Bytes.concat(
                    digest,
                    word(27 + (signature.recoveryId() ^ 1)),
                    signature.r().encode(),
                    signature.s().negate().encode());
            assertThat(run(1, high))
                    .isEqualTo(EthereumAddress.of(key.publicKey()).padLeft(32));
            assertThat(run(1, Bytes.concat(digest, word(29), signature.compact())))
                    .isEqualTo(Bytes.EMPTY);
            assertThat(run(1, Bytes.concat(digest, v, Bytes.zeros(64)))).isEqualTo(Bytes.EMPTY);
            assertThat(run(1, Bytes.EMPTY)).isEqualTo(Bytes.EMPTY);
        }
    }

    @Test
    void hashesAndCopies() {
        Bytes input = Bytes.utf8("abc");
        assertThat(run(2, input)).isEqualTo(Hashes.sha256(input));
        assertThat(run(3, input)).isEqualTo(Hashes.ripemd160(input).padLeft(32));
        assertThat(run(4, input)).isEqualTo(input);
        assertThat(OSAKA.get(2).gas(new byte[33])).isEqualTo(60 + 2 * 12);
        assertThat(OSAKA.get(3).gas(new byte[0])).isEqualTo(600);
        assertThat(OSAKA.get(4).gas(new byte[32])).isEqualTo(18);
    }

    @Property(tries = 200)
    void raisesToPowers(
            @ForAll @Size(max = 40) byte[] base,
            @ForAll @Size(max = 5) byte[] exponent,
            @ForAll @Size(max = 40) byte[] modulus) {
        Bytes input = Bytes.concat(
                word(base.length),
                word(exponent.length),
                word(modulus.length),
                Bytes.of(base),
                Bytes.of(exponent),
                Bytes.of(modulus));
        BigInteger m = new BigInteger(1, modulus);
        BigInteger expected =
                m.signum() == 0 ? BigInteger.ZERO : new BigInteger(1, base).modPow(new BigInteger(1, exponent), m);
        assertThat(run(5, input))
                .isEqualTo(new Writer().bigUint(expected, modulus.length).toBytes());
    }

    @Test
    void pricesPowersAsTheirForksDo() {
        // EIP-198's first example, 3 ^ (p - 1) mod p: 255 iterations over operands of 32 bytes.
        BigInteger prime = new BigInteger("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", 16);
        Bytes input = Bytes.concat(
                word(1),
                word(32),
                word(32),
                Bytes.hex("03"),
                new Writer()
                        .bigUint(prime.subtract(BigInteger.ONE), 32)
                        .bigUint(prime, 32)
                        .toBytes());
        assertThat(run(5, input)).isEqualTo(word(1));
        assertThat(Precompiles.cancun().get(5).gas(input.toArray())).isEqualTo(16 * 255 / 3);
        assertThat(OSAKA.get(5).gas(input.toArray())).isEqualTo(16 * 255);
        assertThat(Precompiles.cancun().get(5).gas(new byte[0])).isEqualTo(200);
        assertThat(OSAKA.get(5).gas(new byte[0])).isEqualTo(500);
        assertThat(OSAKA.get(5).run(word(1025).toArray())).isEmpty();
        assertThat(Precompiles.cancun().get(5).run(word(1025).toArray())).isPresent();
    }

    @Test
    void addsAndMultipliesOnAltBn128() {
        assertThat(run(6, Bytes.concat(GENERATOR, GENERATOR))).isEqualTo(DOUBLED);
        assertThat(run(7, Bytes.concat(GENERATOR, word(2)))).isEqualTo(DOUBLED);
        assertThat(run(7, Bytes.concat(GENERATOR, word(0)))).isEqualTo(Bytes.zeros(64));
        assertThat(run(6, GENERATOR)).isEqualTo(GENERATOR);
        assertThat(OSAKA.get(6).run(Bytes.concat(word(1), word(3)).toArray())).isEmpty();
    }

    @Property(tries = 100)
    void compressesAsBlake2bDoes(@ForAll @Size(max = 128) byte[] message) {
        Blake2bDigest digest = new Blake2bDigest(512);
        digest.update(message, 0, message.length);
        byte[] expected = new byte[64];
        digest.doFinal(expected, 0);
        // The first state word of BLAKE2b-512 without key is the first initial value, mixed with 0x01010040.
        Bytes state = Bytes.hex("48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5"
                + "d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b");
        Bytes block = Bytes.concat(Bytes.of(message), Bytes.zeros(128 - message.length));
        Bytes count = Bytes.concat(Bytes.of((byte) message.length), Bytes.zeros(15));
        Bytes input = Bytes.concat(Bytes.hex("0000000c"), state, block, count, Bytes.hex("01"));
        assertThat(run(9, input)).isEqualTo(Bytes.wrap(expected));
        assertThat(OSAKA.get(9).gas(input.toArray())).isEqualTo(12);
        assertThat(OSAKA.get(9).run(input.slice(0, 212).toArray())).isEmpty();
    }

    private static Bytes run(int number, Bytes input) {
        return Bytes.wrap(OSAKA.get(number).run(input.toArray()).orElseThrow());
    }

    private static Bytes word(long value) {
        return new Writer().bigUint(BigInteger.valueOf(value), 32).toBytes();
    }
}
