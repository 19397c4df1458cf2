package io.cloister.api;

import static io.cloister.api.GatewaysTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.api.HeaderView.PageView;
import io.cloister.attestation.Check;
import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.consensus.SignatureCheck;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.history.HistoryLog;
import io.cloister.ledger.receipt.ReceiptProof;
import io.cloister.ledger.receipt.bundle.Anchor;
import io.cloister.ledger.receipt.bundle.Bundle;
import io.cloister.ledger.receipt.bundle.BundleCheck;
import io.cloister.ledger.receipt.bundle.Finding;
import io.cloister.ledger.state.StateProof;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChainTest {
    private static final Bytes RECIPIENT = Bytes.hex("dafea492d9c6733ae3d56b7ed1adb60692c98bc5");

    private final TestNetwork network = new TestNetwork();
    private final ChainIndex index = new ChainIndex();
    private final Blocks blocks = new Blocks(network, index);

    @Test
    void handsOutAReceiptThatChecksWithoutTheNode() {
        network.ledger.addListener(index);
        network.deposit(network.gateway(RECIPIENT, Bytes.zeros(32)), 5_000_000);
        Bytes signing = network.sign();
        ReceiptProofView view = blocks.receipt(signing);
        ReceiptProof proof = ReceiptProof.decode(
                Bytes.hex(view.receipt()),
                Bytes.hex(view.path()),
                Bytes.hex(view.header()),
                Bytes.hex(view.certificate()),
                Bytes.hex(view.validators()));
        assertThat(proof.check()).hasSize(2).allMatch(c -> c.result() == Check.Result.PASSED);
        assertThat(proof.receipt().transactionHash()).isEqualTo(signing);
        assertThat(proof.receipt().events()).extracting("name").contains("mpc.signature", "bridge.mint-signed");
    }

    @Test
    void handsOutTheWayFromATrustedHeight() throws Exception {
        network.ledger.addListener(index);
        network.deposit(network.gateway(RECIPIENT, Bytes.zeros(32)), 5_000_000);
        Bytes signing = network.sign();
        network.commit();
        for (long from : List.of(1L, network.height())) {
            Bundle bundle = blocks.bundle(signing, from, network.ledger, new HistoryLog());
            String json = JsonProvider.JSON.writeValueAsString(ReceiptProofView.of(bundle));
            Bundle read = Bundle.ofJson(json);
            assertThat(read.cbor()).isEqualTo(bundle.cbor());
            Anchor anchor =
                    new Anchor(from, network.validators(from).orElseThrow().hash());
            assertThat(BundleCheck.check(read, anchor, SignatureCheck.SECP256K1))
                    .hasSize(6)
                    .allMatch(Finding::holds);
        }
        assertThatThrownBy(() -> blocks.bundle(signing, network.height() + 1, network.ledger, new HistoryLog()))
                .satisfies(e -> assertProblem(e, 404, "unknown-height"));
    }

    @Test
    void tellsWhatATransactionDidAndNothingOfOneItDoesNotKnow() {
        network.ledger.addListener(index);
        network.gateway(RECIPIENT, Bytes.zeros(32));
        Bytes hash = Transaction.decode(
                        network.block(1).orElseThrow().block().transactions().getFirst())
                .hash();
        TransactionView view = blocks.transaction(hash);
        assertThat(view.status()).isEqualTo("committed");
        assertThat(view.height()).isEqualTo(1);
        assertThat(view.code()).isEmpty();
        assertThat(view.events()).extracting("name").containsExactly("bridge.gateway-registered");
        assertThat(blocks.block(1).transactions()).containsExactly(hash.to0x());
        assertThat(blocks.transaction(Bytes.zeros(32)).status()).isEqualTo("unknown");
        assertThatThrownBy(() -> blocks.receipt(Bytes.zeros(32)))
                .satisfies(e -> assertProblem(e, 404, "unknown-receipt"));
    }

    @Test
    void servesNoReceiptsOfBlocksBeforeItListened() {
        network.gateway(RECIPIENT, Bytes.zeros(32));
        network.ledger.addListener(index);
        network.commit();
        String hash = blocks.block(1).transactions().getFirst();
        assertThat(blocks.transaction(Bytes.hex(hash)).status()).isEqualTo("unknown");
        assertThat(blocks.page(null, 10).blocks())
                .extracting(HeaderView::transactions)
                .containsExactly(0, null);
    }

    @Test
    void forgetsTheOldestReceiptsAndOnlyThose() {
        ChainIndex small = new ChainIndex(2);
        network.ledger.addListener(small);
        network.gateway(RECIPIENT, Bytes.zeros(32));
        Bytes first = Bytes.hex(blocks.block(1).transactions().getFirst());
        network.commit();
        assertThat(small.receipt(first)).isPresent();
        network.commit();
        assertThat(small.receipt(first)).isEmpty();
        assertThat(small.block(1)).isEmpty();
        assertThat(small.block(2)).isPresent();
    }

    @Test
    void pagesThroughAllBlocksNewestFirst() {
        network.ledger.addListener(index);
        for (int i = 0; i < 7; i++) {
            network.commit();
        }
        List<Long> heights = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            PageView page = blocks.page(cursor.orElse(null), 3);
            page.blocks().forEach(b -> heights.add(b.height()));
            cursor = Optional.ofNullable(page.cursor());
        } while (cursor.isPresent());
        assertThat(heights).containsExactly(7L, 6L, 5L, 4L, 3L, 2L, 1L);
        assertThatThrownBy(() -> blocks.page("7", 3)).satisfies(e -> assertProblem(e, 400, "invalid-field"));
    }

    @Test
    void showsCertificatesOfDecidedHeightsOnly() {
        network.commit();
        CertificateView view = blocks.certificate(1);
        assertThat(view.signatures()).hasSize(3);
        assertThat(view.blockId()).isEqualTo(blocks.block(1).header().id());
        assertThatThrownBy(() -> blocks.certificate(2)).satisfies(e -> assertProblem(e, 404, "unknown-height"));
        assertThatThrownBy(() -> blocks.block(2)).satisfies(e -> assertProblem(e, 404, "unknown-height"));
    }

    @Test
    void provesTheAccountsUnderTheCertifiedStateRoot() {
        network.deposit(network.gateway(RECIPIENT, Bytes.zeros(32)), 5_000_000);
        SolvencyView waiting = SolvencyView.all(network.ledger, network).getFirst();
        assertThat(waiting.locked()).isEqualTo("5000000");
        assertThat(waiting.inFlight()).isEqualTo("4985000");
        assertThat(waiting.feesOwed()).isEqualTo("15000");
        network.sign();
        SolvencyView view = SolvencyView.all(network.ledger, network).getFirst();
        assertThat(view.minted()).isEqualTo("4985000");
        assertThat(view.inFlight()).isEqualTo("0");
        assertThat(view.stateRoot())
                .isEqualTo(network.tip().orElseThrow().stateRoot().to0x());
        assertThat(StateProof.decode(new Reader(Bytes.hex(view.proof()))).proves(Bytes.hex(view.stateRoot())))
                .isTrue();
    }

    @Test
    void saysThatNothingIsCertifiedBeforeTheFirstBlock() {
        assertThatThrownBy(() -> SolvencyView.all(network.ledger, network))
                .satisfies(e -> assertProblem(e, 503, "no-certified-state"));
    }

    @Test
    void describesNetworkValidatorsAndShard() {
        network.commit();
        NetworkView view =
                NetworkView.of(TestNetwork.CHAIN, network.state(), network.tip(), Map.of("ethereum-dev", 9L));
        assertThat(view.height()).isEqualTo(1);
        assertThat(view.time()).isEqualTo("2025-10-09T08:53:21Z");
        assertThat(view.chains()).extracting("name").containsExactly(TestNetwork.HOME, TestNetwork.EVM);
        assertThat(view.chains()).extracting("tip").containsExactly(0L, 9L);
        assertThat(ValidatorView.all(network.state()))
                .hasSize(4)
                .allMatch(v -> v.presignatures() == KeyedBoard.WIDTH
                        && v.weight() == 1
                        && v.grade().equals("D"));
        ShardView shard = ShardView.of(TestNetwork.CHAIN, network.state());
        assertThat(shard.ready()).isTrue();
        assertThat(shard.threshold()).isEqualTo(2);
        assertThat(shard.pool()).isEqualTo(KeyedBoard.WIDTH);
        assertThat(shard.publicKey()).isEqualTo(network.shard.id().to0x());
    }
}
