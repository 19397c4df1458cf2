package io.cloister.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.multichain.BlockRef;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ObservationsTest {
    private static final String CHAIN = BridgeFixture.LTC.chain();
    private static final Bytes HASH = Hashes.sha256(Bytes.utf8("block"));
    private static final Bytes OTHER = Hashes.sha256(Bytes.utf8("other block"));

    private final BridgeFixture bridge = new BridgeFixture();

    @Test
    void aBlockIsObservedWhenThreeOfFourStateIt() {
        bridge.observe(CHAIN, 7, HASH, 1);
        bridge.observe(CHAIN, 7, HASH, 4);
        assertThat(BridgeState.observed(bridge.state(), CHAIN, 7)).isEmpty();
        assertThat(BridgeState.observedTip(bridge.state(), CHAIN)).isZero();
        bridge.observe(CHAIN, 7, HASH, 2);
        assertThat(BridgeState.observed(bridge.state(), CHAIN, 7)).contains(HASH);
        assertThat(BridgeState.observedTip(bridge.state(), CHAIN)).isEqualTo(7);
        assertThat(statements()).isEmpty();
    }

    @Test
    void differentHashesDoNotAddUp() {
        bridge.observe(CHAIN, 7, HASH, 1, 2);
        bridge.observe(CHAIN, 7, OTHER, 3, 4);
        assertThat(BridgeState.observed(bridge.state(), CHAIN, 7)).isEmpty();
    }

    @Test
    void aValidatorThatRepeatsItselfOrChangesItsMindCountsOnce() {
        bridge.observe(CHAIN, 7, HASH, 1, 2);
        bridge.observe(CHAIN, 7, HASH, 1, 2);
        bridge.observe(CHAIN, 7, HASH, 1);
        assertThat(BridgeState.observed(bridge.state(), CHAIN, 7)).isEmpty();
        bridge.observe(CHAIN, 7, OTHER, 1);
        bridge.observe(CHAIN, 7, HASH, 3);
        assertThat(BridgeState.observed(bridge.state(), CHAIN, 7))
                .as("1 has taken its word back")
                .isEmpty();
        bridge.observe(CHAIN, 7, HASH, 4);
        assertThat(BridgeState.observed(bridge.state(), CHAIN, 7)).contains(HASH);
    }

    @Test
    void whatIsObservedStaysAndIsNotStatedAgain() {
        bridge.observe(CHAIN, 7, HASH, 1, 2, 3);
        Bytes again = Reports.blocks(CHAIN, List.of(new BlockRef(7, OTHER)));
        assertThat(bridge.run(4, BridgeModule.OBSERVE_BLOCKS, again).code()).isEqualTo("already-observed");
        assertThat(bridge.door(BridgeModule.OBSERVE_BLOCKS, again)).isEqualTo("already-observed");
        assertThat(BridgeState.observed(bridge.state(), CHAIN, 7)).contains(HASH);
    }

    @Test
    void heightsAndChainsAreKeptApart() {
        bridge.observe(CHAIN, 7, HASH, 1, 2);
        bridge.observe(CHAIN, 8, HASH, 3);
        bridge.observe(BridgeFixture.LTC.evmChain(), 7, HASH, 3, 4);
        assertThat(BridgeState.observed(bridge.state(), CHAIN, 7)).isEmpty();
        assertThat(BridgeState.observed(bridge.state(), CHAIN, 8)).isEmpty();
        bridge.observe(CHAIN, 7, HASH, 4);
        assertThat(BridgeState.observed(bridge.state(), CHAIN, 7)).contains(HASH);
    }

    @Test
    void refusesAChainThatNoAssetLivesOn() {
        Bytes body = Reports.blocks("dogecoin", List.of(new BlockRef(7, HASH)));
        assertThat(bridge.run(1, BridgeModule.OBSERVE_BLOCKS, body).code()).isEqualTo("unknown-chain");
        assertThat(bridge.run(1, BridgeModule.OBSERVE_FEE_RATE, Reports.feeRate("dogecoin", 1))
                        .code())
                .isEqualTo("unknown-chain");
    }

    @Test
    void oneValidatorCannotPileUpStatements() {
        for (int i = 0; i < 20; i++) {
            long from = 1 + 32L * i;
            List<BlockRef> blocks = LongStream.range(from, from + 32)
                    .mapToObj(height -> new BlockRef(height, HASH))
                    .toList();
            bridge.run(1, BridgeModule.OBSERVE_BLOCKS, Reports.blocks(CHAIN, blocks));
        }
        assertThat(statements()).hasSize(Observations.MAX_OPEN);
        bridge.observe(CHAIN, 640, HASH, 2, 3);
        assertThat(BridgeState.observed(bridge.state(), CHAIN, 640))
                .as("its newest statements still count")
                .contains(HASH);
    }

    @Test
    void theFeeRateNeedsAQuorumAndIsTheLowerMedian() {
        bridge.feeRate(3_000, 1);
        bridge.feeRate(9_000, 2);
        assertThat(BridgeState.feeRate(bridge.state(), CHAIN)).isEmpty();
        bridge.feeRate(5_000, 3);
        assertThat(BridgeState.feeRate(bridge.state(), CHAIN)).contains(5_000L);
        bridge.feeRate(6_000, 4);
        assertThat(BridgeState.feeRate(bridge.state(), CHAIN)).contains(5_000L);
        bridge.feeRate(8_000, 3);
        assertThat(BridgeState.feeRate(bridge.state(), CHAIN)).contains(6_000L);
    }

    @Test
    void oneLiarCannotMoveTheFeeRateOutOfWhatTheHonestStated() {
        long[] lies = {0, 1, 7_500, Long.MAX_VALUE};
        for (int liar = 1; liar <= 4; liar++) {
            BridgeFixture network = new BridgeFixture();
            long honest = 4_000;
            for (int slot = 1; slot <= 4; slot++) {
                if (slot != liar) {
                    network.feeRate(honest, slot);
                    honest += 1_000;
                }
            }
            for (long lie : lies) {
                network.feeRate(lie, liar);
                assertThat(BridgeState.feeRate(network.state(), CHAIN).orElseThrow())
                        .isBetween(4_000L, 6_000L);
            }
        }
    }

    private List<Bytes> statements() {
        return BridgeState.STATEMENTS.keys(bridge.state().module(BridgeState.MODULE), Bytes.EMPTY, 10_000);
    }
}
