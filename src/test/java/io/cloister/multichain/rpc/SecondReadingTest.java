package io.cloister.multichain.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.bitcoin.GatewayFixture;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.TxOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Watching late costs a bounded number of blocks read, whoever asks for it and however often. */
class SecondReadingTest {
    private static final long COIN = 100_000_000L;

    private final ScriptedLitecoin chain = new ScriptedLitecoin();
    private final GatewayFixture fixture = new GatewayFixture();
    private final BitcoinWatcher watcher = new BitcoinWatcher(chain.rpc(), 1);

    @AfterEach
    void stop() {
        chain.close();
    }

    private Bytes watch(String name, long sinceSeconds) {
        Bytes script = fixture.gateway(name).output();
        watcher.watchScript(new Watch(script, 1, Long.MAX_VALUE), sinceSeconds);
        return script;
    }

    private BitcoinUpdate settle() {
        BitcoinUpdate update = watcher.poll();
        while (!update.caughtUp()) {
            update = watcher.poll();
        }
        return update;
    }

    private long blocksRead(Runnable during) {
        chain.node.forgetQuestions();
        during.run();
        return chain.node.count("getblock");
    }

    @Test
    void whatIsWatchedFromTheBeginningCostsOneReadingOfTheChain() {
        chain.mineEmpty(150);
        for (int i = 0; i < 500; i++) {
            watch("script " + i, 0);
            watcher.watchCoin(new OutPoint(Bytes.zeros(32), i), 0);
        }
        assertThat(blocksRead(this::settle)).isEqualTo(150);
    }

    @Test
    void aNewWatchReadsOnlyTheLastBlocks() {
        chain.mineEmpty(150);
        settle();
        assertThat(blocksRead(() -> {
                    watch("new", chain.seconds + 7_200);
                    settle();
                }))
                .isEqualTo(6);
    }

    @Test
    void anOlderWatchReadsFromItsTimeOnce() {
        chain.mineEmpty(10);
        Bytes script = fixture.gateway("older").output();
        chain.seconds += 10_000;
        long since = chain.seconds;
        BitcoinTransaction payment = chain.payment(new TxOutput(COIN, script));
        chain.mine(payment);
        chain.mineEmpty(20);
        settle();
        long read = blocksRead(() -> {
            watch("older", since + 7_200);
            watch("and another", since + 7_200);
            assertThat(settle().payments())
                    .singleElement()
                    .satisfies(p -> assertThat(p.outPoint().txid()).isEqualTo(payment.txid()));
        });
        assertThat(read).isEqualTo(21);
    }

    @Test
    void strangersWhoAskForEverGetARationForEachNewBlock() {
        chain.mineEmpty(200);
        settle();
        int steps = 40;
        long read = blocksRead(() -> {
            for (int i = 0; i < steps; i++) {
                watch("asked " + i, 0);
                watcher.poll();
            }
        });
        assertThat(read).as("the first allowance").isLessThanOrEqualTo(3_000);
        SecondReading second = new SecondReading(100);
        long served = 0;
        for (int block = 0; block < 50; block++) {
            second.moved(10_000, true);
            for (int wish = 0; wish < 100; wish++) {
                second.wish(0);
                second.begin(10_000);
                while (second.mayRead(10_000)) {
                    second.advance(10_000);
                    served++;
                }
            }
        }
        assertThat(served).isEqualTo(100 + 49 * SecondReading.RATION);
    }

    @Test
    void aWatchDuringAPassWaitsForTheNextOneAndLosesNothing() {
        SecondReading second = new SecondReading(1_000);
        second.wish(10);
        assertThat(second.begin(20)).isTrue();
        second.advance(20);
        second.wish(5);
        assertThat(second.begin(20)).isFalse();
        for (long height = 11; height < 20; height++) {
            assertThat(second.next()).isEqualTo(height);
            second.advance(20);
        }
        assertThat(second.isDone(20)).isFalse();
        assertThat(second.begin(20)).isTrue();
        assertThat(second.next()).isEqualTo(5);
    }
}
