package io.cloister.mpc.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;
import io.cloister.crypto.SigningKey;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class DerivationTest {
    private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /** Bytes of a BIP-32 extended key: chain code at 13, key at 45. */
    private static Derivation.Node node(String extended) {
        BigInteger value = BigInteger.ZERO;
        for (char c : extended.toCharArray()) {
            value = value.multiply(BigInteger.valueOf(58)).add(BigInteger.valueOf(BASE58.indexOf(c)));
        }
        Bytes bytes = new Writer().bigUint(value, 82).toBytes();
        return new Derivation.Node(Point.decode(bytes.slice(45, 33)), bytes.slice(13, 32), Scalar.ZERO);
    }

    @Test
    void followsThePublicStepsOfBip32() throws IOException {
        String folder = System.getProperty("cloister.vectors", "");
        Path file = Path.of(folder, "mpc", "bip32", "bip32-vectors.json");
        if (folder.isEmpty() || !Files.exists(file)) {
            Assumptions.abort("no vectors: set cloister.vectors");
        }
        int steps = 0;
        for (JsonNode vector : new ObjectMapper().readTree(file.toFile())) {
            if (!vector.has("chains")) {
                continue;
            }
            Map<String, String> publicKeys = new HashMap<>();
            vector.get("chains")
                    .forEach(c -> publicKeys.put(
                            c.get("path").asText(), c.get("ext_pub").asText()));
            for (String path : publicKeys.keySet()) {
                Optional<String> parent = Optional.of(path.lastIndexOf('/'))
                        .filter(at -> at > 0 && !path.endsWith("H"))
                        .map(at -> path.substring(0, at))
                        .filter(publicKeys::containsKey);
                if (parent.isPresent()) {
                    long index = Long.parseLong(path.substring(path.lastIndexOf('/') + 1));
                    Derivation.Node from = node(publicKeys.get(parent.get()));
                    Derivation.Node expected = node(publicKeys.get(path));
                    Derivation.Node child = Derivation.derive(
                            from.key(),
                            from.chainCode(),
                            List.of(new Writer().u32(index).toBytes()));
                    assertThat(child.key()).isEqualTo(expected.key());
                    assertThat(child.chainCode()).isEqualTo(expected.chainCode());
                    steps++;
                }
            }
        }
        assertThat(steps).isEqualTo(6);
    }

    @Test
    void theTweakIsTheDifferenceOfTheKeys() {
        try (SigningKey root = SigningKey.generate()) {
            List<Bytes> path = List.of(
                    Bytes.utf8("gateway"), Bytes.zeros(32), new Writer().u32(7).toBytes());
            Point child = Derivation.publicKey(root.publicKey(), path);
            assertThat(child).isEqualTo(root.publicKey().add(Point.base(Derivation.tweak(root.publicKey(), path))));
            try (SecretScalar secret = SecretScalar.decode(root.export());
                    SecretScalar derived = secret.add(Derivation.tweak(root.publicKey(), path))) {
                assertThat(Point.base(derived)).isEqualTo(child);
            }
        }
    }

    @Test
    void theEmptyPathIsTheRoot() {
        assertThat(Derivation.publicKey(Point.G, List.of())).isEqualTo(Point.G);
        assertThat(Derivation.tweak(Point.G, List.of()).isZero()).isTrue();
    }

    @Test
    void everyPathHasItsOwnKey() {
        List<List<Bytes>> paths = List.of(
                List.of(),
                List.of(Bytes.utf8("a")),
                List.of(Bytes.utf8("ab")),
                List.of(Bytes.utf8("a"), Bytes.utf8("b")),
                List.of(Bytes.utf8("b"), Bytes.utf8("a")),
                List.of(Bytes.zeros(1)),
                List.of(Bytes.zeros(2)),
                List.of(Bytes.zeros(4)));
        assertThat(paths.stream().map(p -> Derivation.publicKey(Point.G, p)).collect(Collectors.toSet()))
                .hasSize(paths.size());
    }

    @Test
    void refusesPathsThatAreTooLongEmptyOrHardened() {
        List<Bytes> long17 =
                IntStream.range(0, 17).mapToObj(i -> Bytes.utf8("x")).toList();
        for (List<Bytes> path :
                List.of(long17, List.of(Bytes.EMPTY), List.of(Bytes.zeros(256)), List.of(Bytes.hex("80000000")))) {
            assertThatThrownBy(() -> Derivation.tweak(Point.G, path)).isInstanceOf(CodecException.class);
        }
    }
}
