package io.cloister.multichain.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.multichain.BlockRef;
import io.cloister.codec.Bytes;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.ConfirmationPolicy;
import io.cloister.multichain.EthereumProfile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which blocks of an Ethereum chain count as final, and of which chain they are. */
class FinalityTest {
    private static final EthereumProfile WITHOUT_FINALITY =
            new EthereumProfile("a-chain", "Chain", 31_337, new ConfirmationPolicy(4, Long.MAX_VALUE, 4), false, true);

    private final ScriptedEthereum chain = new ScriptedEthereum();

    @AfterEach
    void stop() {
        chain.close();
    }

    @Test
    void believesWhatTheNodeCallsFinalized() {
        chain.mineEmpty(10);
        chain.depth = 6;
        assertThat(chain.rpc().finalNumber()).isEqualTo(4);
    }

    @Test
    void depthNeverStandsInForFinalityThatTheChainHas() {
        chain.mineEmpty(10);
        chain.knowsFinalized = false;
        assertThatThrownBy(() -> chain.rpc().finalNumber())
                .isInstanceOfSatisfying(
                        RpcException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(RpcException.Reason.ERROR_ANSWER));
    }

    @Test
    void countsDepthWhereTheProfileSaysThereIsNoFinality() {
        chain.mineEmpty(10);
        assertThat(chain.rpc(WITHOUT_FINALITY).finalNumber()).isEqualTo(7);
    }

    @Test
    void refusesAnotherChainByName() {
        chain.rpc().requireChain();
        chain.chainId = 1;
        assertThatThrownBy(() -> chain.rpc().requireChain())
                .isInstanceOfSatisfying(
                        RpcException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(RpcException.Reason.WRONG_CHAIN))
                .hasMessageContaining(ChainProfiles.ETHEREUM_DEV.name());
    }

    @Test
    void readsAnewWhatStoodOnAFinalBlockThatWasUndone() {
        chain.mineEmpty(10);
        EthereumWatcher watcher = new EthereumWatcher(chain.rpc(), Bytes.hex("c0".repeat(20)), 0);
        assertThat(watcher.poll().caughtUp()).isTrue();
        chain.forget(9);
        chain.mineEmpty(12);
        EthereumUpdate update = watcher.poll();
        assertThat(update.broken()).map(BlockRef::height).contains(8L);
        assertThat(update.caughtUp()).isTrue();
    }
}
