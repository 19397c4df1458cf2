package io.cloister.evm.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.crypto.DecryptionException;
import io.cloister.evm.exchange.ServingKey.Freshness;
import org.junit.jupiter.api.Test;

class ServingKeysTest {
    private static final String CHAIN = "serving-test";

    private final ServingKeys keys = new ServingKeys();

    private static String id(ServingKey key) {
        return Exchange.keyId(key.publicKey()).toHex();
    }

    private static Bytes sealed(ServingKey key) {
        try (Exchange exchange = Exchange.begin(key.publicKey(), CHAIN, Bytes.utf8("a request"))) {
            return exchange.request();
        }
    }

    @Test
    void whatWasSealedJustBeforeARotationStillOpens() {
        ServingKey first = keys.current();
        Bytes request = sealed(first);
        keys.rotate();
        assertThat(keys.current().publicKey()).isNotEqualTo(first.publicKey());
        try (Exchange exchange = keys.find(id(first)).orElseThrow().accept(CHAIN, request)) {
            assertThat(exchange.plaintext().asUtf8()).isEqualTo("a request");
        }
    }

    @Test
    void whatWasSealedTwoRotationsAgoOpensForNobody() {
        ServingKey first = keys.current();
        Bytes request = sealed(first);
        keys.rotate();
        keys.rotate();
        assertThat(keys.find(id(first))).isEmpty();
        assertThatThrownBy(() -> first.accept(CHAIN, request)).isInstanceOf(DecryptionException.class);
    }

    @Test
    void aRequestIsNewOnceThroughRotations() {
        ServingKey first = keys.current();
        Bytes request = sealed(first);
        try (Exchange exchange = first.accept(CHAIN, request)) {
            assertThat(first.remember(exchange)).isEqualTo(Freshness.NEW);
        }
        keys.rotate();
        try (Exchange again = keys.find(id(first)).orElseThrow().accept(CHAIN, request)) {
            assertThat(first.remember(again)).isEqualTo(Freshness.SEEN);
        }
    }

    @Test
    void theMemoryForgetsNothingAndIsBounded() {
        ReplayCache cache = new ReplayCache(3_000);
        for (int i = 0; i < 3_000; i++) {
            assertThat(cache.add(number(i))).isEqualTo(Freshness.NEW);
        }
        for (int i = 0; i < 3_000; i++) {
            assertThat(cache.add(number(i))).isEqualTo(Freshness.SEEN);
        }
        assertThat(cache.add(number(3_000))).isEqualTo(Freshness.FULL);
    }

    private static Bytes number(int i) {
        return Bytes.of((byte) i, (byte) (i >> 8));
    }
}
