package io.cloister.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.cloister.bridge.BridgeState;
import io.cloister.codec.Bytes;
import io.cloister.crypto.EthereumAddress;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.bitcoin.BitcoinAddress;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GatewaysTest {
    private static final String RECIPIENT = "0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5";
    private static final String CLIENT = "192.0.2.1";
    private static final long DAY = 86_400_000L;

    private final TestNetwork network = new TestNetwork();
    private final Gateways gateways = new Gateways();

    private static GatewayRequest request(String recipient) {
        return new GatewayRequest("LTC", TestNetwork.HOME, TestNetwork.EVM, recipient, null, null);
    }

    private Gateways.Registered register(GatewayRequest request) {
        return register(request, CLIENT);
    }

    private Gateways.Registered register(GatewayRequest request, String client) {
        long now = network.timeMillis();
        return gateways.register(request.checked(network.state(), now), client, network.ledger, network, now);
    }

    @Test
    void registersOnceAndAnswersTheSameGatewayToTheSameRequest() {
        network.commit();
        var first = register(request(RECIPIENT));
        var again = register(request(EthereumAddress.checksum(EthereumAddress.parse(RECIPIENT))));
        assertThat(first.created()).isTrue();
        assertThat(again.created()).isFalse();
        assertThat(again.gateway()).isEqualTo(first.gateway());
        assertThat(network.height()).as("the second request orders nothing").isEqualTo(2);
    }

    @Test
    void showsWhatTheAddressCommitsTo() {
        var gateway = register(request(RECIPIENT)).gateway();
        GatewayView view = GatewayView.of(gateway, TestNetwork.LTC, network.timeMillis());
        assertThat(BitcoinAddress.toScript(ChainProfiles.LITECOIN_REGTEST, view.address())
                        .to0x())
                .isEqualTo(view.outputScript());
        assertThat(view.guardians().afterSeconds()).isEqualTo(1182 * 512);
        assertThat(view.guardians().threshold()).isEqualTo(2);
        assertThat(view.recipient()).isEqualToIgnoringCase(RECIPIENT);
        assertThat(view.expired()).isFalse();
        assertThat(view.fee().bridgeBps()).isEqualTo(30);
        assertThat(GatewayView.of(gateway, TestNetwork.LTC, gateway.expiryMillis() + 1)
                        .expired())
                .isTrue();
    }

    @Test
    void derivesTheNonceFromTheDayOfBlockTime() {
        Bytes recipient = EthereumAddress.parse(RECIPIENT);
        Bytes monday = GatewayRequest.derivedNonce("LTC", recipient, 5 * DAY);
        assertThat(GatewayRequest.derivedNonce("LTC", recipient, 6 * DAY - 1)).isEqualTo(monday);
        assertThat(GatewayRequest.derivedNonce("LTC", recipient, 6 * DAY)).isNotEqualTo(monday);
        assertThat(GatewayRequest.derivedNonce("BTC", recipient, 5 * DAY)).isNotEqualTo(monday);
    }

    @Test
    void sendsNobodyToAGatewayThatHasExpiredButRenewsIt() {
        String nonce = "0x" + "07".repeat(32);
        GatewayRequest request = new GatewayRequest("LTC", TestNetwork.HOME, TestNetwork.EVM, RECIPIENT, null, nonce);
        var gateway = register(request).gateway();
        network.passUntil(gateway.expiryMillis() + 1);
        var renewed = register(request);
        assertThat(renewed.created()).isFalse();
        assertThat(renewed.gateway().gHash()).isEqualTo(gateway.gHash());
        GatewayView view = GatewayView.of(renewed.gateway(), TestNetwork.LTC, network.timeMillis());
        assertThat(view.expired()).isFalse();
        assertThat(view.expiry()).isEqualTo(Chain.time(network.timeMillis() + TestNetwork.LIFETIME));
    }

    @Test
    void answersTheKnownGatewayWhenAnotherNodeRegisteredItMeanwhile() {
        var checked = request(RECIPIENT).checked(network.state(), network.timeMillis());
        network.gateway(checked.recipient(), checked.nonce());
        var registered = gateways.register(checked, CLIENT, network.ledger, network, network.timeMillis());
        assertThat(registered.created()).isFalse();
    }

    @Test
    void oneClientThatRegistersAllTheTimeLeavesTheOthersTheirShare() {
        int registered = 0;
        try {
            for (int i = 0; i < 100; i++) {
                register(numbered(i), CLIENT);
                registered++;
            }
        } catch (ApiException e) {
            assertProblem(e, 429, "too-many-requests");
        }
        assertThat(registered).isBetween(30, 40);
        assertThat(register(numbered(1_000), "192.0.2.2").created()).isTrue();
        assertThat(register(numbered(0), CLIENT).created())
                .as("what is known costs nothing")
                .isFalse();
    }

    private static GatewayRequest numbered(int number) {
        String nonce = String.format("0x%064x", number);
        return new GatewayRequest("LTC", TestNetwork.HOME, TestNetwork.EVM, RECIPIENT, null, nonce);
    }

    static Stream<Arguments> badRequests() {
        String bitcoin = BitcoinAddress.ofScript(
                        ChainProfiles.LITECOIN_REGTEST, Bytes.concat(Bytes.hex("0014"), Bytes.zeros(20)))
                .orElseThrow();
        String wrongChecksum = RECIPIENT.replace("da", "DA");
        return Stream.of(
                arguments(null, TestNetwork.HOME, TestNetwork.EVM, RECIPIENT, null, null, "invalid-field"),
                arguments("L".repeat(33), TestNetwork.HOME, TestNetwork.EVM, RECIPIENT, null, null, "invalid-field"),
                arguments("DOGE", TestNetwork.HOME, TestNetwork.EVM, RECIPIENT, null, null, "unknown-asset"),
                arguments("LTC", "moon", TestNetwork.EVM, RECIPIENT, null, null, "unknown-chain"),
                arguments("LTC", TestNetwork.HOME, "litecoin", RECIPIENT, null, null, "unknown-chain"),
                arguments("LTC", TestNetwork.EVM, TestNetwork.HOME, RECIPIENT, null, null, "no-such-route"),
                arguments("LTC", TestNetwork.HOME, null, RECIPIENT, null, null, "invalid-field"),
                arguments("LTC", TestNetwork.HOME, TestNetwork.EVM, null, null, null, "invalid-field"),
                arguments("LTC", TestNetwork.HOME, TestNetwork.EVM, bitcoin, null, null, "address-of-another-network"),
                arguments("LTC", TestNetwork.HOME, TestNetwork.EVM, wrongChecksum, null, null, "address-malformed"),
                arguments(
                        "LTC",
                        TestNetwork.HOME,
                        TestNetwork.EVM,
                        "0x" + RECIPIENT.substring(2).toUpperCase(Locale.ROOT),
                        null,
                        null,
                        "address-malformed"),
                arguments("LTC", TestNetwork.HOME, TestNetwork.EVM, "0x12", null, null, "address-malformed"),
                arguments(
                        "LTC",
                        TestNetwork.HOME,
                        TestNetwork.EVM,
                        "0x" + "0".repeat(40),
                        null,
                        null,
                        "recipient-is-zero"),
                arguments("LTC", TestNetwork.HOME, TestNetwork.EVM, RECIPIENT, "0x0", null, "invalid-field"),
                arguments(
                        "LTC", TestNetwork.HOME, TestNetwork.EVM, RECIPIENT, "00".repeat(4097), null, "invalid-field"),
                arguments("LTC", TestNetwork.HOME, TestNetwork.EVM, RECIPIENT, null, "0x00", "invalid-field"));
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void refusesBadRequestsAndStoresNothing(
            String asset, String from, String to, String recipient, String payload, String nonce, String code) {
        GatewayRequest request = new GatewayRequest(asset, from, to, recipient, payload, nonce);
        assertThatThrownBy(() -> register(request)).satisfies(e -> assertProblem(e, 400, code));
        assertThat(network.height()).isZero();
        assertThat(BridgeState.gateways(network.state())).isEmpty();
    }

    static void assertProblem(Throwable thrown, int status, String code) {
        assertThat(thrown).isInstanceOf(ApiException.class);
        Problem problem = ((ApiException) thrown).problem();
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.status()).isEqualTo(status);
    }
}
