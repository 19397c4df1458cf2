package io.cloister.vault;

import io.cloister.vault.ColumnSpec.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What an operator who owns the disk can do to a table behind the node's back. */
public final class Host {
    private final TestDatabase database;

    public Host(TestDatabase database) {
        this.database = database;
        database.execute("CREATE SCHEMA host");
    }

    /** A row of a table, found again by its primary key. */
    public record Victim(TableSpec table, String where) {}

    /** All rows of a table. */
    public List<Victim> rows(TableSpec table) {
        String keys = String.join(
                " || ' AND ' || ",
                table.keyColumns().stream()
                        .map(it -> "'" + it.name() + " = ' || quote_literal(" + it.name() + ")")
                        .toList());
        String all = database.value("SELECT string_agg(" + keys + ", '\n' ORDER BY " + keys + ") FROM " + table.name());
        List<Victim> victims = new ArrayList<>();
        all.lines().forEach(it -> victims.add(new Victim(table, it)));
        return victims;
    }

    /** Every column of a table, the common ones too. */
    public static List<ColumnSpec> columns(TableSpec table) {
        return Stream.concat(table.columns().stream(), TableSpec.COMMON.stream())
                .toList();
    }

    /** Changes one bit of a value; {@code place} (0 to 1) says where in a longer one. */
    public void flip(Victim victim, ColumnSpec column, double place) {
        String name = column.name();
        String changed = switch (column.type()) {
            case BYTES -> {
                String at = "(floor((length(" + name + ") - 1) * " + place + "))::int";
                yield "set_byte(" + name + ", " + at + ", get_byte(" + name + ", " + at + ") # 1)";
            }
            case TEXT -> "overlay(" + name + " placing chr(ascii(" + name + ") # 1) from 1)";
            case LONG, INT -> name + " # 64";
            case BOOL -> "NOT " + name;
        };
        database.execute(
                "UPDATE " + victim.table().name() + " SET " + name + " = " + changed + " WHERE " + victim.where());
    }

    public void delete(Victim victim) {
        database.execute("DELETE FROM " + victim.table().name() + " WHERE " + victim.where());
    }

    /** Keeps a copy of a table. */
    public void copy(TableSpec table) {
        database.execute("DROP TABLE IF EXISTS host." + table.name() + "; CREATE TABLE host." + table.name()
                + " AS TABLE public." + table.name());
    }

    /** Puts the whole copy back. */
    public void restore(TableSpec table) {
        database.execute("DELETE FROM " + table.name() + "; INSERT INTO " + table.name() + " SELECT * FROM host."
                + table.name());
    }

    /** Puts one row of the copy back, in the place of what the row is now. */
    public void restore(Victim victim) {
        delete(victim);
        database.execute("INSERT INTO " + victim.table().name() + " SELECT * FROM host."
                + victim.table().name() + " WHERE " + victim.where());
    }

    /** Exchanges one column between two rows. */
    public void swap(Victim one, Victim other, String column) {
        String name = one.table().name();
        database.execute("CREATE TABLE host.swap AS SELECT " + column + " AS kept FROM " + name + " WHERE "
                + one.where() + "; UPDATE " + name + " SET " + column + " = (SELECT " + column + " FROM " + name
                + " WHERE " + other.where() + ") WHERE " + one.where() + "; UPDATE " + name + " SET " + column
                + " = (SELECT kept FROM host.swap) WHERE " + other.where() + "; DROP TABLE host.swap");
    }

    /** Exchanges two columns of one row. */
    public void swapColumns(Victim victim, String one, String other) {
        database.execute("UPDATE " + victim.table().name() + " SET " + one + " = " + other + ", " + other + " = " + one
                + " WHERE " + victim.where());
    }

    public static List<ColumnSpec> sealed(TableSpec table) {
        return table.columns().stream()
                .filter(it -> it.protection() == Protection.SEALED)
                .toList();
    }
}
