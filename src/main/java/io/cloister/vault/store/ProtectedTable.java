package io.cloister.vault.store;

import io.cloister.codec.Bytes;
import io.cloister.vault.Row;
import io.cloister.vault.RowDigest;
import io.cloister.vault.RowDigest.Difference;
import io.cloister.vault.TableSpec;
import io.cloister.vault.TamperedException;
import io.cloister.vault.TamperedException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Reads one protected table inside the caller's connection. Writing goes through {@link Changes}. Thread-safe. */
public final class ProtectedTable {
    /** Rows a round trip; blocks of several MiB are among them. */
    private static final int FETCH = 50;

    private final TableSpec table;
    private final RowCodec codec;
    private final Registry registry;
    private final TableSql sql;

    ProtectedTable(TableSpec table, RowCodec codec, Registry registry) {
        this.table = table;
        this.codec = codec;
        this.registry = registry;
        this.sql = TableSql.of(table);
    }

    /**
     * One row by its primary key, checked and opened. Says nothing about rows that were deleted or put back; only
     * {@link #load} does.
     *
     * @throws TamperedException when the row is not what this node wrote
     */
    public Optional<LoadedRow> find(Connection connection, Object... key) {
        table.key(List.of(key));
        try (PreparedStatement query = connection.prepareStatement(sql.selectOne())) {
            for (int i = 0; i < key.length; i++) {
                TableSql.bindOne(query, i + 1, key[i]);
            }
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() ? Optional.of(opened(fetched(rows))) : Optional.empty();
            }
        } catch (SQLException e) {
            throw Database.translate("reading " + table, e);
        }
    }

    /**
     * Hands on every row, then compares count and sum with the registry. Nothing handed on may be used before this
     * returns: a missing or outdated row shows only at the end.
     *
     * @param connection in a transaction of level REPEATABLE READ, as {@link Vault#inSnapshot} gives it, so that rows
     *     and registry are of one moment
     * @throws TamperedException naming the first row that is not what this node wrote last
     */
    public void load(Connection connection, Consumer<LoadedRow> consumer) {
        try {
            if (connection.getAutoCommit()
                    || connection.getTransactionIsolation() < Connection.TRANSACTION_REPEATABLE_READ) {
                throw new IllegalStateException("loading a table needs a transaction of level REPEATABLE READ");
            }
            RowDigest expected = registry.expected(connection, table);
            RowDigest found = new RowDigest();
            walk(connection, stored -> {
                consumer.accept(opened(stored));
                found.add(stored.row(), codec.element(stored));
            });
            if (!expected.matches(found)) {
                throw explain(expected, found, differences(connection, expected, found));
            }
        } catch (SQLException e) {
            throw Database.translate("loading " + table, e);
        }
    }

    /** Checks every row and the table as a whole; as {@link #load} with nobody to take the rows. */
    public void verify(Connection connection) {
        load(connection, row -> {});
    }

    private RowCodec.Stored fetched(ResultSet rows) throws SQLException {
        return codec.stored(RowReader.values(rows, table));
    }

    private LoadedRow opened(RowCodec.Stored stored) {
        return new LoadedRow(table, stored.row().version(), codec.open(stored));
    }

    private void walk(Connection connection, Consumer<RowCodec.Stored> each) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql.selectAll())) {
            query.setFetchSize(FETCH);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    each.accept(fetched(rows));
                }
            }
        }
    }

    private Optional<List<Difference>> differences(Connection connection, RowDigest expected, RowDigest found)
            throws SQLException {
        Optional<List<Difference>> plain = expected.differences(found);
        if (plain.isPresent() || expected.count() != found.count()) {
            return plain;
        }
        List<Difference> hidden = new ArrayList<>();
        walk(connection, stored -> {
            if (hidden.isEmpty()) {
                expected.differences(found, stored.row(), codec.element(stored)).ifPresent(hidden::addAll);
            }
        });
        return hidden.isEmpty() ? Optional.empty() : Optional.of(hidden);
    }

    private TamperedException explain(RowDigest expected, RowDigest found, Optional<List<Difference>> differences) {
        if (differences.isEmpty()) {
            return new TamperedException(
                    Kind.MANY,
                    table.name(),
                    Optional.empty(),
                    Optional.empty(),
                    found.count() + " rows do not add up to the " + expected.count() + " that the registry has");
        }
        List<Difference> all = differences.get();
        Difference first = all.stream().filter(Difference::missing).findFirst().orElse(all.getFirst());
        Kind kind = kind(first, all);
        String others = all.stream()
                .map(it -> (it.missing()
                                ? "version " + it.version() + " is missing"
                                : "version " + it.version() + " was put there")
                        + " of " + new Row(table.name(), it.key(), it.version()).key())
                .collect(Collectors.joining("; "));
        return new TamperedException(kind, table.name(), first.key(), "the registry does not agree: " + others);
    }

    private static Kind kind(Difference first, List<Difference> all) {
        if (!first.missing()) {
            return Kind.UNEXPECTED;
        }
        boolean replaced = all.stream().anyMatch(it -> !it.missing() && sameKey(it.key(), first.key()));
        return replaced ? Kind.STALE : Kind.MISSING;
    }

    private static boolean sameKey(Bytes one, Bytes other) {
        return one.equals(other);
    }
}
