package io.cloister.api;

import static io.cloister.api.GatewaysTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hpke;
import io.cloister.crypto.SigningKey;
import io.cloister.evm.Limits;
import io.cloister.evm.LocalSimulator;
import io.cloister.evm.Simulator;
import io.cloister.evm.exchange.Exchange;
import io.cloister.evm.exchange.ServingKey;
import io.cloister.evm.exchange.ServingKeys;
import io.cloister.evm.exchange.SignedResult;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivateSimulationsTest {
    private static final String TRANSFER =
            "{\"sender\":\"0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5\",\"amount\":\"0x2a\"}";

    private final ServingKeys keys = new ServingKeys();
    private final ServingKey key = keys.current();
    private final SigningKey results = SigningKey.generate();
    private final PrivateSimulations.Identity self =
            new PrivateSimulations.Identity("api-test", key, results, Bytes.zeros(48));
    private final PrivateSimulations simulations = with(new LocalSimulator(System::nanoTime));

    private static PrivateSimulations with(Simulator simulator) {
        return new PrivateSimulations(simulator, Limits.DEFAULT, 1);
    }

    private SignedResult ask(PrivateSimulations asked, String request) {
        try (Exchange exchange = Exchange.begin(key.publicKey(), "api-test", Bytes.utf8(request))) {
            SignedResult result = exchange.open(asked.answer(self, exchange.request()));
            assertThat(result.isSignedBy(results.id())).isTrue();
            assertThat(result.requestHash()).isEqualTo(exchange.requestHash());
            assertThat(result.authority()).isEqualTo("request");
            assertThat(result.release()).isEqualTo(Bytes.zeros(48));
            return result;
        }
    }

    @Test
    void answersTheSeedsTransfer() throws Exception {
        JsonNode answer =
                JsonProvider.JSON.readTree(ask(simulations, TRANSFER).result().asUtf8());
        assertThat(answer.at("/result/Success/reason").asText()).isEqualTo("Stop");
        assertThat(answer.at("/result/Success/gas_used").asLong()).isEqualTo(21_000);
        assertThat(answer.at("/state/0x4838b106fce9647bdf1e7877bf73ce8b0bad5f97/info/balance")
                        .asText())
                .isEqualTo("0x45");
        assertThat(answer.at("/state/0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5/info/balance")
                        .asText())
                .isEqualTo("0x2a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no json | malformed-request",
                "{\"sender\":5,\"amount\":\"0x1\"} | malformed-request",
                "{\"sender\":\"0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5\",\"amount\":\"0xff\"} | transaction-rejected",
            })
    void saysInsideTheSealWhatIsWrongInsideTheRequest(String request, String code) throws Exception {
        JsonNode answer =
                JsonProvider.JSON.readTree(ask(simulations, request).result().asUtf8());
        assertThat(answer.at("/error/code").asText()).isEqualTo(code);
    }

    @Test
    void saysNothingOfADefectButThatThereIsOne() throws Exception {
        PrivateSimulations broken = with((request, limits) -> {
            throw new IllegalStateException("the secret of the request");
        });
        String answer = ask(broken, TRANSFER).result().asUtf8();
        assertThat(answer).contains("internal-error").doesNotContain("secret");
    }

    @Test
    void answersASealedRequestOnce() {
        try (Exchange exchange = Exchange.begin(key.publicKey(), "api-test", Bytes.utf8(TRANSFER))) {
            simulations.answer(self, exchange.request());
            assertThatThrownBy(() -> simulations.answer(self, exchange.request()))
                    .satisfies(e -> assertProblem(e, 409, "replayed-request"));
        }
    }

    @Test
    void refusesWhatIsSealedToAnotherKeyOrForAnotherChainOrNotAtAll() {
        assertNotSealed(Exchange.begin(Hpke.generate().publicKey(), "api-test", Bytes.utf8(TRANSFER))
                .request());
        assertNotSealed(
                Exchange.begin(key.publicKey(), "other", Bytes.utf8(TRANSFER)).request());
        assertNotSealed(Bytes.EMPTY);
        assertNotSealed(Bytes.zeros(100));
        Bytes good = Exchange.begin(key.publicKey(), "api-test", Bytes.utf8(TRANSFER))
                .request();
        assertNotSealed(good.slice(0, good.length() - 1));
    }

    private void assertNotSealed(Bytes request) {
        assertThatThrownBy(() -> simulations.answer(self, request))
                .satisfies(e -> assertProblem(e, 400, "not-sealed-to-this-key"));
    }

    @Test
    void turnsAwayWhatExceedsItsConcurrency() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        LocalSimulator real = new LocalSimulator(System::nanoTime);
        PrivateSimulations slow = with((request, limits) -> {
            started.countDown();
            assertThat(catchThrowable(() -> go.await(20, TimeUnit.SECONDS))).isNull();
            return real.simulate(request, limits);
        });
        Thread first = Thread.ofVirtual().start(() -> ask(slow, TRANSFER));
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> ask(slow, TRANSFER)).satisfies(e -> assertProblem(e, 429, "too-many-requests"));
        go.countDown();
        first.join();
        ask(slow, TRANSFER);
    }

    @Test
    void namesTheKeyThatItOpensWith() {
        assertThat(EvmResource.requireKey(Exchange.keyId(key.publicKey()).toHex(), keys))
                .isSameAs(key);
        assertThatThrownBy(() -> EvmResource.requireKey("00".repeat(8), keys))
                .satisfies(e -> assertProblem(e, 400, "unknown-key"));
        assertThatThrownBy(() -> EvmResource.requireKey(null, keys))
                .satisfies(e -> assertProblem(e, 400, "invalid-field"));
    }
}
