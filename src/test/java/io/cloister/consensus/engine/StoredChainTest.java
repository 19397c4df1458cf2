package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.store.ConsensusStore;
import io.cloister.consensus.store.MemoryConsensusStore;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is verified before a node builds on its disk; the chain comes from a simulated network. */
class StoredChainTest {
    private static final EngineSettings SETTINGS = EngineSettings.DEFAULT;

    private final Genesis genesis = TestApplication.genesis("sim", TestKeys.validators(Collections.nCopies(4, 1L)));
    private MemoryConsensusStore store = new MemoryConsensusStore();

    @BeforeEach
    void makeAChain() {
        SimWorld world = new SimWorld(7, Collections.nCopies(4, 1L), 0, SETTINGS);
        world.startAll();
        for (int i = 0; i < 12; i++) {
            world.submit(i == 5 ? "boot:2" : "tx");
            world.runUntil(world.now() + 500);
        }
        store = world.nodes().getFirst().disk;
        assertThat(store.height()).isGreaterThan(8);
    }

    private StoredChain.Tip verify() {
        return verify(SETTINGS);
    }

    private StoredChain.Tip verify(EngineSettings settings) {
        return new StoredChain(store, genesis, settings, TestKeys.CHECK).verifyAndRestore(new TestApplication());
    }

    private CertifiedBlock block(long height) {
        return store.block(height).orElseThrow();
    }

    private void replaceHeader(long height, UnaryOperator<Header> change) {
        CertifiedBlock old = block(height);
        store.replace(new CertifiedBlock(
                new Block(change.apply(old.block().header()), old.block().transactions()), old.certificate()));
    }

    private static Header with(Header header, long epoch, long time, Bytes parent) {
        return new Header(
                header.chainId(),
                epoch,
                header.height(),
                time,
                parent,
                header.transactionsRoot(),
                header.receiptsRoot(),
                header.stateRoot(),
                header.validatorsHash(),
                header.nextValidatorsHash(),
                header.proposer());
    }

    @Test
    void acceptsWhatTheNodeWrote() {
        StoredChain.Tip tip = verify();
        assertThat(tip.height()).isEqualTo(store.height() + 1);
        assertThat(tip.lastId()).isEqualTo(block(store.height()).block().id());
        assertThat(tip.validators().bySlot(2).orElseThrow().bootCounter()).isEqualTo(2);
    }

    @Test
    void aLongChainIsVerifiedFromALaterHeightWithTheSameResult() {
        EngineSettings few = new EngineSettings(
                SETTINGS.timeouts(), SETTINGS.pace(), SETTINGS.pool(), SETTINGS.proposerRule(), 10_000, 3);
        assertThat(verify(few)).isEqualTo(verify());
    }

    /** A store that begins behind this height, with the blocks that follow. */
    private MemoryConsensusStore from(long height, MemoryConsensusStore whole, boolean withBlocks) {
        MemoryConsensusStore later = new MemoryConsensusStore();
        later.open(genesis);
        Header header = block(height).block().header();
        later.install(new ConsensusStore.Snapshot(
                new CertifiedHeader(header, block(height).certificate()),
                List.of(
                        whole.validators(header.validatorsHash()).orElseThrow(),
                        whole.validators(header.nextValidatorsHash()).orElseThrow()),
                whole.state()));
        for (long next = height + 1; withBlocks && next <= whole.height(); next++) {
            later.commit(
                    block(next),
                    List.of(),
                    whole.validators(block(next).block().header().nextValidatorsHash())
                            .orElseThrow());
        }
        return later;
    }

    @Test
    void aStoreThatBeginsLaterIsVerifiedFromItsBaseWithTheSameResult() {
        StoredChain.Tip tip = verify();
        MemoryConsensusStore whole = store;
        for (long height = 1; height < whole.height(); height++) {
            store = whole;
            store = from(height, whole, true);
            assertThat(verify()).isEqualTo(tip);
        }
        store = whole;
        store = from(whole.height(), whole, false);
        assertThat(verify()).isEqualTo(tip);
    }

    @Test
    void refusesABaseThatIsNotCertifiedOrOfAnotherChain() {
        MemoryConsensusStore whole = store;
        long last = whole.height();
        Header header = block(last).block().header();
        Header changed = with(header, header.epoch(), header.timeMillis() + 1, header.parent());
        for (CertifiedHeader bad : List.of(
                new CertifiedHeader(changed, block(last).certificate()),
                new CertifiedHeader(header, block(last - 1).certificate()))) {
            store = new MemoryConsensusStore();
            store.install(new ConsensusStore.Snapshot(
                    bad,
                    List.of(
                            whole.validators(header.validatorsHash()).orElseThrow(),
                            whole.validators(header.nextValidatorsHash()).orElseThrow()),
                    whole.state()));
            assertThatThrownBy(this::verify)
                    .hasMessageContaining("height " + last)
                    .hasMessageContaining("certificate");
        }
    }

    @Test
    void refusesASnapshotWithAnotherStateThanItsHeaders() {
        store = from(store.height(), store, false);
        store.write(Bytes.utf8("stray"), Bytes.utf8("value"));
        assertThatThrownBy(this::verify).hasMessageContaining("another root");
    }

    @Test
    void refusesAMissingHeight() {
        store.remove(4);
        assertThatThrownBy(this::verify).hasMessageContaining("height 4").hasMessageContaining("missing");
    }

    @Test
    void refusesABrokenHashChain() {
        replaceHeader(3, header -> with(header, header.epoch(), header.timeMillis(), Bytes.zeros(32)));
        assertThatThrownBy(this::verify).hasMessageContaining("height 3").hasMessageContaining("follow");
    }

    @Test
    void refusesAnotherEpochOrATimeThatDoesNotRise() {
        replaceHeader(3, header -> with(header, 1, header.timeMillis(), header.parent()));
        assertThatThrownBy(this::verify).hasMessageContaining("height 3").hasMessageContaining("epoch");
        replaceHeader(3, header -> with(header, 0, 0, header.parent()));
        assertThatThrownBy(this::verify).hasMessageContaining("height 3").hasMessageContaining("later");
    }

    @Test
    void refusesACertificateOfTooFewOrOfAnotherBlock() {
        CertifiedBlock old = block(5);
        Certificate few = new Certificate(
                5,
                old.certificate().round(),
                old.block().id(),
                old.certificate().signatures().subList(0, 2));
        store.replace(new CertifiedBlock(old.block(), few));
        assertThatThrownBy(this::verify).hasMessageContaining("height 5").hasMessageContaining("NO_QUORUM");
        store.replace(new CertifiedBlock(old.block(), block(6).certificate()));
        assertThatThrownBy(this::verify).hasMessageContaining("height 5");
    }

    @Test
    void refusesAStateWithAnotherRootThanTheLastHeader() {
        store.write(Bytes.utf8("stray"), Bytes.utf8("value"));
        assertThatThrownBy(this::verify).hasMessageContaining("another root");
    }

    @Test
    void refusesAnotherGenesis() {
        Genesis other = TestApplication.genesis("other", genesis.validators());
        assertThatThrownBy(() ->
                        new StoredChain(store, other, SETTINGS, TestKeys.CHECK).verifyAndRestore(new TestApplication()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(List.of(genesis.id(), other.id())).doesNotHaveDuplicates();
    }
}
