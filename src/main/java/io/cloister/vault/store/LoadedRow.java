package io.cloister.vault.store;

import io.cloister.codec.Bytes;
import io.cloister.vault.TableSpec;
import java.util.List;

/** A row that was checked and opened. Columns are asked for by name, with the Java type of their declaration. */
public final class LoadedRow {
    private final TableSpec table;
    private final long version;
    private final List<Object> values;

    LoadedRow(TableSpec table, long version, List<Object> values) {
        this.table = table;
        this.version = version;
        this.values = values;
    }

    public long version() {
        return version;
    }

    /** A {@code bytea} column; of a sealed one the plaintext. */
    public Bytes bytes(String column) {
        return (Bytes) value(column);
    }

    public String text(String column) {
        return (String) value(column);
    }

    /** A {@code bigint} column. */
    public long number(String column) {
        return (long) value(column);
    }

    /** An {@code integer} column. */
    public int integer(String column) {
        return (int) value(column);
    }

    public boolean truth(String column) {
        return (boolean) value(column);
    }

    private Object value(String column) {
        for (int i = 0; i < values.size(); i++) {
            if (table.columns().get(i).name().equals(column)) {
                return values.get(i);
            }
        }
        throw new IllegalArgumentException("table " + table + " declares no column " + column);
    }
}
