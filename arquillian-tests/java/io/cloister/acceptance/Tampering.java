package io.cloister.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cloister.acceptance.Operator.Victim;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.node.steps.NodeSchema;
import io.cloister.vault.ColumnSpec;
import io.cloister.vault.Journal;
import io.cloister.vault.Schema;
import io.cloister.vault.SealException;
import io.cloister.vault.TableSpec;
import io.cloister.vault.TamperedException;
import io.cloister.vault.store.Changes;
import io.cloister.vault.store.LoadedRow;
import io.cloister.vault.store.Vault;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Changes one thing at a time in a stopped node's database, and sees the boot refuse it with the row named. */
final class Tampering implements AutoCloseable {
    private static final List<TableSpec> TABLES = NodeSchema.ALL.tables();
    private static final int ENTRIES = 6;

    private final NodeDisk disk;
    private final NodeDisk peer;
    private final Operator operator;

    /** Takes old copies, has the vault change every table in a lawful way, and takes copies once more. */
    Tampering(NodeDisk disk, NodeDisk peer) throws SQLException {
        this.disk = disk;
        this.peer = peer;
        this.operator = new Operator(disk.connect());
        disk.boot(peer);
        fill();
        operator.copy(Operator.OLD, TABLES);
        rewriteEverything();
        operator.copy(Operator.LATEST, TABLES);
        disk.boot(peer);
    }

    /** Entries that a node has just forgotten. */
    private void fill() {
        try (Vault vault = disk.open(peer)) {
            Journal journal = vault.journal(NodeDisk.TABLE_JOURNAL);
            for (int i = 1; i <= ENTRIES; i++) {
                journal.append(i, Bytes.utf8("entry " + i));
            }
        }
    }

    private void rewriteEverything() {
        try (Vault vault = disk.open(peer)) {
            for (TableSpec table : TABLES) {
                if (table.registered()) {
                    Changes changes = vault.changes();
                    rowsOf(vault, table).forEach(row -> changes.put(table, values(table, row)));
                    write(vault, changes);
                }
            }
            try (SecretBytes seal = disk.seal()) {
                vault.rewrap(seal, vault.metadata());
            }
            Journal journal = vault.journal(NodeDisk.TABLE_JOURNAL);
            journal.truncateBefore(journal.last() - 2);
            journal.append(1, Bytes.utf8("one entry more"));
        }
    }

    private static void write(Vault vault, Changes changes) {
        vault.inTransaction(connection -> {
            changes.write(connection);
            return changes;
        });
    }

    private static List<LoadedRow> rowsOf(Vault vault, TableSpec table) {
        List<LoadedRow> rows = new ArrayList<>();
        vault.inSnapshot(connection -> {
            vault.table(table).load(connection, rows::add);
            return rows;
        });
        return rows;
    }

    private static Object[] values(TableSpec table, LoadedRow row) {
        return table.columns().stream()
                .map(column -> switch (column.type()) {
                    case BYTES -> row.bytes(column.name());
                    case TEXT -> row.text(column.name());
                    case LONG -> row.number(column.name());
                    case INT -> row.integer(column.name());
                    case BOOL -> row.truth(column.name());
                })
                .toArray();
    }

    /** A flipped bit in each column of each table. */
    int flips() {
        int done = 0;
        for (TableSpec table : TABLES) {
            Victim victim = one(table);
            for (ColumnSpec column : Operator.columns(table)) {
                boolean key = column.protection() == ColumnSpec.Protection.KEY;
                // A row with another key is a row that nobody wrote; it or the one that is missing now is named.
                refused(
                        victim + ", column " + column.name(),
                        table,
                        key ? List.of() : List.of(victim),
                        () -> operator.flip(victim, column));
                done++;
            }
        }
        return done;
    }

    /** Sealed values and tags exchanged between rows, sealed values between columns. */
    int swaps() {
        int done = 0;
        for (TableSpec table : TABLES) {
            List<Victim> rows = operator.rows(table, 2);
            List<String> sealed = table.columns().stream()
                    .filter(ColumnSpec::sealed)
                    .map(ColumnSpec::name)
                    .toList();
            if (rows.size() == 2) {
                List<String> columns = new ArrayList<>(sealed);
                columns.add("tag");
                for (String column : columns) {
                    refused(
                            "swapped " + column + " of " + rows,
                            table,
                            rows,
                            () -> operator.swapRows(rows.getFirst(), rows.getLast(), column));
                    done++;
                }
            }
            for (int i = 1; i < sealed.size(); i++) {
                String before = sealed.get(i - 1);
                String after = sealed.get(i);
                Victim victim = rows.getFirst();
                refused(
                        "swapped " + before + " and " + after + " of " + victim,
                        table,
                        List.of(victim),
                        () -> operator.swapColumns(victim, before, after));
                done++;
            }
        }
        return done;
    }

    int deletions() {
        for (TableSpec table : TABLES) {
            Victim victim = one(table);
            refused("deleted " + victim, table, List.of(victim), () -> operator.delete(victim));
        }
        return TABLES.size();
    }

    /**
     * An old row in the place of the latest; of the journal one that was forgotten since. An old head covers an entry
     * that was forgotten since, and this entry is what its journal then lacks.
     */
    int oldRows() {
        for (TableSpec table : TABLES) {
            Victim victim = table == Schema.JOURNAL ? forgotten() : one(table);
            List<Victim> named = table == Schema.JOURNAL_HEAD ? operator.gone(Schema.JOURNAL) : List.of(victim);
            TableSpec of = table == Schema.JOURNAL_HEAD ? Schema.JOURNAL : table;
            refused("old " + victim, of, named, () -> operator.putBack(victim), table);
        }
        return TABLES.size();
    }

    private Victim forgotten() {
        return operator.gone(Schema.JOURNAL).getFirst();
    }

    private Victim one(TableSpec table) {
        List<Victim> rows = operator.rows(table, 1);
        assertThat(rows).as("rows of " + table).hasSize(1);
        return rows.getFirst();
    }

    /** @param named of which one must be named; when there are none, the table suffices */
    private void refused(String what, TableSpec table, List<Victim> named, Runnable change) {
        refused(what, table, named, change, table);
    }

    private void refused(String what, TableSpec table, List<Victim> named, Runnable change, TableSpec changed) {
        change.run();
        Throwable refusal = catchThrowable(() -> disk.boot(peer));
        operator.undo(changed);
        assertThat(refusal).as(what).isInstanceOfAny(TamperedException.class, SealException.class);
        String message = String.valueOf(refusal.getMessage());
        assertThat(message).as(what).contains("table " + table.name() + ",");
        assertThat(named.isEmpty() || named.stream().anyMatch(victim -> victim.isNamedIn(message)))
                .as(what + " is refused with: " + message)
                .isTrue();
    }

    /** Everything has been undone and verifies. */
    void everythingHolds() {
        disk.boot(peer);
    }

    @Override
    public void close() throws SQLException {
        operator.forgetCopies();
        operator.close();
    }
}
