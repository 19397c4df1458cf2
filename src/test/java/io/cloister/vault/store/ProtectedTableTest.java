package io.cloister.vault.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.vault.ColumnType;
import io.cloister.vault.ConflictException;
import io.cloister.vault.Level;
import io.cloister.vault.Schema;
import io.cloister.vault.TableSpec;
import io.cloister.vault.TestDatabase;
import io.cloister.vault.VaultException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProtectedTableTest {
    static final TableSpec BLOCK = TableSpec.named("test_block", Level.STATE)
            .key("height", ColumnType.LONG)
            .authenticated("header", ColumnType.BYTES)
            .authenticated("round", ColumnType.INT)
            .authenticated("note", ColumnType.TEXT)
            .authenticated("final", ColumnType.BOOL)
            .sealed("body")
            .build();
    static final TableSpec STATE = TableSpec.named("test_state", Level.STATE)
            .key("key", ColumnType.BYTES)
            .sealed("value")
            .build();
    static final TableSpec PAIR = TableSpec.named("test_pair", Level.STATE)
            .key("left_id", ColumnType.TEXT)
            .key("right_id", ColumnType.INT)
            .sealed("one")
            .sealed("two")
            .build();
    static final Schema SCHEMA = Schema.VAULT.plus(Schema.of(BLOCK, STATE, PAIR));
    static final String COMMON = "version bigint NOT NULL, key_epoch integer NOT NULL, tag bytea NOT NULL";
    static final String DDL = "CREATE TABLE test_block (height bigint PRIMARY KEY, header bytea NOT NULL, round integer"
            + " NOT NULL, note text NOT NULL, final boolean NOT NULL, body bytea NOT NULL, " + COMMON + ");"
            + "CREATE TABLE test_state (key bytea PRIMARY KEY, value bytea NOT NULL, " + COMMON + ");"
            + "CREATE TABLE test_pair (left_id text NOT NULL, right_id integer NOT NULL, one bytea NOT NULL,"
            + " two bytea NOT NULL, " + COMMON + ", PRIMARY KEY (left_id, right_id))";

    private TestDatabase database;
    private final TestDatabase.Peers peers = new TestDatabase.Peers();
    private Vault vault;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
        database.execute(DDL);
        vault = database.openAll(SCHEMA, peers);
    }

    @AfterEach
    void close() {
        vault.close();
    }

    private static Bytes bytes(String text) {
        return Bytes.utf8(text);
    }

    private void write(Changes changes) {
        vault.inTransaction(connection -> {
            changes.write(connection);
            return changes;
        });
    }

    private Map<Bytes, String> state() {
        TreeMap<Bytes, String> found = new TreeMap<>();
        vault.inSnapshot(connection -> {
            vault.table(STATE)
                    .load(
                            connection,
                            row -> found.put(
                                    row.bytes("key"), row.bytes("value").asUtf8() + "@" + row.version()));
            return found;
        });
        return found;
    }

    @Test
    void writesBlockAndHundredsOfStateRowsInOneTransaction() {
        Changes first = vault.changes().insert(BLOCK, 1L, bytes("header"), 7, "note", true, bytes("body"));
        for (int i = 0; i < 500; i++) {
            first.put(STATE, bytes("key-" + i), bytes("value-" + i));
        }
        write(first);
        Changes second = vault.changes().insert(BLOCK, 2L, bytes("header two"), 8, "", false, Bytes.EMPTY);
        for (int i = 400; i < 600; i++) {
            second.put(STATE, bytes("key-" + i), bytes("changed-" + i));
        }
        for (int i = 0; i < 50; i++) {
            second.delete(STATE, bytes("key-" + i));
        }
        write(second);

        Map<Bytes, String> state = state();
        assertThat(state).hasSize(550).doesNotContainKey(bytes("key-3"));
        assertThat(state.get(bytes("key-60"))).isEqualTo("value-60@1");
        assertThat(state.get(bytes("key-450"))).isEqualTo("changed-450@2");
        assertThat(state.get(bytes("key-599"))).isEqualTo("changed-599@1");
        LoadedRow block = vault.inSnapshot(connection -> vault.table(BLOCK).find(connection, 1L))
                .orElseThrow();
        assertThat(block.bytes("header")).isEqualTo(bytes("header"));
        assertThat(block.integer("round")).isEqualTo(7);
        assertThat(block.text("note")).isEqualTo("note");
        assertThat(block.truth("final")).isTrue();
        assertThat(block.number("height")).isEqualTo(1);
        assertThat(block.bytes("body")).isEqualTo(bytes("body"));
        vault.verify(Level.STATE);
    }

    @Test
    void survivesRollbackAndReopening() {
        write(vault.changes().put(STATE, bytes("a"), bytes("1")));
        assertThatThrownBy(() -> vault.inTransaction(connection -> {
                    vault.changes().put(STATE, bytes("a"), bytes("2")).write(connection);
                    throw new IllegalStateException("the caller changed its mind");
                }))
                .isInstanceOf(IllegalStateException.class);
        write(vault.changes().put(STATE, bytes("b"), bytes("3")));
        vault.close();
        vault = database.openAll(SCHEMA, peers);
        assertThat(state()).containsEntry(bytes("a"), "1@1").containsEntry(bytes("b"), "3@1");
    }

    @Test
    void refusesToInsertARowThatExists() {
        write(vault.changes().insert(STATE, bytes("a"), bytes("1")));
        assertThatThrownBy(() -> write(vault.changes().insert(STATE, bytes("a"), bytes("2"))))
                .isInstanceOf(ConflictException.class);
        assertThat(state()).containsEntry(bytes("a"), "1@1");
    }

    @Test
    void keepsCompositeKeysAndSeveralSealedColumns() {
        write(vault.changes()
                .put(PAIR, "l", 1, bytes("one"), bytes("two"))
                .put(PAIR, "l", 2, bytes("drei"), bytes("vier")));
        write(vault.changes().put(PAIR, "l", 2, bytes("three"), bytes("four")).delete(PAIR, "l", 1));
        LoadedRow row = vault.inSnapshot(connection -> vault.table(PAIR).find(connection, "l", 2))
                .orElseThrow();
        assertThat(row.bytes("one")).isEqualTo(bytes("three"));
        assertThat(row.version()).isEqualTo(2);
        boolean gone = vault.inSnapshot(
                connection -> vault.table(PAIR).find(connection, "l", 1).isEmpty());
        assertThat(gone).isTrue();
        vault.verify(Level.STATE);
    }

    @Test
    void twoWritersOfDifferentRowsBothSucceed() throws Exception {
        try (var one = database.source().getConnection();
                var two = database.source().getConnection()) {
            one.setAutoCommit(false);
            two.setAutoCommit(false);
            vault.changes().put(STATE, bytes("a"), bytes("1")).write(one);
            Thread second = Thread.ofVirtual().start(() -> {
                try {
                    vault.changes().put(STATE, bytes("b"), bytes("2")).write(two);
                    two.commit();
                } catch (java.sql.SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            one.commit();
            second.join();
        }
        assertThat(state()).hasSize(2);
    }

    @Test
    void aWriterInATransactionAndANewKeyEpochDoNotWaitForEachOther() throws Exception {
        try (var connection = database.source().getConnection()) {
            connection.setAutoCommit(false);
            vault.changes().put(STATE, bytes("a"), bytes("1")).write(connection);
            Thread other = Thread.ofVirtual().start(() -> vault.newKeyEpoch(Level.STATE));
            while (!database.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                            + " AND datname = current_database()")
                    .equals("1")) {
                Thread.sleep(5);
            }
            // The other thread holds the vault's monitor and waits for our registry row.
            vault.changes().put(STATE, bytes("b"), bytes("2")).write(connection);
            connection.commit();
            other.join();
        }
        write(vault.changes().put(STATE, bytes("c"), bytes("3")));
        assertThat(state()).hasSize(3);
        assertThat(database.value("SELECT key_epoch FROM test_state WHERE key = 'c'"))
                .isEqualTo("2");
    }

    @Test
    void secondWriterOfTheSameRowIsTurnedAway() throws Exception {
        write(vault.changes().put(STATE, bytes("a"), bytes("0")));
        try (var one = database.source().getConnection()) {
            one.setAutoCommit(false);
            one.setTransactionIsolation(java.sql.Connection.TRANSACTION_REPEATABLE_READ);
            assertThat(vault.table(STATE).find(one, bytes("a"))).isPresent();
            write(vault.changes().put(STATE, bytes("a"), bytes("1")));
            assertThatThrownBy(() ->
                            vault.changes().put(STATE, bytes("a"), bytes("2")).write(one))
                    .isInstanceOf(ConflictException.class);
            one.rollback();
        }
        assertThat(state()).containsEntry(bytes("a"), "1@2");
    }

    @Test
    void refusesWrongUse() {
        assertThatThrownBy(() -> vault.changes().put(STATE, bytes("a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 columns");
        assertThatThrownBy(() -> vault.changes().put(STATE, bytes("a"), "text"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takes a Bytes");
        assertThatThrownBy(
                        () -> vault.changes().put(STATE, bytes("a"), bytes("1")).delete(STATE, bytes("a")))
                .isInstanceOf(IllegalStateException.class);
        TableSpec stranger = TableSpec.named("stranger", Level.STATE)
                .key("key", ColumnType.BYTES)
                .build();
        assertThatThrownBy(() -> vault.changes().put(stranger, bytes("a"))).isInstanceOf(VaultException.class);
        assertThatThrownBy(() -> vault.changes().put(Schema.JOURNAL_HEAD, "a", 1L, bytes(""), 1L, bytes("")))
                .isInstanceOf(VaultException.class);
        try (var connection = database.source().getConnection()) {
            assertThatThrownBy(() ->
                            vault.changes().put(STATE, bytes("a"), bytes("1")).write(connection))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> vault.table(STATE).verify(connection)).isInstanceOf(IllegalStateException.class);
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void keepsLargeRowsAndNewKeyEpochs() {
        Bytes large = Bytes.zeros(5 << 20);
        write(vault.changes()
                .insert(BLOCK, 1L, bytes("h"), 0, "", false, large)
                .insert(BLOCK, 2L, bytes("h"), 0, "", false, large)
                .insert(BLOCK, 3L, bytes("h"), 0, "", false, large)
                .insert(BLOCK, 4L, bytes("h"), 0, "", false, large)
                .put(STATE, bytes("old"), bytes("1")));
        vault.newKeyEpoch(Level.STATE);
        write(vault.changes().put(STATE, bytes("new"), bytes("2")));
        assertThat(database.value("SELECT key_epoch FROM test_state WHERE key = 'old'"))
                .isEqualTo("1");
        assertThat(database.value("SELECT key_epoch FROM test_state WHERE key = 'new'"))
                .isEqualTo("2");
        vault.verify(Level.STATE);
        assertThat(vault.inSnapshot(connection -> vault.table(BLOCK).find(connection, 3L))
                        .orElseThrow()
                        .bytes("body"))
                .isEqualTo(large);
    }
}
