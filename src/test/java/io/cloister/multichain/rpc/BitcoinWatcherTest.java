package io.cloister.multichain.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.multichain.BlockRef;
import io.cloister.multichain.bitcoin.BitcoinAddress;
import io.cloister.multichain.bitcoin.GatewayCoin;
import io.cloister.multichain.bitcoin.GatewayFixture;
import io.cloister.multichain.bitcoin.GatewayScript;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.Payout;
import io.cloister.multichain.bitcoin.Release;
import io.cloister.multichain.bitcoin.SpvProof;
import io.cloister.multichain.rpc.BitcoinUpdate.Payment;
import io.cloister.multichain.rpc.BitcoinUpdate.Spend;
import io.cloister.multichain.rpc.dev.LitecoinRegtest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RegtestChain.class)
class BitcoinWatcherTest {
    private static final long COIN = 100_000_000L;

    private final GatewayFixture fixture = new GatewayFixture();

    @Test
    void followsAPaymentFromTheMempoolToFinalityAndProvesIt(LitecoinRegtest node) {
        GatewayScript gateway = fixture.gateway("followed");
        BitcoinWatcher watcher = watcher(node);
        watch(watcher, gateway);
        assertThat(settle(watcher).payments()).isEmpty();

        Bytes txid = node.pay(gateway.address(fixture.profile), COIN);
        Payment waiting = onlyPayment(settle(watcher));
        assertThat(waiting.outPoint().txid()).isEqualTo(txid);
        assertThat(waiting.confirmations()).isZero();
        assertThat(waiting.block()).isEmpty();

        for (int depth = 1; depth <= 3; depth++) {
            node.mine(1);
            Payment payment = onlyPayment(settle(watcher));
            assertThat(payment.confirmations()).isEqualTo(depth);
            assertThat(payment.required()).isEqualTo(3);
            assertThat(payment.isFinal()).isEqualTo(depth == 3);
        }
        BitcoinUpdate update = settle(watcher);
        Payment payment = onlyPayment(update);
        BlockRef block = payment.block().orElseThrow();
        assertThat(update.finalTip()).contains(block);
        assertThat(watcher.finalBlock(block.height())).contains(block);
        assertThat(watcher.finalBlock(block.height() + 1)).isEmpty();
        SpvProof proof = watcher.proof(payment);
        SpvProof.Proven proven = proof.check(fixture.profile, block.hash());
        assertThat(proven.txid()).isEqualTo(txid);
        assertThat(proven.transaction()
                        .outputs()
                        .get((int) payment.outPoint().index())
                        .script())
                .isEqualTo(gateway.output());

        watcher.forgetPayment(payment.outPoint());
        assertThat(settle(watcher).payments()).isEmpty();
    }

    @Test
    void readsOldBlocksAgainForAScriptThatIsWatchedLate(LitecoinRegtest node) {
        GatewayScript gateway = fixture.gateway("late");
        BitcoinWatcher watcher = watcher(node);
        settle(watcher);
        Bytes txid = node.pay(gateway.address(fixture.profile), 7 * COIN);
        node.mine(4);
        assertThat(settle(watcher).payments()).isEmpty();
        watch(watcher, gateway);
        Payment payment = onlyPayment(settle(watcher));
        assertThat(payment.outPoint().txid()).isEqualTo(txid);
        assertThat(payment.confirmations()).isEqualTo(4);
        assertThat(payment.value()).isEqualTo(7 * COIN);
    }

    @Test
    void takesBackWhatAReorganisationTookBack(LitecoinRegtest node) {
        GatewayScript gateway = fixture.gateway("reorganised");
        BitcoinWatcher watcher = watcher(node);
        watch(watcher, gateway);
        node.pay(gateway.address(fixture.profile), COIN);
        Bytes block = node.mine(1);
        node.mine(1);
        assertThat(onlyPayment(settle(watcher)).confirmations()).isEqualTo(2);

        node.invalidate(block);
        BitcoinUpdate shorter = settle(watcher);
        assertThat(onlyPayment(shorter).confirmations()).as("waits again").isZero();
        assertThat(shorter.broken()).as("it was not final yet").isEmpty();

        node.mine(5);
        Payment again = onlyPayment(settle(watcher));
        assertThat(again.confirmations()).isEqualTo(5);
        assertThat(again.block().orElseThrow().hash()).isNotEqualTo(block);
    }

    @Test
    void saysWhenAFinalBlockIsUndone(LitecoinRegtest node) {
        BitcoinWatcher watcher = watcher(node);
        Bytes block = node.mine(1);
        node.mine(3);
        assertThat(settle(watcher).broken()).isEmpty();
        node.invalidate(block);
        node.mine(6);
        assertThat(settle(watcher).broken()).map(BlockRef::hash).contains(block);
    }

    @Test
    void undoesNothingFinalForANodeThatFellBehind(LitecoinRegtest node) {
        BitcoinWatcher watcher = watcher(node);
        Bytes block = node.mine(1);
        node.mine(3);
        BitcoinUpdate before = settle(watcher);
        node.invalidate(block);
        assertThatThrownBy(watcher::poll)
                .isInstanceOfSatisfying(
                        RpcException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(RpcException.Reason.UNVERIFIED));
        node.call("reconsiderblock", block.reversed().toHex());
        BitcoinUpdate after = settle(watcher);
        assertThat(after.broken()).isEmpty();
        assertThat(after.tip()).isEqualTo(before.tip());
        assertThat(after.finalTip()).isEqualTo(before.finalTip());
    }

    @Test
    void followsTheSpendingOfAWatchedCoin(LitecoinRegtest node) {
        GatewayScript gateway = fixture.gateway("spent");
        BitcoinWatcher watcher = watcher(node);
        watch(watcher, gateway);
        node.pay(gateway.address(fixture.profile), COIN);
        node.mine(1);
        OutPoint outPoint = onlyPayment(settle(watcher)).outPoint();
        watcher.watchCoin(outPoint, node.bitcoin().blockCount());
        assertThat(settle(watcher).spends()).isEmpty();

        Release release = Release.plan(
                fixture.profile,
                List.of(new GatewayCoin(outPoint, COIN, gateway)),
                List.of(new Payout(BitcoinAddress.toScript(fixture.profile, node.newAddress()), COIN / 3)),
                fixture.vault(),
                1_000,
                0);
        node.bitcoin().send(fixture.signed(release.spend()));
        Spend waiting = settle(watcher).spends().getFirst();
        assertThat(waiting.spender()).isEqualTo(release.txid());
        assertThat(waiting.confirmations()).isZero();
        node.mine(2);
        Spend confirmed = settle(watcher).spends().getFirst();
        assertThat(confirmed.coin()).isEqualTo(outPoint);
        assertThat(confirmed.confirmations()).isEqualTo(2);
        watcher.forgetCoin(outPoint);
        assertThat(settle(watcher).spends()).isEmpty();
    }

    private BitcoinWatcher watcher(LitecoinRegtest node) {
        return new BitcoinWatcher(node.bitcoin(), node.bitcoin().blockCount());
    }

    private static void watch(BitcoinWatcher watcher, GatewayScript gateway) {
        watcher.watchScript(new Watch(gateway.output(), 1, Long.MAX_VALUE), 0);
    }

    private static BitcoinUpdate settle(BitcoinWatcher watcher) {
        BitcoinUpdate update = watcher.poll();
        while (!update.caughtUp()) {
            update = watcher.poll();
        }
        return update;
    }

    private static Payment onlyPayment(BitcoinUpdate update) {
        assertThat(update.payments()).hasSize(1);
        return update.payments().getFirst();
    }
}
