package io.cloister.vault.store;

import io.cloister.codec.Bytes;
import io.cloister.vault.ConflictException;
import io.cloister.vault.Row;
import io.cloister.vault.RowDigest;
import io.cloister.vault.TableSpec;
import io.cloister.vault.TamperedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Changes of any number of rows in any number of protected tables, written in one go: for each table at most one
 * select, one insert, one update and one delete, and at the end one update of the registry. Tables can be emptied, and
 * partitions dropped, before the rows are changed. Values are given in the
 * order of the table's declaration, sealed ones in clear. Not thread-safe.
 *
 * <pre>
 * vault.changes()
 *      .insert(BLOCK, height, header, body)
 *      .put(STATE, key, value)
 *      .delete(STATE, otherKey)
 *      .write(connection);
 * connection.commit();
 * </pre>
 */
public final class Changes {
    /** Rows travel in statements of about this many bytes. */
    private static final long STATEMENT_BYTES = 16L << 20;

    private static final int FETCH = 5_000;

    private enum Act {
        INSERT,
        PUT,
        DELETE
    }

    private record Change(Act act, Bytes key, List<Object> values) {}

    private record Current(long version, Bytes tag) {}

    private final Vault vault;
    private final Map<String, Map<Bytes, Change>> tables = new TreeMap<>();
    private final Map<String, SortedSet<Long>> dropped = new TreeMap<>();
    private final Set<String> emptied = new TreeSet<>();
    private boolean written;

    Changes(Vault vault) {
        this.vault = vault;
    }

    /** A row that must not be there yet. */
    public Changes insert(TableSpec table, Object... values) {
        return add(table, Act.INSERT, keyOf(table, values), List.of(values));
    }

    /** A row that takes the place of the one with the same key, if there is one. */
    public Changes put(TableSpec table, Object... values) {
        return add(table, Act.PUT, keyOf(table, values), List.of(values));
    }

    /** Removes the row with this key, if there is one. */
    public Changes delete(TableSpec table, Object... key) {
        return add(table, Act.DELETE, List.of(key), List.of(key));
    }

    /** Removes every row, before any other change of the table. */
    public Changes empty(TableSpec table) {
        vault.requireDeclared(table);
        tables.computeIfAbsent(table.name(), name -> new LinkedHashMap<>());
        emptied.add(table.name());
        return this;
    }

    /**
     * Drops the partition that begins with this key, with every row in it. Who loads or verifies the table at the same
     * time may find the registry of before and the rows of after, and refuse them.
     */
    public Changes drop(TableSpec table, long from) {
        vault.requireDeclared(table);
        Partitions.name(table, from);
        tables.computeIfAbsent(table.name(), name -> new LinkedHashMap<>());
        dropped.computeIfAbsent(table.name(), name -> new TreeSet<>()).add(from);
        return this;
    }

    /**
     * Writes rows and registry; once. The caller commits or, on any exception, rolls back.
     *
     * @param connection in a transaction
     * @throws ConflictException when a row to insert exists, or another transaction was faster
     */
    public void write(Connection connection) {
        if (written) {
            throw new IllegalStateException("these changes were written already");
        }
        written = true;
        try {
            if (connection.getAutoCommit()) {
                throw new IllegalStateException("changes need a transaction, so that rows and registry stay together");
            }
            Map<TableSpec, RowDigest> digests = new LinkedHashMap<>();
            for (Map.Entry<String, Map<Bytes, Change>> entry : tables.entrySet()) {
                TableSpec table = vault.declared(entry.getKey());
                digests.put(
                        table,
                        write(connection, table, List.copyOf(entry.getValue().values())));
            }
            vault.register(connection, digests);
        } catch (SQLException e) {
            throw Database.translate("writing " + tables.keySet(), e);
        }
    }

    private RowDigest write(Connection connection, TableSpec table, List<Change> changes) throws SQLException {
        TableSql sql = TableSql.of(table);
        RowCodec codec = vault.rows(table);
        RowDigest digest = new RowDigest();
        for (long from : dropped.getOrDefault(table.name(), new TreeSet<>())) {
            String partition = Partitions.name(table, from);
            takeOut(connection, table, sql.selectVersionsOf(partition), codec, digest);
            execute(connection, "DROP TABLE " + partition);
        }
        if (emptied.contains(table.name())) {
            takeOut(connection, table, sql.selectVersionsOf(table.name()), codec, digest);
            execute(connection, "DELETE FROM " + table.name());
        }
        Map<Bytes, Current> present = present(connection, table, sql, changes);
        List<List<Object>> inserts = new ArrayList<>();
        List<List<Object>> updates = new ArrayList<>();
        List<List<Object>> deletes = new ArrayList<>();
        for (Change change : changes) {
            Current old = present.get(change.key());
            if (old != null) {
                Row row = new Row(table.name(), change.key(), old.version());
                digest.remove(row, codec.element(row, old.tag()));
            }
            if (change.act() == Act.DELETE) {
                if (old != null) {
                    deletes.add(with(change.values(), old.version()));
                }
                continue;
            }
            RowCodec.Stored stored = codec.seal(change.values(), old == null ? 1 : Math.addExact(old.version(), 1));
            digest.add(stored.row(), codec.element(stored));
            if (old == null) {
                inserts.add(stored.values());
            } else {
                updates.add(with(stored.values(), old.version()));
            }
        }
        send(connection, table, deletes, sql::delete);
        send(connection, table, updates, sql::update);
        send(connection, table, inserts, sql::insert);
        return digest;
    }

