package io.cloister.vault.store;

import io.cloister.vault.TableSpec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The partitions of a table, each named after the first key that it takes. {@link Changes#drop} removes one. */
public final class Partitions {
    private static final Pattern NAME = Pattern.compile("([a-z][a-z0-9_]*)_from_(0|[1-9]\\d{0,17})");
    private static final String OF_TABLE = """
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass(?)\
        """;

    private Partitions() {}

    /** Makes the partition of the keys from one number on and below another, unless it is there. */
    public static void make(Connection connection, TableSpec table, long from, long below) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS " + name(table, from) + " PARTITION OF " + table.name()
                    + " FOR VALUES FROM (" + from + ") TO (" + below + ")");
        } catch (SQLException e) {
            throw Database.translate("making a partition of " + table, e);
        }
    }

    /** The first keys of all partitions. */
    public static SortedSet<Long> of(Connection connection, TableSpec table) {
        SortedSet<Long> found = new TreeSet<>();
        try (PreparedStatement query = connection.prepareStatement(OF_TABLE)) {
            query.setString(1, table.name());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    from(table, rows.getString(1)).ifPresent(found::add);
                }
            }
        } catch (SQLException e) {
            throw Database.translate("looking for partitions of " + table, e);
        }
        return found;
    }

    static String name(TableSpec table, long from) {
        if (!table.partitioned() || from < 0) {
            throw new IllegalArgumentException("no partition of " + table + " from " + from);
        }
        return table.name() + "_from_" + from;
    }

    /** The first key of the partition with this name; empty when it is no name of a partition of the table. */
    static Optional<Long> from(TableSpec table, String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches() && matcher.group(1).equals(table.name())
                ? Optional.of(Long.parseLong(matcher.group(2)))
                : Optional.empty();
    }
}
