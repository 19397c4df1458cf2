package io.cloister.vault.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.vault.ColumnType;
import io.cloister.vault.Level;
import io.cloister.vault.Schema;
import io.cloister.vault.TableSpec;
import io.cloister.vault.TamperedException;
import io.cloister.vault.TestDatabase;
import io.cloister.vault.VaultException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the registry knows of tables that are emptied and partitions that are dropped. */
class PartitionsTest {
    private static final TableSpec EVENT = TableSpec.named("test_event", Level.STATE)
            .key("height", ColumnType.LONG)
            .sealed("body")
            .partitioned()
            .build();
    private static final Schema SCHEMA = Schema.VAULT.plus(Schema.of(EVENT));
    private static final String COLUMNS =
            "height bigint PRIMARY KEY, version bigint NOT NULL, key_epoch integer NOT NULL, tag bytea NOT NULL,"
                    + " body bytea NOT NULL";

    private final TestDatabase database = TestDatabase.fresh();
    private Vault vault;

    @BeforeEach
    void open() {
        database.execute("CREATE TABLE test_event (" + COLUMNS + ") PARTITION BY RANGE (height)");
        vault = database.openAll(SCHEMA, new TestDatabase.Peers());
        vault.inTransaction(connection -> {
            for (int from = 0; from < 30; from += 10) {
                Partitions.make(connection, EVENT, from, from + 10);
                Partitions.make(connection, EVENT, from, from + 10);
            }
            return true;
        });
        Changes changes = vault.changes();
        for (long height = 1; height < 30; height++) {
            changes.insert(EVENT, height, Bytes.utf8("body " + height));
        }
        write(changes);
    }

    @AfterEach
    void close() {
        vault.close();
    }

    private void write(Changes changes) {
        vault.inTransaction(connection -> {
            changes.write(connection);
            return changes;
        });
    }

    private List<Long> load() {
        List<Long> heights = new ArrayList<>();
        vault.inSnapshot(connection -> {
            vault.table(EVENT).load(connection, row -> heights.add(row.number("height")));
            return heights;
        });
        return heights;
    }

    @Test
    void aDroppedPartitionIsNoDifference() {
        write(vault.changes().drop(EVENT, 0));
        assertThat(load()).hasSize(20).doesNotContain(9L).contains(10L);
        vault.inSnapshot(connection -> {
            assertThat(Partitions.of(connection, EVENT)).containsExactly(10L, 20L);
            SchemaWalk.check(connection, SCHEMA);
            return true;
        });
    }

    @Test
    void dropsAndChangesGoTogetherOrNotAtAll() {
        assertThatThrownBy(() -> vault.inTransaction(connection -> {
                    vault.changes()
                            .drop(EVENT, 0)
                            .put(EVENT, 15L, Bytes.utf8("changed"))
                            .write(connection);
                    throw new VaultException("a crash");
                }))
                .hasMessageContaining("a crash");
        assertThat(load()).hasSize(29);
        write(vault.changes().drop(EVENT, 0).put(EVENT, 15L, Bytes.utf8("changed")));
        assertThat(load()).hasSize(20);
    }

    @Test
    void aPartitionThatSomebodyElseDroppedIsMissed() {
        database.execute("DROP TABLE test_event_from_0");
        assertThatThrownBy(this::load).isInstanceOf(TamperedException.class).hasMessageContaining("test_event");
    }

    @Test
    void aDroppedPartitionThatIsPutBackIsNoticed() {
        database.execute("CREATE TABLE kept AS SELECT * FROM test_event WHERE height < 10");
        write(vault.changes().drop(EVENT, 0));
        database.execute("CREATE TABLE test_event_from_0 PARTITION OF test_event FOR VALUES FROM (0) TO (10);"
                + " INSERT INTO test_event (height, version, key_epoch, tag, body)"
                + " SELECT height, version, key_epoch, tag, body FROM kept; DROP TABLE kept");
        assertThatThrownBy(this::load).isInstanceOf(TamperedException.class);
    }

    @Test
    void aRowThatWasDeletedOrPutBackBeforeTheDropIsStillMissed() {
        database.execute("DELETE FROM test_event WHERE height = 3");
        write(vault.changes().drop(EVENT, 0));
        assertThatThrownBy(this::load)
                .isInstanceOf(TamperedException.class)
                .hasMessageContaining("version 1 is missing");
    }

    @Test
    void aChangedTagIsRefusedOrMissedAtTheDrop() {
        database.execute("UPDATE test_event SET tag = set_byte(tag, 20, get_byte(tag, 20) # 1) WHERE height = 3");
        write(vault.changes().drop(EVENT, 0));
        assertThatThrownBy(this::load).isInstanceOf(TamperedException.class);
    }

    @Test
    void anEmptiedTableCanBeFilledAnew() {
        write(vault.changes().empty(EVENT).insert(EVENT, 3L, Bytes.utf8("new")));
        assertThat(load()).containsExactly(3L);
        write(vault.changes().put(EVENT, 3L, Bytes.utf8("newer")).put(EVENT, 4L, Bytes.utf8("new")));
        assertThat(load()).containsExactly(3L, 4L);
        write(vault.changes().empty(EVENT));
        assertThat(load()).isEmpty();
    }

    @Test
    void theSchemaMayHaveNoOtherPartitionsThanNamedOnes() {
        database.execute("CREATE TABLE strange PARTITION OF test_event FOR VALUES FROM (100) TO (110);"
                + " CREATE TABLE test_event_from_200 PARTITION OF test_event FOR VALUES FROM (200) TO (210)"
                + " PARTITION BY RANGE (height); CREATE TABLE test_event_from_300 (a int)");
        vault.inSnapshot(connection -> {
            assertThat(SchemaWalk.findings(connection, SCHEMA))
                    .containsOnly(
                            "table strange is not declared",
                            "test_event_from_200 is a partitioned table, not a table",
                            "table test_event_from_300 is not declared");
            return true;
        });
    }

    @Test
    void aDeclaredPartitionedTableMustBeOne() {
        TableSpec plain = TableSpec.named("test_event", Level.STATE)
                .key("height", ColumnType.LONG)
                .sealed("body")
                .build();
        vault.inSnapshot(connection -> {
            assertThat(SchemaWalk.findings(connection, Schema.VAULT.plus(Schema.of(plain))))
                    .contains("test_event is a partitioned table, not a table");
            return true;
        });
        assertThatThrownBy(() -> TableSpec.named("a", Level.STATE)
                        .key("k", ColumnType.TEXT)
                        .partitioned()
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
