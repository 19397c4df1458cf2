package io.cloister.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashToCurveTest {
    private static final String RFC_DOMAIN = "QUUX-V01-CS02-with-secp256k1_XMD:SHA-256_SSWU_RO_";

    /** RFC 9380 appendix J.8.1. */
    @ParameterizedTest
    @CsvSource({
        "'', 03c1cae290e291aee617ebaef1be6d73861479c48b841eaba9b7b5852ddfeb1346",
        "abc, 023377e01eab42db296b512293120c6cee72b6ecf9f9205760bd9ff11fb3cb2c4b",
        "abcdef0123456789, 02bac54083f293f1fe08e4a70137260aa90783a5cb84d3f35848b324d0674b0e3a",
        "q128_, 03e2167bc785333a37aa562f021f1e881defb853839babf52a7f72b102e41890e9",
        "a512_, 02e3c8d35aaaf0b9b647e88a0a0a7ee5d5bed5ad38238152e4e6fd8c1f8cb7c998"
    })
    void givesThePointsOfTheRfc(String message, String expected) {
        String whole = switch (message) {
            case "q128_" -> message + "q".repeat(128);
            case "a512_" -> message + "a".repeat(512);
            default -> message;
        };
        assertThat(HashToCurve.hash(RFC_DOMAIN, Bytes.utf8(whole)).encode().toHex())
                .isEqualTo(expected);
    }

    @Property(tries = 50)
    void separatesDomains(@ForAll byte[] message) {
        Bytes input = Bytes.of(message);
        Point point = HashToCurve.hash("cloister/one/v1", input);
        assertThat(point).isEqualTo(HashToCurve.hash("cloister/one/v1", input));
        assertThat(point).isNotEqualTo(HashToCurve.hash("cloister/two/v1", input));
        assertThat(Point.decode(point.encode())).isEqualTo(point);
    }

    @Test
    void refusesADomainThatDoesNotFit() {
        assertThatThrownBy(() -> HashToCurve.hash("", Bytes.EMPTY)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HashToCurve.hash("x".repeat(256), Bytes.EMPTY))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
