package io.cloister.bridge.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.bridge.BridgeWorld;
import io.cloister.bridge.EventHub;
import io.cloister.bridge.runner.ChainStatus.State;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.View;
import io.cloister.multichain.rpc.ScriptedEthereum;
import io.cloister.multichain.rpc.ScriptedLitecoin;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BridgeRunnerTest {
    private static final String WRONG = "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206";

    private final BridgeWorld world = new BridgeWorld();
    private final LedgerClient ledger = world.client(1);
    private final Submissions submissions = new Submissions(ledger, InstantSource.system(), 1);
    private final ScriptedLitecoin litecoin = new ScriptedLitecoin();
    private final ScriptedEthereum ethereum = new ScriptedEthereum();

    @AfterEach
    void stop() {
        litecoin.close();
        ethereum.close();
    }

    private BridgeRunner running(Runner runner) {
        BridgeRunner bridge = new BridgeRunner(ledger, submissions, List.of(runner));
        bridge.start();
        return bridge;
    }

    private static ChainStatus only(BridgeRunner bridge) {
        return bridge.chains().getFirst();
    }

    private static void await(BooleanSupplier until) throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(20));
        while (!until.getAsBoolean() && Instant.now().isBefore(end)) {
            Thread.sleep(20);
        }
        assertThat(until.getAsBoolean()).isTrue();
    }

    /** A runner that does in each step what a test says. */
    private static final class Scripted implements Runner {
        volatile Runnable step = () -> {};
        volatile int identified;

        @Override
        public String asset() {
            return "LTC";
        }

        @Override
        public String chain() {
            return "litecoin-regtest";
        }

        @Override
        public long tip() {
            return 7;
        }

        @Override
        public boolean broken() {
            return false;
        }

        @Override
        public int leftOut() {
            return 0;
        }

        @Override
        public void requireChain() {
            identified++;
        }

        @Override
        public void step(View state, int nodes) {
            step.run();
        }
    }

    @Test
    void aFailedStepIsNamedAndPasses() throws Exception {
        Scripted runner = new Scripted();
        runner.step = () -> {
            throw new IllegalStateException("a test");
        };
        try (BridgeRunner bridge = running(runner)) {
            await(() -> only(bridge).state() == State.FAILING);
            assertThat(only(bridge).trouble()).contains("internal-error");
            assertThat(only(bridge).isDown()).isFalse();
            runner.step = () -> {};
            await(() -> only(bridge).state() == State.FOLLOWING);
            assertThat(only(bridge).trouble()).isEmpty();
            assertThat(bridge.tips()).containsEntry("litecoin-regtest", 7L);
        }
    }

    @Test
    void anErrorEndsTheThreadAndIsSeenFromOutside() throws Exception {
        Scripted runner = new Scripted();
        runner.step = () -> {
            throw new StackOverflowError("a test");
        };
        try (BridgeRunner bridge = running(runner)) {
            await(() -> only(bridge).state() == State.ENDED);
            assertThat(only(bridge).isDown()).isTrue();
        }
    }

    @Test
    void asksForTheChainOnceAndAgainAfterAFailure() throws Exception {
        Scripted runner = new Scripted();
        try (BridgeRunner bridge = running(runner)) {
            await(() -> only(bridge).state() == State.FOLLOWING && runner.identified == 1);
            runner.step = () -> {
                throw new IllegalStateException("a test");
            };
            await(() -> runner.identified > 1);
        }
        assertThat(runner.identified).isGreaterThan(1);
    }

    @Test
    void aNodeOfAnotherChainIsRefusedByNameUntilItIsRight() throws Exception {
        litecoin.mineEmpty(3);
        litecoin.genesis = WRONG;
        Sightings sightings = new Sightings(new EventHub());
        Runner runner = new BitcoinRunner(BridgeWorld.LTC, litecoin.rpc(), 1, submissions, sightings);
        try (BridgeRunner bridge = running(runner)) {
            await(() -> only(bridge).state() == State.WRONG_CHAIN);
            assertThat(only(bridge).isDown()).isTrue();
            assertThat(only(bridge).trouble())
                    .hasValueSatisfying(why -> assertThat(why).contains("litecoin-regtest"));
            assertThat(litecoin.node.count("getblock")).isZero();
            litecoin.genesis = "530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9";
            await(() -> only(bridge).state() == State.FOLLOWING);
            assertThat(only(bridge).tip()).isEqualTo(3);
        }
    }

    @Test
    void aContractWithAnotherMinimumForBurnsIsNotFollowed() throws Exception {
        long minimum = BridgeWorld.LTC.minimumBurn();
        ethereum.node.on("eth_call", params -> String.format("0x%064x", minimum - 1));
        try (BridgeRunner bridge = running(new EthereumRunner(BridgeWorld.LTC, ethereum.rpc(), 0, submissions))) {
            await(() -> only(bridge).state() == State.WRONG_CHAIN);
            assertThat(only(bridge).trouble())
                    .hasValueSatisfying(why -> assertThat(why).contains("at least " + minimum));
            ethereum.node.on("eth_call", params -> String.format("0x%064x", minimum));
            await(() -> only(bridge).state() == State.FOLLOWING);
        }
    }

    @Test
    void anEthereumNodeWithAnotherChainIdIsRefusedToo() throws Exception {
        ethereum.chainId = 1;
        try (BridgeRunner bridge = running(new EthereumRunner(BridgeWorld.LTC, ethereum.rpc(), 0, submissions))) {
            await(() -> only(bridge).state() == State.WRONG_CHAIN);
            assertThat(only(bridge).trouble())
                    .hasValueSatisfying(why -> assertThat(why).contains("ethereum-dev"));
            assertThat(ethereum.node.count("eth_getLogs")).isZero();
        }
    }
}
