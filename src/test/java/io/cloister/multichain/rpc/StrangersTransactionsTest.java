package io.cloister.multichain.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.bitcoin.GatewayFixture;
import io.cloister.multichain.bitcoin.TxOutput;
import io.cloister.multichain.rpc.dev.LitecoinRegtest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What strangers put on a chain must not keep a watcher from reading it. */
@ExtendWith(RegtestChain.class)
class StrangersTransactionsTest {
    private static final long COIN = 100_000_000L;

    private final Bytes gateway =
            new GatewayFixture().gateway("among strangers").output();

    @Test
    void readsABlockWithAnOutputScriptAsLongAsConsensusAllows(LitecoinRegtest node) {
        BitcoinWatcher watcher =
                new BitcoinWatcher(node.bitcoin(), node.bitcoin().blockCount());
        watcher.poll();
        String raw = node.call(
                        "createrawtransaction",
                        json("[{\"txid\":\"%s\",\"vout\":%d}]", coin(node, "txid"), Long.parseLong(coin(node, "vout"))),
                        json("[{\"data\":\"%s\"},{\"%s\":0.5}]", "00".repeat(10_010), node.newAddress()))
                .asText();
        String signed =
                node.call("signrawtransactionwithwallet", raw).get("hex").asText();
        node.call("generateblock", node.newAddress(), json("[\"%s\"]", signed));
        node.mine(1);
        BitcoinUpdate update = watcher.poll();
        assertThat(update.caughtUp()).isTrue();
        assertThat(update.tip().height()).isEqualTo(node.bitcoin().blockCount());
    }

    private static String coin(LitecoinRegtest node, String field) {
        return node.call("listunspent").get(0).get(field).asText();
    }

    private static JsonNode json(String text, Object... parts) {
        return Json.parse(String.format(text, parts).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void leavesOutAWaitingTransactionThatCannotBeRead() {
        try (ScriptedLitecoin chain = new ScriptedLitecoin()) {
            chain.mineEmpty(2);
            BitcoinWatcher watcher = new BitcoinWatcher(chain.rpc(), 1);
            watcher.watchScript(new Watch(gateway, 1, Long.MAX_VALUE), 0);
            chain.awaitUnreadable(Hashes.sha256(Bytes.utf8("nonsense")));
            BitcoinTransaction honest = chain.payment(new TxOutput(COIN, gateway));
            chain.await(honest);
            assertThat(watcher.poll().payments())
                    .singleElement()
                    .satisfies(p -> assertThat(p.outPoint().txid()).isEqualTo(honest.txid()));
            chain.node.forgetQuestions();
            watcher.poll();
            assertThat(chain.node.count("getrawtransaction"))
                    .as("it is read once")
                    .isZero();
        }
    }

    @Test
    void saysSoWhenTheNodeIsGone() {
        ScriptedLitecoin chain = new ScriptedLitecoin();
        chain.mineEmpty(1);
        BitcoinWatcher watcher = new BitcoinWatcher(chain.rpc(), 1);
        watcher.poll();
        chain.close();
        assertThatThrownBy(watcher::poll).isInstanceOf(RpcException.class);
    }
}
