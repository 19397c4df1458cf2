package io.cloister.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.jcajce.provider.digest.Keccak;
import org.junit.jupiter.api.Test;

class HashesTest {
    private static final Bytes ABC = Bytes.utf8("abc");

    @Test
    void givesThePublishedDigests() {
        assertThat(Hashes.sha256(ABC).toHex())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(Hashes.sha384(ABC).toHex()).startsWith("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163");
        assertThat(Hashes.sha512(ABC).toHex()).startsWith("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2");
        assertThat(Hashes.ripemd160(ABC).toHex()).isEqualTo("8eb208f7e05d987a9b044a8e98c6b087f15a0bfc");
        assertThat(Hashes.keccak256().toHex())
                .isEqualTo("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
        assertThat(Hashes.keccak256(ABC).toHex())
                .isEqualTo("4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
    }

    @Test
    void hashesPartsAsTheirConcatenation() {
        Bytes a = Bytes.utf8("a");
        Bytes bc = Bytes.utf8("bc");
        assertThat(Hashes.sha256(a, bc)).isEqualTo(Hashes.sha256(ABC));
        assertThat(Hashes.keccak256(a, bc)).isEqualTo(Hashes.keccak256(ABC));
        assertThat(Hashes.ripemd160(a, bc)).isEqualTo(Hashes.ripemd160(ABC));
        assertThat(Hashes.doubleSha256(a, bc)).isEqualTo(Hashes.sha256(Hashes.sha256(ABC)));
        assertThat(Hashes.hash160(a, bc)).isEqualTo(Hashes.ripemd160(Hashes.sha256(ABC)));
    }

    @Test
    void computesHmacOfRfc4231() {
        assertThat(Hashes.hmacSha256(Bytes.utf8("Jefe"), Bytes.utf8("what do ya want for nothing?"))
                        .toHex())
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assertThat(Hashes.hmacSha256(Bytes.EMPTY, Bytes.EMPTY).toHex())
                .isEqualTo("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    }

    @Test
    void computesHkdfOfRfc5869() {
        Bytes material = Bytes.hex("0b".repeat(22));
        assertThat(Hashes.hkdfSha256(
                                material,
                                Bytes.hex("000102030405060708090a0b0c"),
                                Bytes.hex("f0f1f2f3f4f5f6f7f8f9"),
                                42)
                        .toHex())
                .isEqualTo("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
        assertThat(Hashes.hkdfSha256(material, Bytes.EMPTY, Bytes.EMPTY, 42).toHex())
                .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    }

    @Property(tries = 400)
    void hashesWithKeccakAsBouncyCastleDoes(@ForAll @Size(max = 600) byte[] input) {
        byte[] expected = new Keccak.Digest256().digest(input);
        assertThat(Hashes.keccak256(Bytes.of(input))).isEqualTo(Bytes.wrap(expected));
    }
}
