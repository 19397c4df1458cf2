package io.cloister.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.bridge.TestLitecoin.Mined;
import io.cloister.codec.Bytes;
import io.cloister.ledger.Receipt;
import io.cloister.mpc.sharing.Derivation;
import io.cloister.multichain.TransferHashes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewaysTest {
    private static final Asset LTC = BridgeFixture.LTC;

    private final BridgeFixture bridge = new BridgeFixture();

    private static Bytes request(int number, int payload) {
        return Reports.gateway(
                LTC.symbol(), BridgeFixture.RECIPIENT, Bytes.zeros(payload), BridgeFixture.nonce(number));
    }

    @Test
    void aGatewayIsDerivedFromWhatItsHashCovers() {
        Gateway gateway = bridge.gateway(1);
        Bytes gHash = TransferHashes.gatewayHash(
                TransferHashes.payloadHash(Bytes.EMPTY),
                TransferHashes.selectorHash("LTC", Gateways.destination(LTC)),
                BridgeFixture.RECIPIENT,
                BridgeFixture.nonce(1));
        assertThat(gateway.gHash()).isEqualTo(gHash);
        assertThat(gateway.script().gatewayHash()).isEqualTo(gHash);
        assertThat(gateway.script().shardKey())
                .isEqualTo(Derivation.publicKey(bridge.shardKey, Ids.gatewayPath("LTC", gHash)));
        assertThat(gateway.script().guardians()).isEqualTo(Gateways.guardians(LTC));
        assertThat(gateway.expiryMillis()).isEqualTo(bridge.chain.millis + LTC.gatewayLifetimeMillis());
    }

    @Test
    void refusesWhatIsKnownUnknownOrNobodys() {
        bridge.gateway(1);
        assertThat(bridge.run(2, BridgeModule.REGISTER_GATEWAY, request(1, 0)).code())
                .isEqualTo("gateway-known");
        assertThat(bridge.door(BridgeModule.REGISTER_GATEWAY, request(1, 0))).isEqualTo("gateway-known");
        Bytes zero = Reports.gateway("LTC", Bytes.zeros(20), Bytes.EMPTY, BridgeFixture.nonce(2));
        assertThat(bridge.run(2, BridgeModule.REGISTER_GATEWAY, zero).code()).isEqualTo("recipient-is-zero");
        assertThat(bridge.door(BridgeModule.REGISTER_GATEWAY, zero)).isEqualTo("recipient-is-zero");
        Bytes unknown = Reports.gateway("DOGE", BridgeFixture.RECIPIENT, Bytes.EMPTY, BridgeFixture.nonce(2));
        assertThat(bridge.run(2, BridgeModule.REGISTER_GATEWAY, unknown).code()).isEqualTo("unknown-asset");
        assertThat(bridge.run(2, BridgeModule.REGISTER_GATEWAY, request(2, Gateway.MAX_PAYLOAD + 1))
                        .code())
                .isEqualTo("malformed");
    }

    @Test
    void refusesAGatewayBeforeTheShardHasAKey() {
        BridgeFixture keyless = new BridgeFixture(256, false, LTC);
        assertThat(keyless.run(1, BridgeModule.REGISTER_GATEWAY, request(1, 0)).code())
                .isEqualTo("shard-not-ready");
    }

    @Test
    void oneNodeCanRegisterOnlySoManyBytesThatNobodyPaysTo() {
        int taken = 0;
        for (int block = 0; block < 20; block++) {
            List<Bytes> flood = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Bytes large = request(100 * block + i, Gateway.MAX_PAYLOAD);
                flood.add(bridge.transaction(1, BridgeModule.REGISTER_GATEWAY, large));
            }
            taken += (int) bridge.block(flood).stream()
                    .limit(60)
                    .filter(Receipt::succeeded)
                    .count();
        }
        assertThat(taken).isBetween(900, 1_024);
        assertThat(BridgeState.gatewayHashes(bridge.state())).hasSize(taken);
        assertThat(bridge.run(1, BridgeModule.REGISTER_GATEWAY, request(9_999, Gateway.MAX_PAYLOAD))
                        .code())
                .isEqualTo("too-many-gateways");
        assertThat(bridge.run(2, BridgeModule.REGISTER_GATEWAY, request(9_999, Gateway.MAX_PAYLOAD))
                        .code())
                .as("another node has its own room")
                .isEmpty();
    }

    @Test
    void forgetsAnUnusedGatewayAWeekAfterItsExpiryAndTakesItAgain() {
        Gateway unused = bridge.gateway(1);
        Deposit deposit = bridge.deposit(2, 1_000_000);
        bridge.chain.millis = unused.expiryMillis() + Gateways.GRACE_MILLIS - 1_000;
        bridge.block();
        assertThat(BridgeState.gateway(bridge.state(), unused.gHash())).isPresent();
        bridge.block();
        assertThat(BridgeState.gatewayHashes(bridge.state())).containsExactly(deposit.gHash());
        assertThat(BridgeState.QUOTAS.list(bridge.state().module(BridgeState.MODULE), 10))
                .isEmpty();

        Mined late = bridge.pay(unused, 1_000_000);
        bridge.observeLitecoin(late.height());
        assertThat(bridge.reportDeposit(unused, late).code()).isEqualTo("unknown-gateway");
        Gateway again = bridge.gateway(1);
        assertThat(again.script()).isEqualTo(unused.script());
        assertThat(bridge.reportDeposit(again, late).code()).isEmpty();
    }

    @Test
    void registeringAnExpiredGatewayGivesItANewExpiry() {
        Gateway gateway = bridge.gateway(1);
        bridge.chain.millis = gateway.expiryMillis() - 1_000;
        assertThat(bridge.run(2, BridgeModule.REGISTER_GATEWAY, request(1, 0)).code())
                .isEqualTo("gateway-known");
        assertThat(bridge.door(BridgeModule.REGISTER_GATEWAY, request(1, 0))).isEqualTo("gateway-known");
        bridge.block();
        assertThat(bridge.door(BridgeModule.REGISTER_GATEWAY, request(1, 0))).isEmpty();
        Receipt receipt = bridge.run(2, BridgeModule.REGISTER_GATEWAY, request(1, 0));
        assertThat(receipt.code()).isEmpty();
        Gateway renewed = BridgeState.gateway(bridge.state(), gateway.gHash()).orElseThrow();
        assertThat(renewed).isEqualTo(gateway.until(bridge.chain.millis + LTC.gatewayLifetimeMillis()));
        assertThat(BridgeState.QUOTAS.list(bridge.state().module(BridgeState.MODULE), 10))
                .as("it counts as one node's only")
                .hasSize(1);
        bridge.chain.millis = gateway.expiryMillis() + Gateways.GRACE_MILLIS + 1_000;
        bridge.block();
        assertThat(BridgeState.gateway(bridge.state(), gateway.gHash()))
                .as("it is kept until a week after the new expiry")
                .isPresent();
    }

    @Test
    void aRenewedGatewayThatWasPaidToStays() {
        Deposit deposit = bridge.deposit(1, 1_000_000);
        Gateway used = BridgeState.gateway(bridge.state(), deposit.gHash()).orElseThrow();
        bridge.chain.millis = used.expiryMillis();
        Gateway renewed = bridge.gateway(1);
        assertThat(renewed.expiryMillis()).isGreaterThan(used.expiryMillis());
        assertThat(BridgeState.UNUSED.list(bridge.state().module(BridgeState.MODULE), 10))
                .isEmpty();
    }
}
