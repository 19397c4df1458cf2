package io.cloister.node.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.evm.exchange.ServingKeys;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HpkeRotationTest {
    @Test
    void changesTheKeyAgainAndAgainUntilItIsClosed() throws InterruptedException {
        try (ServingKeys keys = new ServingKeys()) {
            try (HpkeRotation rotation = new HpkeRotation(keys, Duration.ofMillis(20))) {
                assertThat(awaitOther(keys, awaitOther(keys, keys.current().publicKey())))
                        .isNotNull();
                rotation.close();
                Thread.sleep(100);
                Bytes last = keys.current().publicKey();
                Thread.sleep(100);
                assertThat(keys.current().publicKey()).isEqualTo(last);
            }
        }
    }

    private static Bytes awaitOther(ServingKeys keys, Bytes known) throws InterruptedException {
        for (int waited = 0; waited < 500 && keys.current().publicKey().equals(known); waited++) {
            Thread.sleep(10);
        }
        assertThat(keys.current().publicKey()).isNotEqualTo(known);
        return keys.current().publicKey();
    }
}
