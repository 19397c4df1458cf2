package io.cloister.consensus.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Change;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.Outline;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.store.ConsensusStore.Snapshot;
import io.cloister.crypto.Hashes;
import io.cloister.vault.Level;
import io.cloister.vault.Schema;
import io.cloister.vault.TamperedException;
import io.cloister.vault.store.SchemaWalk;
import io.cloister.vault.store.Vault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store that does not begin with the first block: pruned by policy, or begun with a snapshot. */
class PrunedStoreTest {
    private static final ValidatorSet VALIDATORS = TestKeys.validators(Collections.nCopies(4, 1L));
    private static final Genesis GENESIS = new Genesis(
            "store-test", 0, 1_000, VALIDATORS, new TreeMap<>(Map.of(Bytes.utf8("first"), Bytes.utf8("1"))));
    private static final long SPAN = 4;

    private final TestChainDatabase database = TestChainDatabase.fresh(TestKeys.nodeId(0));
    private long keep = 6;
    private Vault vault = database.open();
    private VaultConsensusStore store = new VaultConsensusStore(vault, keep, SPAN);

    @BeforeEach
    void open() {
        store.open(GENESIS);
    }

    @AfterEach
    void close() {
        vault.close();
    }

    private void reopen() {
        vault.close();
        vault = database.open();
        vault.verify(Level.STATE);
        store = new VaultConsensusStore(vault, keep, SPAN);
        store.open(GENESIS);
    }

    private static ValidatorSet secondBoot() {
        List<Validator> changed = new ArrayList<>(VALIDATORS.validators());
        Validator old = changed.getFirst();
        changed.set(0, new Validator(old.slot(), old.nodeId(), old.voteKey(), old.weight(), 2));
        return new ValidatorSet(changed);
    }

    private static CertifiedBlock block(long height, Bytes parent, ValidatorSet following) {
        List<Batch> batches = List.of(new Batch(List.of(Bytes.utf8("transaction " + height))));
        Header header = new Header(
                "store-test",
                0,
                height,
                0,
                1_000 + height,
                parent,
                Header.NONE,
                Header.NONE,
                Outline.transactionsRoot(batches.stream().map(Batch::digest).toList()),
                Bytes.zeros(32),
                Hashes.sha256(Bytes.utf8("state " + height)),
                VALIDATORS.hash(),
                following.hash(),
                List.of(),
                TestKeys.nodeId(1));
        Block block = new Block(header, Optional.empty(), Optional.empty(), batches);
        return new CertifiedBlock(
                block, new Certificate(0, height, 0, block.id(), List.of(new CommitSignature(2, Bytes.zeros(65)))));
    }

    private static CertifiedHeader headerOf(CertifiedBlock block) {
        return block.header();
    }

