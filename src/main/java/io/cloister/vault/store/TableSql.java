package io.cloister.vault.store;

import io.cloister.codec.Bytes;
import io.cloister.vault.ColumnSpec;
import io.cloister.vault.ColumnType;
import io.cloister.vault.TableSpec;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The statements of one table. Each works on any number of rows in one round trip: a column's values travel as one
 * array, {@code unnest} turns the arrays into rows. Names come from declarations, which admit plain names only.
 */
final class TableSql {
    private static final ColumnSpec OLD_VERSION =
            new ColumnSpec("old_version", ColumnType.LONG, ColumnSpec.Protection.AUTHENTICATED);

    private static final Map<TableSpec, TableSql> KNOWN = new ConcurrentHashMap<>();

    private final List<ColumnSpec> all;
    private final List<ColumnSpec> keys;
    private final String selectAll;
    private final String selectOne;
    private final String selectVersions;
    private final String selectVersionsOf;
    private final String insert;
    private final String update;
    private final String delete;

    private TableSql(TableSpec table) {
        all = Stream.concat(table.columns().stream(), TableSpec.COMMON.stream()).toList();
        keys = table.keyColumns();
        String name = table.name();
        String columns = names(all, "");
        String join =
                keys.stream().map(it -> "t." + it.name() + " = u." + it.name()).collect(Collectors.joining(" AND "));
        selectAll = "SELECT " + columns + " FROM " + name;
        selectOne = selectAll + " WHERE "
                + keys.stream().map(it -> it.name() + " = ?").collect(Collectors.joining(" AND "));
        selectVersions = "SELECT " + names(keys, "t.") + ", t.version, t.tag FROM " + name + " t JOIN " + unnest(keys)
                + " ON " + join;
        selectVersionsOf = "SELECT " + names(keys, "") + ", version, tag FROM ";
        insert = "INSERT INTO " + name + " (" + columns + ") SELECT " + names(all, "u.") + " FROM " + unnest(all);
        update = "UPDATE " + name + " t SET "
                + all.stream()
                        .filter(it -> !keys.contains(it))
                        .map(it -> it.name() + " = u." + it.name())
                        .collect(Collectors.joining(", "))
                + " FROM " + unnest(with(all, OLD_VERSION)) + " WHERE " + join + " AND t.version = u.old_version";
        delete = "DELETE FROM " + name + " t USING " + unnest(with(keys, OLD_VERSION)) + " WHERE " + join
                + " AND t.version = u.old_version";
    }

    /** The statements of a table, made once. */
    static TableSql of(TableSpec table) {
        return KNOWN.computeIfAbsent(table, TableSql::new);
    }

    String selectAll() {
        return selectAll;
    }

    String selectOne() {
        return selectOne;
    }

    String selectVersions() {
        return selectVersions;
    }

    /** Key, version and tag of every row of the table or of one of its partitions. */
    String selectVersionsOf(String tableOrPartition) {
        return selectVersionsOf + tableOrPartition;
    }

    /** Binds a primary key for {@link #selectVersions}; many keys, one array a key column. */
    void bindKeys(PreparedStatement statement, List<List<Object>> rows) throws SQLException {
        bind(statement, keys, rows);
    }

    int insert(Connection connection, List<List<Object>> rows) throws SQLException {
        return execute(connection, insert, all, rows);
    }

    /** Each row ends with the version that it replaces. */
    int update(Connection connection, List<List<Object>> rows) throws SQLException {
        return execute(connection, update, with(all, OLD_VERSION), rows);
    }

    /** Each row is a primary key and the version that it ends. */
    int delete(Connection connection, List<List<Object>> rows) throws SQLException {
        return execute(connection, delete, with(keys, OLD_VERSION), rows);
    }

    /** Binds one array for each column from {@code first} on, the common columns included. */
    int bindFrom(PreparedStatement statement, int at, int first, List<List<Object>> rows) throws SQLException {
        int next = at;
        for (int column = first; column < all.size(); column++) {
            statement.setArray(
                    next++, array(statement.getConnection(), all.get(column).type(), column, rows));
        }
        return next;
    }

    static boolean exists(Connection connection, TableSpec table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            query.setString(1, table.name());
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    static boolean isEmpty(Connection connection, TableSpec table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT 1 FROM " + table.name() + " LIMIT 1");
                ResultSet rows = query.executeQuery()) {
            return !rows.next();
        }
    }

    static Object read(ResultSet rows, int index, ColumnType type) throws SQLException {
        return switch (type) {
            case BYTES -> Bytes.wrap(rows.getBytes(index));
            case TEXT -> rows.getString(index);
            case LONG -> rows.getLong(index);
            case INT -> rows.getInt(index);
            case BOOL -> rows.getBoolean(index);
        };
    }

    static void bindOne(PreparedStatement statement, int index, Object value) throws SQLException {
        if (value instanceof Bytes bytes) {
            statement.setBytes(index, bytes.toArray());
        } else {
            statement.setObject(index, value);
        }
    }

    private static int execute(Connection connection, String sql, List<ColumnSpec> columns, List<List<Object>> rows)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, columns, rows);
            return statement.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, List<ColumnSpec> columns, List<List<Object>> rows)
            throws SQLException {
        for (int i = 0; i < columns.size(); i++) {
            statement.setArray(
                    i + 1, array(statement.getConnection(), columns.get(i).type(), i, rows));
        }
    }

    private static Array array(Connection connection, ColumnType type, int index, List<List<Object>> rows)
            throws SQLException {
        Object[] values = switch (type) {
            case BYTES -> column(rows, index, it -> ((Bytes) it).toArray()).toArray(byte[][]::new);
            case TEXT -> column(rows, index, String.class::cast).toArray(String[]::new);
            case LONG -> column(rows, index, Long.class::cast).toArray(Long[]::new);
            case INT -> column(rows, index, Integer.class::cast).toArray(Integer[]::new);
            case BOOL -> column(rows, index, Boolean.class::cast).toArray(Boolean[]::new);
        };
        return connection.createArrayOf(type.sqlName(), values);
    }

    private static <T> List<T> column(List<List<Object>> rows, int index, Function<Object, T> cast) {
        List<T> values = new ArrayList<>(rows.size());
        for (List<Object> row : rows) {
            values.add(cast.apply(row.get(index)));
        }
        return values;
    }

    private static String unnest(List<ColumnSpec> columns) {
        return "unnest("
                + columns.stream().map(it -> "?::" + it.type().sqlName() + "[]").collect(Collectors.joining(", "))
                + ") AS u(" + names(columns, "") + ")";
    }

    private static String names(List<ColumnSpec> columns, String prefix) {
        return columns.stream().map(it -> prefix + it.name()).collect(Collectors.joining(", "));
    }

    private static List<ColumnSpec> with(List<ColumnSpec> columns, ColumnSpec last) {
        return Stream.concat(columns.stream(), Stream.of(last)).toList();
    }
}
