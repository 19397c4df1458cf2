package io.cloister.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Vectors;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EcdsaTest {
    @Test
    void signsDeterministicallyAsTheVectorsDo() {
        JsonNode vectors = Vectors.json("mpc/rfc6979/secp256k1-sha256.json");
        int run = 0;
        for (JsonNode test : vectors) {
            Bytes digest = Hashes.sha256(Bytes.utf8(test.get("message").asText()));
            try (SecretScalar key = SecretScalar.fromPublic(number(test, "d"))) {
                Signature signature = Ecdsa.sign(key, digest);
                assertThat(signature.r()).isEqualTo(number(test, "r"));
                assertThat(signature.s()).isEqualTo(number(test, "s_low"));
                assertThat(signature.recoveryId()).isEqualTo(test.get("recid").asInt());
            }
            run++;
        }
        assertThat(run).isEqualTo(4);
    }

    @Test
    void acceptsAndRefusesWhatWycheproofDoesForBitcoin() {
        int run = 0;
        for (JsonNode group : Vectors.json("mpc/wycheproof/ecdsa_secp256k1_sha256_bitcoin_test.json")
                .get("testGroups")) {
            Point key = Point.decodeUncompressed(
                    Bytes.hex(group.get("publicKey").get("uncompressed").asText()));
            for (JsonNode test : group.get("tests")) {
                Bytes digest = Hashes.sha256(Bytes.hex(test.get("msg").asText()));
                boolean accepted = decodeDer(test)
                        .filter(signature -> Ecdsa.verify(key, digest, signature))
                        .isPresent();
                assertThat(accepted)
                        .as(test.toString())
                        .isEqualTo(test.get("result").asText().equals("valid"));
                run++;
            }
        }
        assertThat(run).isEqualTo(463);
    }

    @Test
    void acceptsTheLowFormOfWhatWycheproofAcceptsRaw() {
        int run = 0;
        for (JsonNode group : Vectors.json("mpc/wycheproof/ecdsa_secp256k1_sha256_p1363_test.json")
                .get("testGroups")) {
            Point key = Point.decodeUncompressed(
                    Bytes.hex(group.get("publicKey").get("uncompressed").asText()));
            for (JsonNode test : group.get("tests")) {
                Bytes digest = Hashes.sha256(Bytes.hex(test.get("msg").asText()));
                boolean accepted;
                try {
                    Signature signature =
                            Signature.decodeCompact(Bytes.hex(test.get("sig").asText()));
                    accepted = Ecdsa.verify(key, digest, signature.lowS());
                } catch (CodecException e) {
                    accepted = false;
                }
                assertThat(accepted)
                        .as(test.toString())
                        .isEqualTo(test.get("result").asText().equals("valid"));
                run++;
            }
        }
        assertThat(run).isGreaterThan(200);
    }

    @Property(tries = 100)
    void onlyOneFormOfASignatureIsRecoverable(@ForAll byte[] message) {
        Bytes digest = Hashes.sha256(Bytes.of(message));
        try (SigningKey key = SigningKey.generate();
                SigningKey other = SigningKey.generate()) {
            Signature signature = key.sign(digest);
            Bytes form = signature.recoverable();
            assertThat(Ecdsa.isRecoverable(key.id(), digest, form)).isTrue();
            assertThat(Ecdsa.isRecoverable(other.id(), digest, form)).isFalse();
            assertThat(Ecdsa.isRecoverable(key.id(), Hashes.sha256(digest), form))
                    .isFalse();
            Signature high = new Signature(signature.r(), signature.s().negate(), signature.recoveryId() ^ 1);
            assertThat(Ecdsa.isRecoverable(key.id(), digest, high.recoverable()))
                    .isFalse();
            for (int id = 0; id < 256; id++) {
                Bytes changed = Bytes.concat(form.slice(0, 64), Bytes.of((byte) id));
                assertThat(Ecdsa.isRecoverable(key.id(), digest, changed)).isEqualTo(id == signature.recoveryId());
            }
        }
    }

    @Test
    void noScalarsOutOfRangeAreRecoverable() {
        Bytes key = SigningKey.generate().id();
        Bytes one = Bytes.zeros(31);
        for (Bytes r : List.of(Bytes.zeros(32), Bytes.hex("ff".repeat(32)))) {
            Bytes low = Bytes.concat(one, Bytes.of((byte) 1));
            assertThat(Ecdsa.isRecoverable(key, Bytes.zeros(32), Bytes.concat(r, low, Bytes.zeros(1))))
                    .isFalse();
            assertThat(Ecdsa.isRecoverable(key, Bytes.zeros(32), Bytes.concat(low, r, Bytes.zeros(1))))
                    .isFalse();
        }
        assertThat(Ecdsa.isRecoverable(key, Bytes.zeros(32), Bytes.zeros(64))).isFalse();
        assertThat(Ecdsa.isRecoverable(key, Bytes.zeros(32), Bytes.zeros(66))).isFalse();
    }

    @Property(tries = 100)
    void verifiesAndRecoversItsOwnSignatures(@ForAll byte[] message) {
        Bytes digest = Hashes.sha256(Bytes.of(message));
        try (SigningKey key = SigningKey.generate()) {
            Signature signature = key.sign(digest);
            assertThat(signature.isLowS()).isTrue();
            assertThat(Ecdsa.verify(key.publicKey(), digest, signature)).isTrue();
            assertThat(Ecdsa.verify(key.publicKey(), digest, signature.compact()))
                    .isTrue();
            assertThat(Ecdsa.verify(key.publicKey(), digest, signature.recoverable()))
                    .isFalse();
            assertThat(Ecdsa.recover(digest, signature)).contains(key.publicKey());
            assertThat(Ecdsa.verify(key.publicKey(), Hashes.sha256(digest), signature))
                    .isFalse();
            Signature high = new Signature(signature.r(), signature.s().negate(), signature.recoveryId() ^ 1);
            assertThat(Ecdsa.verify(key.publicKey(), digest, high)).isFalse();
            assertThat(Ecdsa.recover(digest, high)).contains(key.publicKey());
            assertThat(high.lowS()).isEqualTo(signature);
            assertThat(Signature.decodeRecoverable(signature.recoverable())).isEqualTo(signature);
            assertThat(Signature.decodeEthereum(signature.ethereum())).isEqualTo(signature);
            assertThat(Signature.decodeDer(signature.der()).compact()).isEqualTo(signature.compact());
        }
    }

    @Test
    void refusesZeroKeysAndZeroSignatures() {
        try (SecretScalar zero = SecretScalar.fromPublic(Scalar.ZERO)) {
            assertThatThrownBy(() -> Ecdsa.sign(zero, Bytes.zeros(32))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> SigningKey.of(zero)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Signature.decodeCompact(Bytes.zeros(64))).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> new Signature(Scalar.ONE, Scalar.ONE, 4)).isInstanceOf(CodecException.class);
        Signature unknown = Signature.decodeCompact(Bytes.concat(Scalar.ONE.encode(), Scalar.ONE.encode()));
        assertThat(Ecdsa.recover(Bytes.zeros(32), unknown)).isEmpty();
        assertThatThrownBy(unknown::ethereum).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void derivesTheAddressesOfEthersWithTheirChecksum() {
        int run = 0;
        for (JsonNode test : Vectors.json("multichain/ethereum/ethers-accounts.json.gz")) {
            Scalar secret =
                    Scalar.of(new BigInteger(test.get("privateKey").asText().substring(2), 16));
            Bytes address = EthereumAddress.of(Point.base(secret));
            String text = test.get("address").asText();
            assertThat(EthereumAddress.checksum(address)).isEqualTo(text);
            assertThat(EthereumAddress.parse(text)).isEqualTo(address);
            assertThat(EthereumAddress.parse(address.to0x())).isEqualTo(address);
            run++;
        }
        assertThat(run).isEqualTo(259);
    }

    @Test
    void refusesAnAddressWithAWrongChecksum() {
        String right = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf";
        assertThat(EthereumAddress.parse(right).length()).isEqualTo(20);
        for (String wrong :
                new String[] {right.replace('B', 'b'), right.substring(2), right + "0", "0x" + "g".repeat(40)}) {
            assertThatThrownBy(() -> EthereumAddress.parse(wrong)).isInstanceOf(CodecException.class);
        }
    }

    private static Optional<Signature> decodeDer(JsonNode test) {
        try {
            return Optional.of(Signature.decodeDer(Bytes.hex(test.get("sig").asText())));
        } catch (CodecException e) {
            return Optional.empty();
        }
    }

    private static Scalar number(JsonNode test, String field) {
        return Scalar.of(new BigInteger(test.get(field).asText().replaceFirst("^0x", ""), 16));
    }
}
