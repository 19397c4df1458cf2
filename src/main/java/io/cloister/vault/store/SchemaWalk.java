package io.cloister.vault.store;

import io.cloister.vault.ColumnSpec;
import io.cloister.vault.Schema;
import io.cloister.vault.TableSpec;
import io.cloister.vault.VaultException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Compares the catalogue with the declarations: no table, view, sequence or column may exist that nobody has declared as
 * sealed or authenticated, and none may be missing or of another type. Only Flyway's own history table is exempt.
 */
public final class SchemaWalk {
    /** The one table that is neither ours nor protected: names and checksums of migrations, public with the source. */
    public static final String FLYWAY_HISTORY = "flyway_schema_history";

    /** The catalogue itself: information_schema hides materialized views and what the role may not read. */
    private static final String COLUMNS = """
        SELECT n.nspname = current_schema() AS ours, n.nspname AS table_schema, c.relname AS table_name,
               CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
                              WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'sequence' END AS kind,
               (SELECT p.relname FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
                 WHERE i.inhrelid = c.oid AND c.relispartition) AS partition_of,
               a.attname AS column_name, format_type(a.atttypid, a.atttypmod) AS data_type, NOT a.attnotnull AS nullable
          FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
           AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
         ORDER BY n.nspname, c.relname, a.attnum\
        """;

    private static final String PRIMARY_KEYS = """
        SELECT k.table_name, k.column_name
          FROM information_schema.table_constraints c
          JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name, table_name)
         WHERE c.constraint_type = 'PRIMARY KEY' AND c.constraint_schema = current_schema()
         ORDER BY k.table_name, k.ordinal_position\
        """;

    private record Found(String type, boolean nullable) {}

    private SchemaWalk() {}

    /**
     * Refuses a database that differs from the declarations.
     *
     * @throws VaultException that names every difference
     */
    public static void check(Connection connection, Schema schema) {
        List<String> findings = findings(connection, schema);
        if (!findings.isEmpty()) {
            throw new VaultException("the database differs from the declarations: " + String.join("; ", findings));
        }
    }

    /** Every difference, in words. */
    public static List<String> findings(Connection connection, Schema schema) {
        List<String> findings = new ArrayList<>();
        try {
            Map<String, Map<String, Found>> tables = tables(connection, schema, findings);
            Map<String, List<String>> keys = primaryKeys(connection);
            tables.forEach((name, columns) -> {
                Optional<TableSpec> declared = schema.table(name);
                if (declared.isEmpty()) {
                    findings.add("table " + name + " is not declared");
                } else {
                    compare(declared.get(), columns, keys.getOrDefault(name, List.of()), findings);
                }
            });
            for (TableSpec table : schema.tables()) {
                if (!tables.containsKey(table.name())) {
                    findings.add("table " + table.name() + " is missing");
                }
            }
        } catch (SQLException e) {
            throw Database.translate("walking the schema", e);
        }
        return List.copyOf(findings);
    }

    private static void compare(
            TableSpec table, Map<String, Found> columns, List<String> primaryKey, List<String> findings) {
        Map<String, Found> undeclared = new LinkedHashMap<>(columns);
        List<ColumnSpec> all = Stream.concat(table.columns().stream(), TableSpec.COMMON.stream())
                .toList();
        for (ColumnSpec column : all) {
            String name = "column " + table.name() + "." + column.name();
            Found found = undeclared.remove(column.name());
            if (found == null) {
                findings.add(name + " is missing");
            } else if (!found.type().equals(column.type().sqlName())) {
                findings.add(name + " is " + found.type() + ", declared as "
                        + column.type().sqlName());
            } else if (found.nullable()) {
                findings.add(name + " may be null");
            }
        }
        undeclared.keySet().forEach(it -> findings.add("column " + table.name() + "." + it + " is not declared"));
        List<String> keys = table.keyColumns().stream().map(ColumnSpec::name).toList();
        if (!keys.equals(primaryKey)) {
            findings.add("table " + table.name() + " has the primary key " + primaryKey + ", declared as " + keys);
        }
    }

    private static Map<String, Map<String, Found>> tables(Connection connection, Schema schema, List<String> findings)
            throws SQLException {
        Map<String, Map<String, Found>> tables = new TreeMap<>();
        try (PreparedStatement query = connection.prepareStatement(COLUMNS);
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                String name = rows.getString("table_name");
                if (!rows.getBoolean("ours")) {
                    findings.add(rows.getString("kind") + " " + rows.getString("table_schema") + "." + name
                            + " is not declared");
                } else if (isPartition(rows, schema)) {
                    continue; // its columns are those of its table
                } else if (!rows.getString("kind").equals(kind(schema, name))) {
                    findings.add(name + " is a " + rows.getString("kind") + ", not a " + kind(schema, name));
                } else if (!name.equals(FLYWAY_HISTORY)) {
                    Map<String, Found> columns = tables.computeIfAbsent(name, it -> new LinkedHashMap<>());
                    Optional.ofNullable(rows.getString("column_name")).ifPresent(it -> columns.put(it, found(rows)));
                }
            }
        }
        return tables;
    }

    /** Whether it is a plain partition of a declared table, with a name that says so. */
    private static boolean isPartition(ResultSet rows, Schema schema) throws SQLException {
        String parent = rows.getString("partition_of");
        return parent != null
                && rows.getString("kind").equals("table")
                && schema.table(parent)
                        .filter(TableSpec::partitioned)
                        .filter(table -> isNamed(table, rows))
                        .isPresent();
    }

    private static boolean isNamed(TableSpec table, ResultSet rows) {
        try {
            return Partitions.from(table, rows.getString("table_name")).isPresent();
        } catch (SQLException e) {
            throw Database.translate("walking the schema", e);
        }
    }

    private static String kind(Schema schema, String name) {
        return schema.table(name).filter(TableSpec::partitioned).isPresent() ? "partitioned table" : "table";
    }

    private static Found found(ResultSet rows) {
        try {
            return new Found(rows.getString("data_type"), rows.getBoolean("nullable"));
        } catch (SQLException e) {
            throw Database.translate("walking the schema", e);
        }
    }

    private static Map<String, List<String>> primaryKeys(Connection connection) throws SQLException {
        Map<String, List<String>> keys = new TreeMap<>();
        try (PreparedStatement query = connection.prepareStatement(PRIMARY_KEYS);
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                keys.computeIfAbsent(rows.getString(1), it -> new ArrayList<>()).add(rows.getString(2));
            }
        }
        return keys;
    }
}
