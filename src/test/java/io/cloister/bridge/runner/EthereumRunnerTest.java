package io.cloister.bridge.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.bridge.Asset;
import io.cloister.bridge.BridgeModule;
import io.cloister.bridge.BridgeState;
import io.cloister.bridge.BridgeWorld;
import io.cloister.bridge.Reports;
import io.cloister.bridge.Transfer;
import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.Log;
import io.cloister.multichain.rpc.ScriptedEthereum;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EthereumRunnerTest {
    private static final Asset LTC = BridgeWorld.LTC;
    private static final long MINTED = 50_000_000;
    private static final long AMOUNT = 1_000_000;

    private final BridgeWorld world = new BridgeWorld();
    private final ScriptedEthereum ethereum = new ScriptedEthereum();
    private final List<EthereumRunner> runners = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private long burns;

    @BeforeEach
    void start() {
        world.minted(1, MINTED);
        for (int slot = 1; slot <= BridgeWorld.NODES; slot++) {
            runners.add(runner(slot));
        }
    }

    @AfterEach
    void stop() {
        ethereum.close();
    }

    private EthereumRunner runner(int slot) {
        return new EthereumRunner(LTC, ethereum.rpc(), 0, new Submissions(world.client(slot), () -> now, slot));
    }

    private void step() {
        for (int i = 0; i < 2 * BridgeWorld.NODES; i++) {
            runners.forEach(runner -> runner.step(world.state(), BridgeWorld.NODES));
            now = now.plusSeconds(2);
        }
    }

    private Log burn(Bytes recipient) {
        return BridgeWorld.burned(LTC.gatewayContract(), recipient, AMOUNT, burns++);
    }

    private Optional<Transfer> transfer(long nonce) {
        return BridgeState.transfer(world.state(), Reports.transferId(LTC, nonce));
    }

    @Test
    void observesAndReportsABurnWhenItIsFinal() {
        ethereum.mine(burn(BridgeWorld.address(9)));
        step();
        assertThat(transfer(0)).isEmpty();
        ethereum.mineEmpty(ethereum.depth);
        step();
        assertThat(transfer(0)).isPresent();
        assertThat(world.count(BridgeModule.REPORT_BURN)).as("one node reports").isOne();
    }

    @Test
    void findsBurnsAgainWhenItIsStartedAgain() {
        ethereum.mine(burn(BridgeWorld.address(9)));
        ethereum.mine(burn(BridgeWorld.address(8)), burn(BridgeWorld.address(7)));
        ethereum.mineEmpty(300);
        runners.clear();
        for (int slot = 1; slot <= BridgeWorld.NODES; slot++) {
            runners.add(runner(slot));
        }
        step();
        step();
        assertThat(List.of(transfer(0), transfer(1), transfer(2))).allMatch(Optional::isPresent);
    }

    @Test
    void findsABurnThatTheNodesIndexKeepsSilentAbout() {
        ethereum.indexes = false;
        ethereum.mine(burn(BridgeWorld.address(9)));
        ethereum.mineEmpty(ethereum.depth);
        step();
        assertThat(transfer(0)).isPresent();
    }

    @Test
    void reportsABurnForNobodyOnceAndTakesTheOthers() {
        ethereum.mine(burn(Bytes.utf8("nowhere")), burn(BridgeWorld.address(9)));
        ethereum.mineEmpty(ethereum.depth);
        for (int i = 0; i < 20; i++) {
            step();
            now = now.plusSeconds(600);
        }
        assertThat(transfer(0)).map(Transfer::state).contains(Transfer.State.REFUSED);
        assertThat(transfer(1)).isPresent();
        assertThat(world.count(BridgeModule.REPORT_BURN)).isBetween(2L, 2L * BridgeWorld.NODES);
    }

    @Test
    void votesToPauseWhenAFinalBlockIsUndone() {
        ethereum.mineEmpty(5);
        step();
        ethereum.forget(4);
        ethereum.mineEmpty(6);
        step();
        assertThat(runners).allMatch(EthereumRunner::broken);
        assertThat(BridgeState.pausedBecause(world.state(), LTC.symbol())).isPresent();
    }
}
