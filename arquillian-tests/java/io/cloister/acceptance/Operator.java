package io.cloister.acceptance;

import io.cloister.codec.Bytes;
import io.cloister.vault.ColumnSpec;
import io.cloister.vault.Schema;
import io.cloister.vault.TableSpec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What somebody who owns the database server can do to a table behind the node's back, and how it is undone. */
final class Operator implements AutoCloseable {
    /** Copies of the tables at two moments. */
    static final String OLD = "copies_old";

    static final String LATEST = "copies_latest";

    private final Connection connection;

    Operator(Connection connection) {
        this.connection = connection;
    }

    /**
     * A row of a table.
     *
     * @param where finds it by its primary key
     * @param name as refusals name it
     */
    record Victim(TableSpec table, String where, String name) {
        @Override
        public String toString() {
            return table + " where " + where;
        }

        /** Whether a message names exactly this row. */
        boolean isNamedIn(String message) {
            return message.contains("table " + table.name() + ",") && message.contains(name);
        }
    }

    void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Up to so many rows, from the middle of the table on. */
    List<Victim> rows(TableSpec table, int limit) {
        String keys = keys(table);
        String count = "(SELECT count(*) FROM " + table.name() + ")";
        return victims(
                table,
                "SELECT " + keys + " FROM " + table.name() + " ORDER BY " + keys + " LIMIT " + limit
                        + " OFFSET greatest(0, least(" + count + " / 2, " + count + " - " + limit + "))");
    }

    /** The rows of the old copy whose keys are no more. */
    List<Victim> gone(TableSpec table) {
        String keys = keys(table);
        String name = table.name();
        return victims(
                table, "SELECT " + keys + " FROM " + OLD + "." + name + " EXCEPT SELECT " + keys + " FROM " + name);
    }

    private static String keys(TableSpec table) {
        return table.keyColumns().stream().map(ColumnSpec::name).collect(Collectors.joining(", "));
    }

    private List<Victim> victims(TableSpec table, String sql) {
        List<Victim> victims = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                victims.add(victim(table, rows));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
        return victims;
    }

    private static Victim victim(TableSpec table, ResultSet row) throws SQLException {
        List<Object> values = new ArrayList<>();
        List<String> conditions = new ArrayList<>();
        for (ColumnSpec column : table.keyColumns()) {
            String name = column.name();
            Object value = switch (column.type()) {
                case BYTES -> Bytes.wrap(row.getBytes(name));
                case TEXT -> row.getString(name);
                case LONG -> row.getLong(name);
                case INT -> row.getInt(name);
                case BOOL -> row.getBoolean(name);
            };
            values.add(value);
            conditions.add(name + " = '" + (value instanceof Bytes bytes ? "\\x" + bytes.toHex() : value) + "'");
        }
        String called = table == Schema.KEYSET
                ? "row " + values.getFirst()
                : table == Schema.JOURNAL
                        ? "entry " + values.getLast() + ":"
                        : table.key(values).to0x();
        return new Victim(table, String.join(" AND ", conditions), called);
    }

    /** Every column of a table, the common ones too. */
    static List<ColumnSpec> columns(TableSpec table) {
        return Stream.concat(table.columns().stream(), TableSpec.COMMON.stream())
                .toList();
    }

    static ColumnSpec column(TableSpec table, String name) {
        return columns(table).stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Changes one bit of one byte in the middle of a value. */
    void flip(Victim victim, ColumnSpec column) {
        String name = column.name();
        String changed = switch (column.type()) {
            case BYTES -> {
                String at = "length(" + name + ") / 2";
                yield "set_byte(" + name + ", " + at + ", get_byte(" + name + ", " + at + ") # 1)";
            }
            case TEXT -> "overlay(" + name + " placing chr(ascii(" + name + ") # 1) from 1)";
            case LONG -> name + " # (1::bigint << 13)";
            case INT -> name + " # 64";
            case BOOL -> "NOT " + name;
        };
        execute("UPDATE " + victim.table().name() + " SET " + name + " = " + changed + " WHERE " + victim.where());
    }

    void delete(Victim victim) {
        execute("DELETE FROM " + victim.table().name() + " WHERE " + victim.where());
    }

    /** Exchanges one column between two rows. */
    void swapRows(Victim one, Victim other, String column) {
        String name = one.table().name();
        String of = "(SELECT " + column + " FROM " + name + " WHERE ";
        execute("UPDATE " + name + " SET " + column + " = CASE WHEN " + one.where() + " THEN " + of + other.where()
                + ") ELSE " + of + one.where() + ") END WHERE (" + one.where() + ") OR (" + other.where() + ")");
    }

    /** Exchanges two columns of one row. */
    void swapColumns(Victim victim, String one, String other) {
        execute("UPDATE " + victim.table().name() + " SET " + one + " = " + other + ", " + other + " = " + one
                + " WHERE " + victim.where());
    }

    /** Keeps copies of all tables. */
    void copy(String moment, List<TableSpec> tables) {
        execute("CREATE SCHEMA " + moment);
        for (TableSpec table : tables) {
            execute("CREATE TABLE " + moment + "." + table.name() + " AS TABLE public." + table.name());
        }
    }

    /** The copies are gone. */
    void forgetCopies() {
        execute("DROP SCHEMA " + OLD + " CASCADE; DROP SCHEMA " + LATEST + " CASCADE");
    }

    /** Puts the older copy of a row in the place of the row, if there is any. */
    void putBack(Victim victim) {
        delete(victim);
        String name = victim.table().name();
        execute("INSERT INTO " + name + " SELECT * FROM " + OLD + "." + name + " WHERE " + victim.where());
    }

    /** Makes a table what it was when the latest copies were taken. */
    void undo(TableSpec table) {
        String name = table.name();
        String copy = LATEST + "." + name;
        execute("DELETE FROM " + name + " AS a WHERE NOT EXISTS (SELECT FROM " + copy + " AS b WHERE a = b); "
                + "INSERT INTO " + name + " SELECT * FROM " + copy + " AS b WHERE NOT EXISTS (SELECT FROM " + name
                + " AS a WHERE a = b)");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
