package io.cloister.multichain.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.multichain.ProofRefused;
import io.cloister.multichain.ethereum.GatewayCalls;
import io.cloister.multichain.ethereum.GatewayEvent.Burned;
import io.cloister.multichain.ethereum.GatewayEvent.Minted;
import io.cloister.multichain.ethereum.Mint;
import io.cloister.multichain.ethereum.ReceiptProof;
import io.cloister.multichain.rpc.EthereumRpc.Included;
import io.cloister.multichain.rpc.EthereumUpdate.Sighting;
import io.cloister.multichain.rpc.dev.Anvil;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AnvilChain.class)
class EthereumWatcherTest {
    private static final Bytes RECIPIENT = Bytes.utf8("rltc1qwatched");

    @Test
    void followsABurnToFinalityAndProvesIt(Anvil anvil) {
        GatewayOnAnvil on = new GatewayOnAnvil(anvil, true);
        EthereumWatcher watcher = watcher(on);
        Mint mint = on.mint(1_000, on.user.address(), 1);
        on.send(on.user, GatewayCalls.mint(mint, on.signed(mint)));
        Included included = on.send(on.user, GatewayCalls.burn(RECIPIENT, BigInteger.valueOf(400)));

        Sighting fresh = burned(watcher.poll());
        assertThat(fresh.confirmations()).isPositive();
        anvil.mine(3);
        EthereumUpdate update = watcher.poll();
        Sighting burned = burned(update);
        assertThat(burned.isFinal()).isTrue();
        assertThat(burned.position().block()).isEqualTo(included.block());
        assertThat(burned.event()).isEqualTo(new Burned(RECIPIENT, BigInteger.valueOf(400), 0, on.user.address()));
        assertThat(update.events())
                .hasSize(3)
                .filteredOn(each -> each.event() instanceof Minted)
                .hasSize(1);
        assertThat(watcher.finalBlock(included.block().height())).contains(included.block());

        ReceiptProof proof = watcher.proof(burned.position());
        ReceiptProof.Proven proven = proof.check(included.block().hash());
        assertThat(proven.event(on.deployment.gateway(), burned.position().logIndex()))
                .isEqualTo(burned.event());
        assertThatThrownBy(() ->
                        proven.event(on.deployment.asset(), burned.position().logIndex()))
                .isInstanceOfSatisfying(
                        ProofRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(ProofRefused.Reason.EMITTER));
        assertThatThrownBy(() -> proof.check(update.tip().hash())).isInstanceOf(ProofRefused.class);

        update.events().forEach(each -> watcher.forget(each.position()));
        assertThat(watcher.poll().events()).isEmpty();
    }

    @Test
    void findsTheSameEventsWhenItIsStartedAgain(Anvil anvil) {
        GatewayOnAnvil on = new GatewayOnAnvil(anvil, true);
        Mint mint = on.mint(10, on.user.address(), 2);
        on.send(on.user, GatewayCalls.mint(mint, on.signed(mint)));
        for (int i = 0; i < 3; i++) {
            on.user.submit(
                    Optional.of(on.deployment.gateway()),
                    GatewayCalls.burn(RECIPIENT, BigInteger.valueOf(GatewayOnAnvil.MINIMUM_BURN + i)));
        }
        anvil.mine(4);
        List<Sighting> first = watcher(on).poll().events();
        List<Sighting> second = watcher(on).poll().events();
        assertThat(first)
                .filteredOn(each -> each.event() instanceof Burned)
                .hasSize(3)
                .allMatch(Sighting::isFinal);
        assertThat(second)
                .extracting(Sighting::event)
                .isEqualTo(first.stream().map(Sighting::event).toList());
        Sighting last = first.getLast();
        assertThat(watcher(on)
                        .proof(last.position())
                        .check(last.position().block().hash())
                        .event(on.deployment.gateway(), last.position().logIndex()))
                .isEqualTo(last.event());
    }

    @Test
    void doesNotFinaliseTheTip(Anvil anvil) {
        EthereumRpc rpc = anvil.ethereum();
        rpc.requireChain();
        anvil.mine(2);
        long finalNumber = rpc.finalNumber();
        assertThat(finalNumber).isPositive().isLessThan(rpc.blockNumber());
        assertThat(rpc.header(finalNumber + 1_000_000)).isEmpty();
        assertThat(rpc.header(Bytes.zeros(32))).isEmpty();
        assertThat(rpc.header(rpc.header(finalNumber).orElseThrow().hash())).isEqualTo(rpc.header(finalNumber));
    }

    @Test
    void sendsTheSameTransactionTwiceWithoutHarm(Anvil anvil) {
        GatewayOnAnvil on = new GatewayOnAnvil(anvil, true);
        Bytes hash = on.user.submit(Optional.of(on.user.address()), Bytes.EMPTY);
        anvil.mine(1);
        assertThat(on.user.await(hash, Duration.ofSeconds(10)).receipt().success())
                .isTrue();
        Bytes raw =
                Bytes.hex(anvil.call("eth_getRawTransactionByHash", hash.to0x()).asText());
        assertThat(on.rpc.send(raw)).isEqualTo(hash);
    }

    private static EthereumWatcher watcher(GatewayOnAnvil on) {
        return new EthereumWatcher(
                on.rpc, on.deployment.gateway(), on.deployment.block().height());
    }

    private static Sighting burned(EthereumUpdate update) {
        return update.events().stream()
                .filter(each -> each.event() instanceof Burned)
                .findFirst()
                .orElseThrow();
    }
}
