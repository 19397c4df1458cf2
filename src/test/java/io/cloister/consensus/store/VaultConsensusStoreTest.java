package io.cloister.consensus.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.Change;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Outline;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.TestStatements;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
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
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The chain in a real PostgreSQL under a real vault. */
class VaultConsensusStoreTest {
    private static final ValidatorSet VALIDATORS = TestKeys.validators(Collections.nCopies(4, 1L));
    private static final Bytes SECRET = Bytes.utf8("recipient ltc1qsecretsecret");
    private static final Bytes KEY = Bytes.utf8("key gateway of ltc1qsecretsecret");
    private static final Genesis GENESIS = new Genesis(
            "store-test", 0, 1_000, VALIDATORS, new TreeMap<>(Map.of(Bytes.utf8("first"), Bytes.utf8("1"))));

    private final TestChainDatabase database = TestChainDatabase.fresh(TestKeys.nodeId(0));
    private Vault vault = database.open();
    private VaultConsensusStore store = new VaultConsensusStore(vault);

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
        store = new VaultConsensusStore(vault);
        store.open(GENESIS);
    }

    private static ValidatorSet secondBoot() {
        List<Validator> changed = new ArrayList<>(VALIDATORS.validators());
        Validator old = changed.getFirst();
        changed.set(0, new Validator(old.slot(), old.nodeId(), old.voteKey(), old.weight(), 2));
        return new ValidatorSet(changed);
    }

    private CertifiedBlock next(ValidatorSet following, Bytes... transactions) {
        return next(Optional.empty(), following, transactions);
    }

    private CertifiedBlock next(Optional<Opening> opening, ValidatorSet following, Bytes... transactions) {
        long height = store.height() + 1;
        Bytes parent = height == 1
                ? GENESIS.id()
                : store.block(height - 1).orElseThrow().block().id();
        List<Batch> batches = List.of(new Batch(List.of(transactions)));
        Header header = new Header(
                "store-test",
                0,
                height,
                0,
                1_000 + height,
                parent,
                Header.NONE,
                Outline.openingHash(opening),
                Outline.transactionsRoot(batches.stream().map(Batch::digest).toList()),
                Bytes.zeros(32),
                Hashes.sha256(Bytes.utf8("state " + height)),
                opening.isPresent() ? following.hash() : VALIDATORS.hash(),
                following.hash(),
                List.of(),
                TestKeys.nodeId(1));
        Block block = new Block(header, Optional.empty(), opening, batches);
        return new CertifiedBlock(
                block, new Certificate(0, height, 0, block.id(), List.of(new CommitSignature(2, Bytes.zeros(65)))));
    }

    private CertifiedBlock commit(Bytes transaction, Change... changes) {
        CertifiedBlock block = next(VALIDATORS, transaction);
        store.commit(block, List.of(changes), VALIDATORS);
        return block;
    }

    private static Change put(Bytes key, Bytes value) {
        return new Change(key, Optional.of(value));
    }

    @Test
    void beginsWithTheGenesis() {
        assertThat(store.height()).isZero();
        assertThat(store.state()).isEqualTo(GENESIS.state());
        assertThat(store.validators(VALIDATORS.hash())).contains(VALIDATORS);
        assertThat(store.block(1)).isEmpty();
        assertThat(store.headers(1, 10)).isEmpty();
    }

    @Test
    void readsBackAfterReopening() {
        CertifiedBlock first = commit(SECRET, put(KEY, SECRET), put(Bytes.utf8("gone"), Bytes.utf8("x")));
        CertifiedBlock second = next(secondBoot(), Bytes.utf8("two"), Bytes.utf8("three"));
        store.commit(
                second,
                List.of(put(KEY, Bytes.utf8("changed")), new Change(Bytes.utf8("gone"), Optional.empty())),
                secondBoot());
        reopen();
        assertThat(store.height()).isEqualTo(2);
        assertThat(store.block(1)).contains(first);
        assertThat(store.block(2)).contains(second);
        assertThat(store.headers(1, 1)).containsExactly(first.header());
        assertThat(store.headers(1, 9)).hasSize(2);
        assertThat(store.validators(secondBoot().hash())).contains(secondBoot());
        assertThat(store.state())
                .isEqualTo(new TreeMap<>(Map.of(Bytes.utf8("first"), Bytes.utf8("1"), KEY, Bytes.utf8("changed"))));
    }

    @Test
    void readsBackTheKeysOfTheEpochThatDecidedABlockAgain() {
        CertifiedBlock plain = next(VALIDATORS, Bytes.utf8("one"));
        Certificate later =
                new Certificate(7, 1, 2, plain.block().id(), plain.certificate().signatures());
        KeyClaim claim = TestStatements.statement("store-test", 7, 1, 2, Optional.empty(), Optional.empty())
                .claim();
        CertifiedBlock again = new CertifiedBlock(plain.block(), later, List.of(claim));
        store.commit(again, List.of(), VALIDATORS);
        reopen();
        assertThat(store.block(1)).contains(again);
        assertThat(store.headers(1, 1)).containsExactly(again.header());
    }

    @Test
    void keepsTheSetOfAnOpeningThatStaysInForce() {
        ValidatorSet opened = secondBoot(); // the block names it as its own and as the next one
        Opening opening = TestStatements.opening(
                4, TestStatements.statement("store-test", 2, 0, 2, Optional.empty(), Optional.empty()));
        CertifiedBlock block = next(Optional.of(opening), opened, Bytes.utf8("first of an epoch"));
        store.commit(block, List.of(), opened);
        reopen();
        assertThat(store.validators(opened.hash())).contains(opened);
    }

    @Test
    void writesABlockWithAllItsChangesOrNothing() {
        commit(SECRET, put(KEY, SECRET));
        CertifiedBlock again = next(VALIDATORS, Bytes.utf8("x"));
        database.database().execute("ALTER TABLE app_state ADD CONSTRAINT small CHECK (length(entry) < 1000)");
        assertThatThrownBy(() -> store.commit(again, List.of(put(Bytes.utf8("large"), Bytes.zeros(2_000))), VALIDATORS))
                .isInstanceOf(RuntimeException.class);
        assertThat(store.height()).isEqualTo(1);
        reopen();
        assertThat(store.height()).isEqualTo(1);
        assertThat(store.state()).doesNotContainKey(Bytes.utf8("large"));
        store.commit(again, List.of(), VALIDATORS);
        assertThat(store.height()).isEqualTo(2);
    }

    @Test
    void refusesABlockThatDoesNotFollow() {
        commit(SECRET);
        CertifiedBlock second = next(VALIDATORS, SECRET);
        store.commit(second, List.of(), VALIDATORS);
        assertThatThrownBy(() -> store.commit(second, List.of(), VALIDATORS)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesAnotherGenesis() {
        vault.close();
        vault = database.open();
        Genesis other = new Genesis("store-test", 1, 1_000, VALIDATORS, GENESIS.state());
        assertThatThrownBy(() -> new VaultConsensusStore(vault).open(other))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("genesis");
    }

    @Test
    void keepsTransactionsAndStateSealed() {
        commit(SECRET, put(KEY, SECRET));
        String rows = database.database()
                .value(
                        "SELECT string_agg(encode(transactions, 'hex'), '') || "
                                + "(SELECT string_agg(encode(entry, 'hex') || encode(key_hash, 'hex'), '') FROM app_state) FROM block");
        assertThat(rows).doesNotContain(SECRET.toHex()).doesNotContain(KEY.toHex());
    }

    @Test
    void refusesADeletedLastBlock() {
        commit(SECRET);
        commit(Bytes.utf8("two"));
        database.database().execute("DELETE FROM block WHERE height = 2; DELETE FROM certificate WHERE height = 2");
        assertThatThrownBy(this::reopen)
                .isInstanceOfSatisfying(
                        TamperedException.class, e -> assertThat(e.getMessage()).contains("certificate"));
    }

    @Test
    void refusesAMissingBody() {
        commit(SECRET);
        commit(Bytes.utf8("two"));
        database.database().execute("DELETE FROM block WHERE height = 1");
        assertThatThrownBy(this::reopen).hasMessageContaining("gap");
    }

    @Test
    void refusesARestoredOldStateRow() {
        commit(SECRET, put(KEY, Bytes.utf8("old")));
        database.database().execute("CREATE TABLE saved AS SELECT * FROM app_state");
        commit(Bytes.utf8("two"), put(KEY, Bytes.utf8("new")));
        database.database().execute("DELETE FROM app_state; INSERT INTO app_state SELECT * FROM saved");
        assertThatThrownBy(() -> store.state()).isInstanceOf(TamperedException.class);
    }

    @Test
    void refusesAFlippedByteInEachColumn() {
        commit(SECRET, put(KEY, SECRET));
        Map<String, List<String>> columns = Map.of(
                "certificate", List.of("block_id", "header", "signatures", "tag"),
                "block", List.of("block_id", "transactions", "tag"),
                "app_state", List.of("entry", "tag"),
                "validator_set", List.of("validators", "tag"),
                "chain", List.of("genesis_id", "tag"));
        columns.forEach((table, names) -> names.forEach(column -> {
            String flip =
                    "UPDATE %s SET %s = set_byte(%s, 5, get_byte(%s, 5) # 1)".formatted(table, column, column, column);
            database.database().execute(flip);
            assertThatThrownBy(() -> vault.verify(Level.STATE))
                    .as("%s.%s", table, column)
                    .isInstanceOfSatisfying(
                            TamperedException.class,
                            e -> assertThat(e.getMessage()).contains(table));
            database.database().execute(flip);
        }));
        vault.verify(Level.STATE);
    }

    @Test
    void everyColumnIsDeclared() {
        vault.inSnapshot(connection -> {
            SchemaWalk.check(connection, Schema.VAULT.plus(ConsensusTables.SCHEMA));
            return true;
        });
    }

    @Test
    void aValueOfTheLargestKindFits() {
        Bytes large = new Writer().bytes(Bytes.zeros(200_000)).toBytes();
        commit(SECRET, put(Bytes.utf8("large"), large));
        assertThat(store.state()).containsEntry(Bytes.utf8("large"), large);
    }
}