    /**
     * Version and tag of the rows that may be there. Both are checked when the table is loaded: a lie never adds up.
     */
    private static Map<Bytes, Current> present(
            Connection connection, TableSpec table, TableSql sql, List<Change> changes) throws SQLException {
        List<List<Object>> keys = new ArrayList<>();
        for (Change change : changes) {
            if (change.act() != Act.INSERT) {
                keys.add(change.act() == Act.PUT ? keyOf(table, change.values().toArray()) : change.values());
            }
        }
        Map<Bytes, Current> present = new LinkedHashMap<>();
        if (keys.isEmpty()) {
            return present;
        }
        try (PreparedStatement query = connection.prepareStatement(sql.selectVersions())) {
            sql.bindKeys(query, keys);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    Bytes key = table.key(keyIn(rows, table));
                    present.put(key, currentIn(rows, table, key));
                }
            }
        }
        return present;
    }

    /**
     * Takes rows that go out of the digest as they are found. One that is not what was written leaves a difference behind,
     * which the next load of the table finds.
     */
    private static void takeOut(Connection connection, TableSpec table, String select, RowCodec codec, RowDigest digest)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(select)) {
            query.setFetchSize(FETCH);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    Bytes key = table.key(keyIn(rows, table));
                    Current found = currentIn(rows, table, key);
                    Row row = new Row(table.name(), key, found.version());
                    digest.remove(row, codec.element(row, found.tag()));
                }
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Of a row that begins with the key columns. */
    private static List<Object> keyIn(ResultSet rows, TableSpec table) throws SQLException {
        List<Object> key = new ArrayList<>(table.keyColumns().size());
        for (int i = 0; i < table.keyColumns().size(); i++) {
            key.add(TableSql.read(rows, i + 1, table.keyColumns().get(i).type()));
        }
        return key;
    }

    /** Of a row that goes on with version and tag. */
    private static Current currentIn(ResultSet rows, TableSpec table, Bytes key) throws SQLException {
        int width = table.keyColumns().size();
        long version = rows.getLong(width + 1);
        if (version < 0) {
            throw TamperedException.changed(new Row(table.name(), key, 0), "the version is negative");
        }
        return new Current(version, Bytes.wrap(rows.getBytes(width + 2)));
    }

    @FunctionalInterface
    private interface Statement {
        int run(Connection connection, List<List<Object>> rows) throws SQLException;
    }

    private static void send(Connection connection, TableSpec table, List<List<Object>> rows, Statement statement)
            throws SQLException {
        int from = 0;
        while (from < rows.size()) {
            int to = from;
            long bytes = 0;
            while (to < rows.size() && (to == from || bytes + size(rows.get(to)) <= STATEMENT_BYTES)) {
                bytes += size(rows.get(to++));
            }
            List<List<Object>> part = rows.subList(from, to);
            if (statement.run(connection, part) != part.size()) {
                throw new ConflictException("rows of table " + table + " were changed meanwhile");
            }
            from = to;
        }
    }

    private static long size(List<Object> row) {
        long bytes = 0;
        for (Object value : row) {
            bytes += value instanceof Bytes content ? content.length() : Long.BYTES;
        }
        return bytes;
    }

    private Changes add(TableSpec table, Act act, List<Object> key, List<Object> values) {
        vault.requireDeclared(table);
        Bytes encoded = table.key(key);
        Change change = new Change(act, encoded, values);
        if (tables.computeIfAbsent(table.name(), name -> new LinkedHashMap<>()).putIfAbsent(encoded, change) != null) {
            throw new IllegalStateException("row " + encoded + " of table " + table + " is changed twice");
        }
        return this;
    }

    private static List<Object> keyOf(TableSpec table, Object[] values) {
        table.requireValues(List.of(values));
        List<Object> key = new ArrayList<>(1);
        for (int i = 0; i < values.length; i++) {
            if (table.keyColumns().contains(table.columns().get(i))) {
                key.add(values[i]);
            }
        }
        return key;
    }

    private static List<Object> with(List<Object> values, long last) {
        List<Object> all = new ArrayList<>(values);
        all.add(last);
        return all;
    }
}
