package io.cloister.bridge.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.bridge.Asset;
import io.cloister.bridge.BridgeModule;
import io.cloister.bridge.BridgeState;
import io.cloister.bridge.BridgeWorld;
import io.cloister.bridge.EventHub;
import io.cloister.bridge.Gateway;
import io.cloister.bridge.Transfer;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.TxOutput;
import io.cloister.multichain.rpc.RpcException;
import io.cloister.multichain.rpc.ScriptedLitecoin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BitcoinRunnerTest {
    private static final Asset LTC = BridgeWorld.LTC;
    private static final long AMOUNT = 10_000_000;
    private static final int FINAL = 3;

    private final BridgeWorld world = new BridgeWorld();
    private final ScriptedLitecoin litecoin = new ScriptedLitecoin();
    private final Sightings sightings = new Sightings(new EventHub());
    private final List<BitcoinRunner> runners = new ArrayList<>();
    private Instant now = Instant.EPOCH;

    @BeforeEach
    void start() {
        litecoin.seconds = world.millis() / 1_000;
        litecoin.mineEmpty(1);
        for (int slot = 1; slot <= BridgeWorld.NODES; slot++) {
            runners.add(runner(LTC, slot));
        }
        step();
    }

    @AfterEach
    void stop() {
        litecoin.close();
    }

    private BitcoinRunner runner(Asset asset, int slot) {
        return new BitcoinRunner(
                asset, litecoin.rpc(), 1, new Submissions(world.client(slot), () -> now, slot), sightings);
    }

    /** Every node steps until all have had their turn. */
    private void step() {
        for (int i = 0; i < 2 * BridgeWorld.NODES; i++) {
            runners.forEach(runner -> runner.step(world.state(), BridgeWorld.NODES));
            now = now.plusSeconds(2);
        }
    }

    private static TxOutput output(Gateway gateway, long amount) {
        return new TxOutput(amount, gateway.script().output());
    }

    private OutPoint pay(Gateway gateway, long amount) {
        BitcoinTransaction payment = litecoin.payment(output(gateway, amount));
        litecoin.mine(payment);
        return new OutPoint(payment.txid(), 0);
    }

    private boolean isAccepted(OutPoint outPoint) {
        return BridgeState.deposit(world.state(), outPoint).isPresent();
    }

    private OutPoint accepted(int number, long amount) {
        Gateway gateway = world.gateway(number);
        step();
        OutPoint paid = pay(gateway, amount);
        litecoin.mineEmpty(FINAL);
        step();
        assertThat(isAccepted(paid)).isTrue();
        return paid;
    }

    @Test
    void observesReportsAndForgetsADeposit() {
        Gateway gateway = world.gateway(1);
        step();
        OutPoint paid = pay(gateway, AMOUNT);
        step();
        assertThat(sightings.of(paid))
                .hasValueSatisfying(s -> assertThat(s.confirmations()).isOne());
        assertThat(isAccepted(paid)).isFalse();
        litecoin.mineEmpty(FINAL - 1);
        step();
        assertThat(isAccepted(paid)).isTrue();
        assertThat(sightings.of(paid)).isEmpty();
        assertThat(world.count(BridgeModule.REPORT_DEPOSIT))
                .as("one node reports")
                .isOne();
    }

    @Test
    void reportsTheOutputsOfOneTransactionToOneGatewayTogether() {
        Gateway gateway = world.gateway(1);
        Gateway other = world.gateway(2);
        step();
        BitcoinTransaction payment = litecoin.payment(
                output(gateway, AMOUNT), output(other, AMOUNT), output(gateway, 2 * AMOUNT), output(gateway, AMOUNT));
        litecoin.mine(payment);
        litecoin.mineEmpty(FINAL);
        step();
        for (int index = 0; index < 4; index++) {
            assertThat(isAccepted(new OutPoint(payment.txid(), index))).isTrue();
        }
        assertThat(world.count(BridgeModule.REPORT_DEPOSIT))
                .as("one for each gateway")
                .isEqualTo(2);
    }

    @Test
    void findsEverythingAgainWhenItIsStartedAgainAndReadsTheChainOnce() {
        Gateway gateway = world.gateway(1);
        OutPoint first = accepted(2, AMOUNT);
        OutPoint missed = pay(gateway, AMOUNT);
        litecoin.mineEmpty(50);
        runners.clear();
        runners.add(runner(LTC, 1));
        litecoin.node.forgetQuestions();
        runners.getFirst().step(world.state(), 1);
        assertThat(litecoin.node.count("getblock")).isEqualTo(litecoin.height());
        runners.clear();
        for (int slot = 1; slot <= BridgeWorld.NODES; slot++) {
            runners.add(runner(LTC, slot));
        }
        step();
        assertThat(isAccepted(first)).isTrue();
        assertThat(isAccepted(missed)).isTrue();
    }

    @Test
    void registeringGatewaysCostsNoReadingOfTheWholeChain() {
        litecoin.mineEmpty(90);
        step();
        runners.removeIf(runner -> runner != runners.getFirst());
        world.setMillis(litecoin.seconds * 1_000 + 7_200_000);
        litecoin.node.forgetQuestions();
        for (int number = 1; number <= 10; number++) {
            world.gateway(number);
            runners.getFirst().step(world.state(), 1);
        }
        assertThat(litecoin.node.count("getblock")).isLessThanOrEqualTo(60);
    }

    @Test
    void findsWhatWasPaidJustBeforeTheNodeSawTheGateway() {
        Gateway gateway = world.gateway(1);
        OutPoint paid = pay(gateway, AMOUNT);
        litecoin.mineEmpty(FINAL);
        world.gateway(2);
        step();
        assertThat(isAccepted(paid)).isTrue();
    }

    @Test
    void findsWhatWasPaidDaysBeforeTheGatewayWasRegistered() {
        Gateway known = new BridgeWorld().gateway(1);
        OutPoint paid = pay(known, AMOUNT);
        litecoin.seconds += 4 * 86_400;
        litecoin.mineEmpty(20);
        step();
        world.setMillis(litecoin.seconds * 1_000);
        assertThat(world.gateway(1).script()).isEqualTo(known.script());
        step();
        litecoin.mineEmpty(1);
        step();
        assertThat(isAccepted(paid)).isTrue();
    }

    @Test
    void aNodeThatGivesNoBlocksKeepsNoReleaseFromBeingSent() {
        accepted(1, AMOUNT);
        world.signAll();
        Gateway gateway = world.gateway(2);
        step();
        world.pause();
        pay(gateway, AMOUNT);
        litecoin.mineEmpty(FINAL);
        step();
        world.resume();
        Transfer transfer = world.burn(AMOUNT / 2);
        world.signAll();
        litecoin.node.on("getblock", params -> {
            throw new IllegalStateException("no answer");
        });
        BitcoinRunner runner = runners.getFirst();
        assertThatThrownBy(() -> runner.step(world.state(), 1)).isInstanceOf(RpcException.class);
        assertThat(BridgeState.transfer(world.state(), transfer.id())
                        .orElseThrow()
                        .state())
                .isEqualTo(Transfer.State.BROADCAST);
    }

    @Test
    void showsWhatIsTooSmallOrTooLateAndReportsNothingOfIt() {
        Gateway gateway = world.gateway(1);
        step();
        OutPoint dust = pay(gateway, LTC.minimumDeposit() - 1);
        litecoin.seconds = gateway.expiryMillis() / 1_000 + 7_201;
        OutPoint late = pay(gateway, AMOUNT);
        litecoin.mineEmpty(FINAL);
        step();
        assertThat(sightings.of(dust)).isPresent().get().matches(seen -> !seen.late());
        assertThat(sightings.of(late)).isPresent().get().matches(seen -> seen.late());
        assertThat(world.count(BridgeModule.REPORT_DEPOSIT)).isZero();
        assertThat(world.count(BridgeModule.OBSERVE_BLOCKS)).isZero();
    }

    @Test
    void manyPaymentsToOneGatewayHideNoDepositToAnother() {
        Gateway attacked = world.gateway(1);
        Gateway honest = world.gateway(2);
        step();
        for (int i = 0; i < 11; i++) {
            litecoin.mine(litecoin.payment(Collections.nCopies(100, output(attacked, LTC.minimumDeposit()))
                    .toArray(TxOutput[]::new)));
        }
        OutPoint paid = pay(honest, AMOUNT);
        runners.getFirst().step(world.state(), 1);
        assertThat(runners.getFirst().leftOut()).isOne();
        assertThat(sightings.of(paid)).isPresent();
        assertThat(sightings.at(attacked.gHash())).hasSize(1_000);
    }

    @Test
    void givesUpWhatTheLedgerRefusesForGoodAndForgetsIt() {
        runners.clear();
        for (int slot = 1; slot <= BridgeWorld.NODES; slot++) {
            runners.add(runner(takingLess(LTC), slot));
        }
        Gateway gateway = world.gateway(1);
        step();
        OutPoint little = pay(gateway, LTC.minimumDeposit() - 1);
        litecoin.mineEmpty(FINAL);
        step();
        for (int i = 0; i < 20; i++) {
            now = now.plusSeconds(600);
            step();
        }
        assertThat(world.count(BridgeModule.REPORT_DEPOSIT)).as("once a node").isEqualTo(BridgeWorld.NODES);
        assertThat(sightings.of(little)).isEmpty();
    }

    /** An asset whose nodes believe in a smaller minimum than the ledger does. */
    private static Asset takingLess(Asset asset) {
        return new Asset(
                asset.symbol(),
                asset.chain(),
                asset.supply(),
                asset.evmChain(),
                asset.evmChainId(),
                asset.gatewayContract(),
                asset.tokenContract(),
                asset.mintFeeBps(),
                asset.burnFeeBps(),
                1,
                1,
                asset.dailyCap(),
                asset.feeRateFloor(),
                asset.feeRateCap(),
                asset.gatewayLifetimeMillis(),
                asset.guardianThreshold(),
                asset.guardians());
    }

    @Test
    void reportsNoDepositWhileTheAssetIsPausedAndAllOfThemAfterwards() {
        Gateway gateway = world.gateway(1);
        step();
        world.pause();
        OutPoint paid = pay(gateway, 5_000_000);
        litecoin.mineEmpty(FINAL);
        step();
        assertThat(sightings.of(paid)).isPresent();
        assertThat(world.count(BridgeModule.REPORT_DEPOSIT)).isZero();
        world.resume();
        step();
        assertThat(isAccepted(paid)).isTrue();
        assertThat(world.count(BridgeModule.REPORT_DEPOSIT)).isOne();
    }

    @Test
    void votesToPauseWhenAFinalBlockIsUndoneAndLeavesResumingToTheValidators() {
        litecoin.mineEmpty(5);
        step();
        litecoin.forget(4);
        litecoin.mineEmpty(6);
        step();
        assertThat(BridgeState.pausedBecause(world.state(), LTC.symbol())).isPresent();
        assertThat(runners).allMatch(BitcoinRunner::broken);
        long votes = world.count(BridgeModule.PAUSE);
        assertThat(votes).isBetween(2L, 4L);
        world.resume();
        now = now.plusSeconds(3_600);
        step();
        assertThat(BridgeState.pausedBecause(world.state(), LTC.symbol())).isEmpty();
        assertThat(world.count(BridgeModule.PAUSE)).isEqualTo(votes);
    }

    @Test
    void aNodeThatIsAloneWithWhatItSeesVotesOnce() {
        runners.removeIf(runner -> runner != runners.getFirst());
        litecoin.mineEmpty(5);
        step();
        litecoin.forget(4);
        litecoin.mineEmpty(6);
        for (int i = 0; i < 10; i++) {
            step();
            now = now.plusSeconds(600);
        }
        assertThat(BridgeState.pausedBecause(world.state(), LTC.symbol())).isEmpty();
        assertThat(world.count(BridgeModule.PAUSE)).isOne();
    }

    @Test
    void oneItemThatFailsKeepsNoOtherFromBeingDone() {
        Gateway gateway = world.gateway(1);
        step();
        OutPoint poisoned = pay(gateway, AMOUNT);
        long height = litecoin.height();
        OutPoint honest = pay(gateway, AMOUNT);
        litecoin.mineEmpty(FINAL);
        runners.forEach(runner -> runner.step(world.state(), BridgeWorld.NODES));
        litecoin.hide(height);
        for (int i = 0; i < 10; i++) {
            for (BitcoinRunner runner : runners) {
                try {
                    runner.step(world.state(), BridgeWorld.NODES);
                } catch (RpcException e) {
                    assertThat(e.reason()).isEqualTo(RpcException.Reason.UNVERIFIED);
                }
            }
            now = now.plusSeconds(2);
        }
        assertThat(isAccepted(honest)).isTrue();
        assertThat(isAccepted(poisoned)).isFalse();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10; i++) {
                        runners.getFirst().step(world.state(), BridgeWorld.NODES);
                        now = now.plusSeconds(2);
                    }
                })
                .isInstanceOf(RpcException.class);
    }

    @Test
    void assetsOnOneChainDoNotEraseEachOthersSightings() {
        Gateway one = world.gateway(1);
        Gateway other = world.gateway(BridgeWorld.OTHER, 2);
        runners.add(runner(BridgeWorld.OTHER, 1));
        step();
        OutPoint first = pay(one, AMOUNT);
        OutPoint second = pay(other, AMOUNT);
        step();
        assertThat(sightings.of(first)).isPresent();
        assertThat(sightings.of(second)).isPresent();
        assertThat(sightings.at(other.gHash())).hasSize(1);
        assertThat(sightings.ofTransaction(first.txid())).hasSize(1);
    }

    @Test
    void sendsAReleaseAndProvesItsEnd() {
        accepted(1, AMOUNT);
        world.signAll();
        step();
        Transfer transfer = world.burn(AMOUNT / 2);
        world.signAll();
        step();
        assertThat(BridgeState.transfer(world.state(), transfer.id())
                        .orElseThrow()
                        .state())
                .isEqualTo(Transfer.State.BROADCAST);
        litecoin.mineWaiting();
        litecoin.mineEmpty(FINAL);
        step();
        assertThat(BridgeState.transfer(world.state(), transfer.id())
                        .orElseThrow()
                        .state())
                .isEqualTo(Transfer.State.RELEASED);
        assertThat(BridgeState.pausedBecause(world.state(), LTC.symbol())).isEmpty();
    }

    @Test
    void reportsASpendThatNobodyOrdered() {
        OutPoint coin = accepted(1, AMOUNT);
        step();
        litecoin.mine(ScriptedLitecoin.spend(coin, new TxOutput(1_000, litecoin.somebody())));
        litecoin.mineEmpty(FINAL);
        step();
        assertThat(BridgeState.output(world.state(), coin)).isEmpty();
        assertThat(BridgeState.pausedBecause(world.state(), LTC.symbol())).isPresent();
    }
}