    private List<CertifiedBlock> commit(int count) {
        List<CertifiedBlock> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long height = store.height() + 1;
            Bytes parent = store.headers(height - 1, 1).stream()
                    .findFirst()
                    .or(() -> store.beforeBase())
                    .map(it -> it.header().id())
                    .orElse(GENESIS.id());
            CertifiedBlock block = block(height, parent, VALIDATORS);
            store.commit(
                    block, List.of(new Change(Bytes.utf8("height"), Optional.of(Bytes.utf8("" + height)))), VALIDATORS);
            blocks.add(block);
        }
        return blocks;
    }

    private static Snapshot snapshot(long height) {
        CertifiedBlock last = block(height, Bytes.zeros(32), secondBoot());
        SortedMap<Bytes, Bytes> state = new TreeMap<>();
        for (int i = 0; i < 300; i++) {
            state.put(Bytes.utf8("key " + i), Bytes.utf8("value " + i));
        }
        List<HeaderLink> way = HeaderLink.change(last, secondBoot()).stream().toList();
        return new Snapshot(headerOf(last), List.of(VALIDATORS, secondBoot()), way, state);
    }

    private String partitions() {
        return database.database()
                .value("SELECT string_agg(relname::text, ' ' ORDER BY relname) FROM pg_class"
                        + " WHERE relispartition AND relkind = 'r'");
    }

    @Test
    void keepsAtLeastTheNewestBlocksAndDropsTheRestByPartitions() {
        List<CertifiedBlock> blocks = commit(12);
        assertThat(store.base()).isEqualTo(4);
        assertThat(store.beforeBase()).contains(headerOf(blocks.get(2)));
        commit(1);
        assertThat(store.base()).isEqualTo(8);
        assertThat(partitions()).isEqualTo("block_from_12 block_from_8 certificate_from_12 certificate_from_8");
        assertThat(store.height()).isEqualTo(13);
        assertThat(store.block(7)).isEmpty();
        assertThat(store.block(8)).contains(blocks.get(7));
        assertThat(store.headers(1, 100)).hasSize(6).startsWith(headerOf(blocks.get(7)));
        assertThat(store.beforeBase()).contains(headerOf(blocks.get(6)));
        reopen();
        assertThat(store.base()).isEqualTo(8);
        assertThat(store.height()).isEqualTo(13);
        assertThat(store.beforeBase()).contains(headerOf(blocks.get(6)));
        commit(20);
        assertThat(store.base()).isEqualTo(28);
        reopen();
        assertThat(store.height()).isEqualTo(33);
    }

    @Test
    void changesOfValidatorsStayWhenTheirBlocksAreDropped() {
        commit(1);
        Bytes parent = store.headers(1, 1).getFirst().header().id();
        CertifiedBlock change = block(2, parent, secondBoot());
        store.commit(change, List.of(), secondBoot());
        commit(18);
        assertThat(store.base()).isGreaterThan(2);
        for (int i = 0; i < 2; i++) {
            assertThat(store.change(1)).isEqualTo(HeaderLink.change(change, secondBoot()));
            assertThat(store.change(2)).isPresent();
            assertThat(store.change(3)).isEmpty();
            reopen();
        }
        store.install(snapshot(500));
        reopen();
        assertThat(store.change(1)).isEqualTo(HeaderLink.change(change, secondBoot()));
        assertThat(store.change(3))
                .hasValueSatisfying(it -> assertThat(it.height()).isEqualTo(500));
    }

    @Test
    void keepsEverythingUnlessToldOtherwise() {
        keep = Long.MAX_VALUE;
        reopen();
        commit(30);
        assertThat(store.base()).isEqualTo(1);
        assertThat(store.block(1)).isPresent();
        reopen();
        assertThat(store.beforeBase()).isEmpty();
    }

    @Test
    void theSchemaIsTheDeclaredOneWhateverWasDropped() {
        commit(20);
        vault.inSnapshot(connection -> {
            SchemaWalk.check(connection, Schema.VAULT.plus(ConsensusTables.SCHEMA));
            return true;
        });
    }

    @Test
    void missesWhatThePolicyDidNotDrop() {
        commit(13);
        for (String attack : List.of(
                "DROP TABLE block_from_8; DROP TABLE certificate_from_8",
                "DELETE FROM certificate WHERE height = 9",
                "DELETE FROM certificate WHERE height = 13; DELETE FROM block WHERE height = 13",
                "DELETE FROM chain_base",
                "UPDATE chain_base SET height = 9")) {
            refusedAfter(attack);
        }
    }

    @Test
    void missesABlockThatIsPutBackAfterItWasDropped() {
        commit(3);
        database.database()
                .execute("CREATE SCHEMA host; CREATE TABLE host.blocks AS SELECT * FROM block;"
                        + " CREATE TABLE host.certificates AS SELECT * FROM certificate");
        commit(10);
        refusedAfter("CREATE TABLE block_from_0 PARTITION OF block FOR VALUES FROM (0) TO (4);"
                + " INSERT INTO block SELECT * FROM host.blocks;"
                + " CREATE TABLE certificate_from_0 PARTITION OF certificate FOR VALUES FROM (0) TO (4);"
                + " INSERT INTO certificate SELECT * FROM host.certificates");
    }

    /** Runs what a host does in a copy of the database, which the store then refuses. */
    private void refusedAfter(String attack) {
        vault.close();
        TestChainDatabase copy = database.copy();
        copy.database().execute(attack);
        try (Vault changed = copy.open()) {
            assertThatThrownBy(() -> {
                        new VaultConsensusStore(changed, keep, SPAN).open(GENESIS);
                        changed.verify(Level.STATE);
                    })
                    .as(attack)
                    .isInstanceOfAny(TamperedException.class, IllegalStateException.class);
        }
        vault = database.open();
    }

    @Test
    void beginsWithASnapshotAndGoesOn() {
        Snapshot snapshot = snapshot(1_001);
        store.install(snapshot);
        for (int i = 0; i < 2; i++) {
            assertThat(store.height()).isEqualTo(1_001);
            assertThat(store.base()).isEqualTo(1_002);
            assertThat(store.beforeBase()).contains(snapshot.last());
            assertThat(store.state()).isEqualTo(snapshot.state());
            assertThat(store.validators(secondBoot().hash())).contains(secondBoot());
            assertThat(store.block(1_001)).isEmpty();
            assertThat(store.headers(1, 9)).isEmpty();
            reopen();
        }
        List<CertifiedBlock> blocks = commit(5);
        reopen();
        assertThat(store.height()).isEqualTo(1_006);
        assertThat(store.block(1_002)).contains(blocks.getFirst());
        assertThat(store.headers(1, 9)).hasSize(5);
        assertThat(store.state()).containsEntry(Bytes.utf8("height"), Bytes.utf8("1006"));
    }

    @Test
    void aSnapshotTakesThePlaceOfBlocksAndState() {
        commit(10);
        Snapshot snapshot = snapshot(500);
        store.install(snapshot);
        assertThat(store.block(10)).isEmpty();
        assertThat(store.state()).isEqualTo(snapshot.state());
        reopen();
        assertThat(store.headers(1, 100)).isEmpty();
        commit(3);
        store.install(snapshot(600));
        reopen();
        assertThat(store.base()).isEqualTo(601);
    }

    @Test
    void takesNoSnapshotThatIsNotAboveWhatItHas() {
        commit(10);
        for (long height : new long[] {1, 9, 10}) {
            assertThatThrownBy(() -> store.install(snapshot(height))).isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> new Snapshot(snapshot(11).last(), List.of(VALIDATORS), List.of(), new TreeMap<>()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(store.height()).isEqualTo(10);
    }

    @Test
    void aCrashInTheMiddleOfASnapshotLeavesTheOldState() {
        List<CertifiedBlock> blocks = commit(5);
        database.database().execute("ALTER TABLE chain_base ADD CONSTRAINT none CHECK (height < 100)");
        assertThatThrownBy(() -> store.install(snapshot(500))).isInstanceOf(RuntimeException.class);
        assertThat(store.height()).isEqualTo(5);
        reopen();
        assertThat(store.height()).isEqualTo(5);
        assertThat(store.block(5)).contains(blocks.get(4));
        assertThat(store.state()).hasSize(2);
        database.database().execute("ALTER TABLE chain_base DROP CONSTRAINT none");
        store.install(snapshot(500));
        reopen();
        assertThat(store.height()).isEqualTo(500);
    }

    @Test
    void aCrashBeforeThePartitionsAreMadeIsMadeUpForAtTheNextStart() {
        store.install(snapshot(500));
        database.database()
                .execute("DROP TABLE block_from_500; DROP TABLE block_from_504; DROP TABLE certificate_from_500");
        reopen();
        commit(9);
        assertThat(store.height()).isEqualTo(509);
    }
}
