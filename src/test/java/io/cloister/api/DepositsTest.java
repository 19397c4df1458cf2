package io.cloister.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.bridge.Deposit;
import io.cloister.bridge.EventHub;
import io.cloister.bridge.Gateway;
import io.cloister.bridge.runner.Sighting;
import io.cloister.bridge.runner.Sightings;
import io.cloister.codec.Bytes;
import io.cloister.crypto.EthereumAddress;
import io.cloister.multichain.bitcoin.OutPoint;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DepositsTest {
    private static final Bytes RECIPIENT = Bytes.hex("dafea492d9c6733ae3d56b7ed1adb60692c98bc5");

    private final TestNetwork network = new TestNetwork();
    private final ChainIndex index = new ChainIndex();
    private final Gateway gateway = network.gateway(RECIPIENT, Bytes.zeros(32));

    private Deposits deposits() {
        return new Deposits(network::state, index, Optional.of(new Sightings(new EventHub())), network.timeMillis());
    }

    @Test
    void followsADepositFromItsAcceptanceToTheSignatureThatTheShardMade() {
        network.ledger.addListener(index);
        Deposit accepted = network.deposit(gateway, 5_000_000);
        DepositView waiting = deposits().find(accepted.outpoint()).orElseThrow();
        assertThat(waiting.state()).isEqualTo("signing");
        assertThat(waiting.presignature()).isEqualTo(KeyedBoard.BATCH + "/0");
        assertThat(waiting.fee()).isEqualTo("15000");
        assertThat(waiting.minted()).isEqualTo("4985000");
        assertThat(waiting.signature()).isNull();
        assertThat(waiting.receipt()).isNull();
        Bytes by = network.sign();
        DepositView ready = deposits().find(accepted.outpoint()).orElseThrow();
        assertThat(ready.state()).isEqualTo("ready");
        assertThat(ready.signer()).isEqualTo(EthereumAddress.checksum(EthereumAddress.of(network.shard.publicKey())));
        assertThat(ready.presignature()).isEqualTo(waiting.presignature());
        assertThat(ready.receipt()).isEqualTo(by.to0x());
        assertThat(ready.signature()).hasSize(2 + 130);
        assertThat(deposits().at(gateway)).containsExactly(ready);
        assertThat(deposits().find(new OutPoint(Bytes.zeros(32), 0))).isEmpty();
        assertThat(deposits().ofTransaction(accepted.outpoint().txid())).containsExactly(ready);
    }

    @Test
    void saysWhyASightingWillNeverBeAccepted() {
        assertThat(ignored(99_999, 1, 0)).contains("amount-below-minimum");
        assertThat(ignored(TestNetwork.LTC.supply() + 1, 1, 0)).contains("amount-above-supply");
    }

    @Test
    void whatIsInABlockMayHaveBeenPaidInTimeForFiveDaysAfterExpiry() {
        long last = gateway.expiryMillis() + 2 * 3_600_000L;
        assertThat(ignored(100_000, 0, last)).isEmpty();
        assertThat(ignored(100_000, 0, last + 1)).contains("gateway-expired");
        assertThat(ignored(100_000, 1, last + 5 * 86_400_000L)).isEmpty();
        assertThat(ignored(100_000, 1, last + 5 * 86_400_000L + 1)).contains("gateway-expired");
    }

    @Test
    void promisesNothingOfADepositThatItIgnores() {
        DepositView small = sighted(99_999);
        assertThat(small.state()).isEqualTo("ignored");
        assertThat(small.fee()).isNull();
        assertThat(small.minted()).isNull();
        assertThat(sighted(5_000_000).fee()).isEqualTo("15000");
        assertThat(sighted(5_000_000).minted()).isEqualTo("4985000");
    }

    private DepositView sighted(long amount) {
        Sighting sighting = new Sighting(gateway.gHash(), new OutPoint(Bytes.zeros(32), 0), amount, 1, 3, false);
        return deposits().sighted(sighting, network.state()).orElseThrow();
    }

    private Optional<String> ignored(long amount, int confirmations, long nowMillis) {
        Sighting sighting =
                new Sighting(gateway.gHash(), new OutPoint(Bytes.zeros(32), 0), amount, confirmations, 3, false);
        return Deposits.ignored(sighting, gateway, TestNetwork.LTC, nowMillis);
    }
}
