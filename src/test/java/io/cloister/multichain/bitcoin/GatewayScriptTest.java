package io.cloister.multichain.bitcoin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.ProfileRefused;
import io.cloister.multichain.bitcoin.ReleaseRefused.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GatewayScriptTest {
    private static final long VALUE = 100_000_000L;
    private final GatewayFixture fixture = new GatewayFixture();
    private final GatewayScript gateway = fixture.gateway("script");
    private final GatewayCoin coin = new GatewayCoin(new OutPoint(Bytes.zeros(32), 0), VALUE, gateway);

    @Test
    void hasTheDocumentedLayout() {
        List<Point> keys = fixture.guardians().keys();
        String expected = "20" + gateway.gatewayHash().toHex() + "75" + "63"
                + "21" + fixture.shardKey().encode().toHex() + "ac" + "67"
                + "039e0440" + "b2" + "75" + "52"
                + "21" + keys.get(0).encode().toHex()
                + "21" + keys.get(1).encode().toHex()
                + "21" + keys.get(2).encode().toHex()
                + "53" + "ae" + "68";
        assertThat(gateway.script().toHex()).isEqualTo(expected);
        assertThat(gateway.script().length()).isEqualTo(183);
        assertThat(gateway.output().length()).isEqualTo(34);
        assertThat(gateway.address(fixture.profile)).startsWith("rltc1q");
    }

    @Test
    void givesEachDepositItsOwnAddressAndTheVaultOne() {
        assertThat(fixture.gateway("a").output())
                .isNotEqualTo(fixture.gateway("b").output());
        assertThat(fixture.vault().gatewayHash()).isEqualTo(GatewayScript.VAULT);
        assertThat(fixture.vault()).isEqualTo(fixture.vault());
    }

    @Test
    void survivesItsEncoding() {
        Writer writer = new Writer();
        coin.encode(writer);
        Reader reader = new Reader(writer.toBytes());
        assertThat(GatewayCoin.decode(reader)).isEqualTo(coin);
        reader.end();
    }

    @Test
    void isRefusedWhereGuardiansCouldSpendAtOnce() {
        assertThatThrownBy(() -> GatewayScript.of(
                        ChainProfiles.DOGECOIN, gateway.gatewayHash(), fixture.shardKey(), fixture.guardians()))
                .isInstanceOfSatisfying(
                        ProfileRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(ProfileRefused.Reason.NO_RELATIVE_TIMELOCK));
    }

    @Test
    void refusesSenselessGuardians() {
        List<Point> keys = fixture.guardians().keys();
        List<Point> twice = List.of(keys.getFirst(), keys.getFirst());
        List<Point> many = Stream.generate(() -> SigningKey.generate().publicKey())
                .limit(17)
                .toList();
        assertThatThrownBy(() -> new Guardians(0, keys)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Guardians(4, keys)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Guardians(1, twice)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Guardians(1, many)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void opensToTheShardAtOnceAndToNobodyElse() {
        GatewaySpend spend = fixture.spend(List.of(coin), List.of(new TxOutput(VALUE - 1_000, gateway.output())));
        Bytes digest = spend.digests().getFirst();
        assertThat(spend.assemble(List.of(fixture.shard.sign(digest))).txid()).isEqualTo(spend.txid());
        for (SigningKey other : fixture.guardianKeys) {
            refuses(() -> spend.assemble(List.of(other.sign(digest))));
        }
        refuses(() -> spend.assemble(List.of(fixture.shard.sign(Bytes.zeros(32)))));
        refuses(() -> spend.assemble(List.of()));
    }

    @Test
    void opensToGuardiansOnlyWithTheWeekInTheInput() {
        GatewaySpend patient = RecoverySpend.of(fixture.profile, List.of(coin), gateway.output(), 1_000);
        assertThat(patient.transaction().inputs().getFirst().sequence()).isEqualTo(0x0040049EL);
        patient.assembleRecovery(List.of(signatures(patient, 0, 1)));
        patient.assembleRecovery(List.of(signatures(patient, 1, 2)));
        refuses(() -> patient.assembleRecovery(List.of(signatures(patient, 1))));
        refuses(() -> patient.assembleRecovery(List.of(signatures(patient, 0, 1, 2))));
        Map<Point, Signature> swapped = new HashMap<>();
        List<Signature> given = new ArrayList<>(signatures(patient, 0, 1).values());
        Collections.swap(given, 0, 1);
        signatures(patient, 0, 1).keySet().forEach(key -> swapped.put(key, given.removeFirst()));
        refuses(() -> patient.assembleRecovery(List.of(swapped)));

        for (long sequence : new long[] {0, TxInput.REPLACEABLE, 0x0040049DL, 0x0000FFFFL}) {
            GatewaySpend early =
                    GatewaySpend.of(List.of(coin), List.of(new TxOutput(VALUE - 1_000, gateway.output())), sequence);
            refuses(() -> early.assembleRecovery(List.of(signatures(early, 0, 1))));
        }
    }

    private Map<Point, Signature> signatures(GatewaySpend spend, int... guardians) {
        Map<Point, Signature> signatures = new HashMap<>();
        for (int guardian : guardians) {
            SigningKey key = fixture.guardianKeys.get(guardian);
            signatures.put(key.publicKey(), key.sign(spend.digests().getFirst()));
        }
        return signatures;
    }

    private static void refuses(Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        ReleaseRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.SIGNATURE));
    }
}
