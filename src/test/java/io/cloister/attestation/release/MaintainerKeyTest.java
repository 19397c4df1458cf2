package io.cloister.attestation.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Writer;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaintainerKeyTest {
    private static final MaintainerSecret SECRET = Releases.SECRETS.getFirst();
    private static final Bytes MESSAGE = Bytes.utf8("message");
    private static final BigInteger ORDER =
            new BigInteger("7237005577332262213973186563042994240857116359379907606001950938285454250989");

    /** RFC 8032, 7.1, test 2. */
    @Test
    void signsAsTheStandardSays() {
        Bytes seed = Bytes.hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        MaintainerSecret secret = MaintainerSecret.ofPkcs8(
                Releases.secret(Bytes.concat(Bytes.hex("302e020100300506032b657004220420"), seed)));

        assertThat(secret.publicKey().raw())
                .isEqualTo(Bytes.hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
        assertThat(secret.sign(Bytes.hex("72")))
                .isEqualTo(Bytes.hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"));
    }

    @Test
    void refusesTheSameSignatureInAnotherEncoding() {
        Bytes signature = SECRET.sign(MESSAGE);
        BigInteger s = new BigInteger(1, signature.slice(32, 32).reversed().toArray());
        Bytes higher = new Writer().bigUint(s.add(ORDER), 32).toBytes().reversed();

        assertThat(SECRET.publicKey().verifies(MESSAGE, signature)).isTrue();
        assertThat(SECRET.publicKey().verifies(MESSAGE, Bytes.concat(signature.slice(0, 32), higher)))
                .isFalse();
        assertThat(SECRET.publicKey().verifies(MESSAGE, Bytes.concat(signature, Bytes.zeros(1))))
                .isFalse();
        assertThat(SECRET.publicKey().verifies(MESSAGE, signature.slice(0, 63))).isFalse();
    }

    @Test
    void everyChangedBitOfASignatureIsRefused() {
        byte[] signature = SECRET.sign(MESSAGE).toArray();
        for (int bit = 0; bit < signature.length * 8; bit += 7) {
            byte[] other = signature.clone();
            other[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(SECRET.publicKey().verifies(MESSAGE, Bytes.wrap(other)))
                    .as("bit %d", bit)
                    .isFalse();
        }
    }

    /** The neutral element, points of order 2, 4 and 8, and encodings that are not reduced. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0100000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "0200000000000000000000000000000000000000000000000000000000000000",
                "00"
            })
    void refusesKeysThatAnybodyCouldSignFor(String raw) {
        assertThatThrownBy(() -> new MaintainerKey(Bytes.hex(raw))).isInstanceOf(CodecException.class);
    }

    @Test
    void agreesWithProjectWycheproof() throws IOException {
        Path file = Path.of(System.getProperty("cloister.vectors", ""), "mpc/wycheproof/ed25519_test.json");
        if (!Files.exists(file)) {
            Assumptions.abort("no folder of vectors (cloister.vectors)");
        }
        int cases = 0;
        for (JsonNode group : new ObjectMapper().readTree(file.toFile()).get("testGroups")) {
            MaintainerKey key =
                    new MaintainerKey(Bytes.hex(group.at("/publicKey/pk").asText()));
            for (JsonNode test : group.get("tests")) {
                boolean valid = test.get("result").asText().equals("valid");
                Bytes message = Bytes.hex(test.get("msg").asText());
                Bytes signature = Bytes.hex(test.get("sig").asText());
                assertThat(key.verifies(message, signature))
                        .as("case %s", test.get("tcId"))
                        .isEqualTo(valid);
                cases++;
            }
        }
        assertThat(cases).isGreaterThan(100);
    }

    @Test
    void maintainersReadBack() {
        assertThat(Maintainers.decode(Releases.TWO_OF_THREE.encode())).isEqualTo(Releases.TWO_OF_THREE);
        assertThat(Releases.TWO_OF_THREE.byId(SECRET.publicKey().id())).contains(SECRET.publicKey());
        assertThat(Releases.TWO_OF_THREE.byId(Releases.STRANGER.publicKey().id()))
                .isEmpty();
    }

    @Test
    void refusesThresholdsAndKeysThatMakeNoSense() {
        String key = SECRET.publicKey().raw().toHex();
        String head = "{\"format\":\"cloister/maintainers/v1\",\"threshold\":";

        for (String json : List.of(
                head + "0,\"keys\":[\"" + key + "\"]}",
                head + "2,\"keys\":[\"" + key + "\"]}",
                head + "2,\"keys\":[\"" + key + "\",\"" + key + "\"]}",
                head + "1,\"keys\":[null]}",
                head + "1,\"keys\":[]}")) {
            assertThatThrownBy(() -> Maintainers.decode(Bytes.utf8(json)))
                    .as(json)
                    .isInstanceOf(CodecException.class);
        }
        assertThatThrownBy(() -> new Maintainers(1, new TreeSet<>())).isInstanceOf(CodecException.class);
    }
}
