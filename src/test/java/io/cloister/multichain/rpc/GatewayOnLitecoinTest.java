package io.cloister.multichain.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.bitcoin.BitcoinAddress;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.bitcoin.FeePolicy;
import io.cloister.multichain.bitcoin.GatewayCoin;
import io.cloister.multichain.bitcoin.GatewayFixture;
import io.cloister.multichain.bitcoin.GatewayScript;
import io.cloister.multichain.bitcoin.GatewaySpend;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.Payout;
import io.cloister.multichain.bitcoin.RecoverySpend;
import io.cloister.multichain.bitcoin.Release;
import io.cloister.multichain.bitcoin.TxOutput;
import io.cloister.multichain.rpc.FeeEstimate.Source;
import io.cloister.multichain.rpc.RpcException.Reason;
import io.cloister.multichain.rpc.dev.LitecoinRegtest;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RegtestChain.class)
class GatewayOnLitecoinTest {
    private static final long COIN = 100_000_000L;
    private static final long WEEK = 7 * 86_400;

    private final GatewayFixture fixture = new GatewayFixture();

    @Test
    void releasesFromTwoGatewaysAndTheVaultWithExactFees(LitecoinRegtest node) {
        GatewayCoin first = fund(node, fixture.gateway("first"), COIN);
        GatewayCoin second = fund(node, fixture.gateway("second"), 2 * COIN);
        node.mine(1);
        String payee = node.newAddress();
        Bytes payeeScript = BitcoinAddress.toScript(fixture.profile, payee);
        Release release = Release.plan(
                fixture.profile,
                List.of(first, second),
                List.of(new Payout(payeeScript, 5 * COIN / 2)),
                fixture.vault(),
                2_000,
                0);
        BitcoinTransaction signed = fixture.signed(release.spend());

        assertThat(node.bitcoin().send(signed)).isEqualTo(release.txid());
        assertThat(node.bitcoin().send(signed)).as("sent twice").isEqualTo(release.txid());
        node.mine(1);
        assertThat(node.bitcoin().send(signed)).as("sent when confirmed").isEqualTo(release.txid());
        assertThat(node.balance(payee)).isEqualTo(5 * COIN / 2 - release.minersFee());
        assertThat(release.minersFee()).isBetween(2L * signed.virtualSize(), 2L * signed.virtualSize() + 4);

        GatewayCoin change = release.changeCoin(fixture.vault()).orElseThrow();
        assertThat(node.bitcoin().unspent(change.outPoint(), true))
                .contains(new TxOutput(COIN / 2, fixture.vault().output()));
        Release again = Release.plan(
                fixture.profile,
                List.of(change),
                List.of(new Payout(payeeScript, change.value())),
                fixture.vault(),
                1_000,
                0);
        node.bitcoin().send(fixture.signed(again.spend()));
        node.mine(1);
        assertThat(node.bitcoin().unspent(change.outPoint(), true)).isEmpty();
    }

    @Test
    void guardiansWaitAWeekOfMedianTime(LitecoinRegtest node) {
        long now = node.call("getblockchaininfo").path("mediantime").asLong() + 7200;
        node.mockTime(now);
        node.mine(11);
        GatewayCoin coin = fund(node, fixture.gateway("silent"), COIN);
        node.mine(11);
        Bytes destination = BitcoinAddress.toScript(fixture.profile, node.newAddress());
        GatewaySpend spend = RecoverySpend.of(fixture.profile, List.of(coin), destination, 3_000);
        BitcoinTransaction recovery = spend.assembleRecovery(List.of(signatures(spend, 0, 2)));
        for (long waited : new long[] {0, 6 * 86_400, WEEK - 4_000}) {
            node.mockTime(now + waited);
            node.mine(11);
            assertThatThrownBy(() -> node.bitcoin().send(recovery))
                    .isInstanceOfSatisfying(
                            RpcException.class,
                            refusal -> assertThat(refusal.reason()).isEqualTo(Reason.ERROR_ANSWER))
                    .hasMessageContaining("non-BIP68-final");
        }
        node.mockTime(now + WEEK + 9_000);
        node.mine(11);
        node.bitcoin().send(recovery);
        node.mine(1);
        assertThat(node.bitcoin().unspent(coin.outPoint(), true)).isEmpty();
    }

    private Map<Point, Signature> signatures(GatewaySpend spend, int... guardians) {
        return IntStream.of(guardians)
                .mapToObj(fixture.guardianKeys::get)
                .collect(Collectors.toMap(
                        SigningKey::publicKey, key -> key.sign(spend.digests().getFirst())));
    }

    @Test
    void theNodeKnowsOurAddressesAndOurDustLimit(LitecoinRegtest node) {
        GatewayScript gateway = fixture.gateway("address");
        assertThat(node.call("validateaddress", gateway.address(fixture.profile))
                        .path("scriptPubKey")
                        .asText())
                .isEqualTo(gateway.output().toHex());
        GatewayCoin coin = fund(node, gateway, COIN);
        for (String type : List.of("legacy", "p2sh-segwit", "bech32")) {
            String address = node.call("getnewaddress", "", type).asText();
            Bytes script = BitcoinAddress.toScript(fixture.profile, address);
            assertThat(node.call("validateaddress", address)
                            .path("scriptPubKey")
                            .asText())
                    .isEqualTo(script.toHex());
            assertThat(BitcoinAddress.ofScript(fixture.profile, script)).contains(address);
            long dust = FeePolicy.dust(fixture.profile, script);
            assertThat(verdict(node, coin, new TxOutput(dust - 1, script))).isEqualTo("dust");
            assertThat(verdict(node, coin, new TxOutput(dust, script))).isEqualTo("accepted");
        }
    }

    private String verdict(LitecoinRegtest node, GatewayCoin coin, TxOutput output) {
        TxOutput rest = new TxOutput(
                coin.value() - output.value() - 1_000, fixture.vault().output());
        BitcoinTransaction signed = fixture.signed(fixture.spend(List.of(coin), List.of(rest, output)));
        JsonNode answer =
                node.call("testmempoolaccept", List.of(signed.encode().toHex())).get(0);
        return answer.path("allowed").asBoolean()
                ? "accepted"
                : answer.path("reject-reason").asText();
    }

    @Test
    void saysThatTheFeeIsTheFloorBecauseRegtestHasNoData(LitecoinRegtest node) {
        FeeEstimate estimate = node.bitcoin().estimateFee(2);
        assertThat(estimate.source()).isEqualTo(Source.FLOOR);
        assertThat(estimate.ratePerKvb()).isEqualTo(ChainProfiles.LITECOIN_REGTEST.minimumFeeRate());
    }

    @Test
    void refusesAnUnknownBlockAndAHeightAboveTheTip(LitecoinRegtest node) {
        assertThat(node.bitcoin().block(Bytes.zeros(32))).isEmpty();
        assertThat(node.bitcoin().blockHash(1_000_000)).isEmpty();
        assertThat(node.bitcoin().transaction(Bytes.zeros(32))).isEmpty();
    }

    private GatewayCoin fund(LitecoinRegtest node, GatewayScript gateway, long amount) {
        Bytes txid = node.pay(gateway.address(fixture.profile), amount);
        BitcoinTransaction transaction = node.bitcoin().transaction(txid).orElseThrow();
        int index = IntStream.range(0, transaction.outputs().size())
                .filter(i -> transaction.outputs().get(i).script().equals(gateway.output()))
                .findFirst()
                .orElseThrow();
        return new GatewayCoin(new OutPoint(txid, index), amount, gateway);
    }
}
