package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.Opening;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.TestStatements;
import io.cloister.consensus.store.ConsensusStore;
import io.cloister.consensus.store.MemoryConsensusStore;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is verified before a node builds on its disk; the chain is made by hand. */
class StoredChainTest {
    private static final EngineSettings SETTINGS = EngineSettings.DEFAULT;

    private final Genesis genesis = TestApplication.genesis("stored", TestKeys.validators(List.of(1L, 1L, 1L, 1L)));
    private final TestChain chain = new TestChain(genesis);
    private MemoryConsensusStore store = new MemoryConsensusStore();

    @BeforeEach
    void makeAChain() {
        store.open(genesis);
        for (int i = 1; i <= 10; i++) {
            add(i == 4 ? TestApplication.rekey(2, TestKeys.voteKey(1, 2), 2) : "tx " + i);
        }
    }

    private StoreTail.Entry add(String... transactions) {
        StoreTail.Entry entry = chain.next(transactions);
        store.commit(entry.block(), entry.changes(), entry.nextValidators());
        return entry;
    }

    /** Slots 1 to 3 have booted and open an epoch on top of the last block. */
    private Opening opening(long recovery) {
        Optional<CertifiedHeader> base = Optional.of(block(store.height()).header());
        return TestStatements.opening(
                4,
                TestStatements.statement("stored", recovery, 0, 5, base, Optional.empty()),
                TestStatements.statement("stored", recovery, 1, 5, base, Optional.empty()),
                TestStatements.statement("stored", recovery, 2, 5, base, Optional.empty()));
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
                new Block(
                        change.apply(old.block().header()),
                        old.block().lastCommit(),
                        old.block().opening(),
                        old.block().batches()),
                old.certificate()));
    }

    private static Header with(Header header, long epoch, long time, Bytes parent) {
        return new Header(
                header.chainId(),
                epoch,
                header.height(),
                header.round(),
                time,
                parent,
                header.commitHash(),
                header.openingHash(),
                header.transactionsRoot(),
                header.receiptsRoot(),
                header.stateRoot(),
                header.validatorsHash(),
                header.nextValidatorsHash(),
                header.absent(),
                header.proposer());
    }

    @Test
    void acceptsWhatTheNodeWrote() {
        StoredChain.Tip tip = verify();
        assertThat(tip.epoch()).isZero();
        assertThat(tip.parent().height()).isEqualTo(store.height());
        assertThat(tip.parent().id()).isEqualTo(block(store.height()).block().id());
        assertThat(tip.named().bySlot(2).orElseThrow().bootCounter()).isEqualTo(2);
        assertThat(tip.named()).isEqualTo(chain.named());
    }

    @Test
    void aLongChainIsVerifiedFromALaterHeightWithTheSameResult() {
        EngineSettings few = new EngineSettings(
                SETTINGS.timeouts(), SETTINGS.pace(), SETTINGS.snapshots(), SETTINGS.pool(), SETTINGS.timeliness(), 3);
        assertThat(verify(few)).isEqualTo(verify());
    }

    /** A store that begins behind this height, with the blocks that follow. */
    private MemoryConsensusStore from(long height, MemoryConsensusStore whole, boolean withBlocks) {
        MemoryConsensusStore later = new MemoryConsensusStore();
        later.open(genesis);
        Header header = block(height).block().header();
        later.install(new ConsensusStore.Snapshot(
                block(height).header(),
                List.of(
                        whole.validators(header.validatorsHash()).orElseThrow(),
                        whole.validators(header.nextValidatorsHash()).orElseThrow()),
                List.of(),
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
                new CertifiedHeader(changed, block(last).certificate(), List.of()),
                new CertifiedHeader(header, block(last - 1).certificate(), List.of()))) {
            store = new MemoryConsensusStore();
            store.install(new ConsensusStore.Snapshot(
                    bad,
                    List.of(
                            whole.validators(header.validatorsHash()).orElseThrow(),
                            whole.validators(header.nextValidatorsHash()).orElseThrow()),
                    List.of(),
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
    void followsAnEpochThatItsFirstBlockOpens() {
        chain.open(opening(3));
        add("first of the epoch");
        add("second");
        StoredChain.Tip tip = verify();
        assertThat(tip.epoch()).isEqualTo(3);
        assertThat(tip.named()).isEqualTo(chain.named());
        assertThat(tip.named().bySlot(1).orElseThrow().voteKey()).isEqualTo(TestKeys.voteKey(0, 5));
        assertThat(tip.named().bySlot(4).orElseThrow().voteKey()).isEqualTo(TestKeys.voteKey(3));
        for (int verified = 1; verified <= 4; verified++) {
            EngineSettings few = new EngineSettings(
                    SETTINGS.timeouts(),
                    SETTINGS.pace(),
                    SETTINGS.snapshots(),
                    SETTINGS.pool(),
                    SETTINGS.timeliness(),
                    verified);
            assertThat(verify(few)).isEqualTo(tip);
        }
    }

    @Test
    void refusesAnEpochWhoseOpeningIsNotOfAQuorum() {
        Opening good = opening(3);
        Opening few = TestStatements.opening(
                4, good.statements().get(0), good.statements().get(1));
        chain.open(few);
        add("first of the epoch");
        assertThatThrownBy(this::verify).hasMessageContaining("height 11").hasMessageContaining("epoch");
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
                0,
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
