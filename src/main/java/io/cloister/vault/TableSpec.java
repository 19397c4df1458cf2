package io.cloister.vault;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.vault.ColumnSpec.Protection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The declaration of a protected table, owned by the context that owns the table. Besides the declared columns each
 * table has {@code version bigint}, {@code key_epoch integer} and {@code tag bytea}; no column may be null.
 */
public final class TableSpec {
    /** The columns that every protected table has besides its own. */
    public static final List<ColumnSpec> COMMON = List.of(
            new ColumnSpec("version", ColumnType.LONG, Protection.AUTHENTICATED),
            new ColumnSpec("key_epoch", ColumnType.INT, Protection.AUTHENTICATED),
            new ColumnSpec("tag", ColumnType.BYTES, Protection.AUTHENTICATED));

    /**
     * Bytes of a sealed value that stand for all of it in the row's tag: key epoch and nonce in front, GCM tag behind.
     */
    private static final int HEAD = 17;

    private static final int TAIL = 16;

    private final String name;
    private final Level level;
    private final boolean registered;
    private final boolean partitioned;
    private final List<ColumnSpec> columns;
    private final List<ColumnSpec> keys;

    private TableSpec(Builder builder) {
        this.name = ColumnSpec.requireName(builder.name);
        this.level = builder.level;
        this.registered = builder.registered;
        this.partitioned = builder.partitioned;
        this.columns = List.copyOf(builder.columns);
        this.keys =
                columns.stream().filter(it -> it.protection() == Protection.KEY).toList();
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("table " + name + " has no key");
        }
        if (partitioned && (keys.size() != 1 || keys.getFirst().type() != ColumnType.LONG)) {
            throw new IllegalArgumentException("table " + name + " is partitioned by something else than a number");
        }
        Set<String> names = new HashSet<>();
        COMMON.forEach(it -> names.add(it.name()));
        for (ColumnSpec column : columns) {
            if (!names.add(column.name())) {
                throw new IllegalArgumentException("column " + column.name() + " of " + name + " is declared twice");
            }
        }
    }

    /** A table whose rows the registry counts and sums up. */
    public static Builder named(String name, Level level) {
        return new Builder(name, level, true);
    }

    /** A table that guards itself by other means, such as the registry and the journal. */
    static Builder selfGuarded(String name, Level level) {
        return new Builder(name, level, false);
    }

    public String name() {
        return name;
    }

    public Level level() {
        return level;
    }

    /** Whether the registry keeps count and sum of this table. */
    public boolean registered() {
        return registered;
    }

    /** Whether its rows lie in partitions, each of a range of its only key. */
    public boolean partitioned() {
        return partitioned;
    }

    /** The declared columns in their order, key columns included, {@link #COMMON} not. */
    public List<ColumnSpec> columns() {
        return columns;
    }

    public List<ColumnSpec> keyColumns() {
        return keys;
    }

    /**
     * The canonical encoding of a primary key: the value's own encoding for a single column, length-prefixed encodings
     * one after the other for several.
     */
    public Bytes key(List<?> values) {
        if (values.size() != keys.size()) {
            throw new IllegalArgumentException(name + " has a key of " + keys.size() + " columns");
        }
        if (keys.size() == 1) {
            return encode(keys.getFirst(), values.getFirst());
        }
        Writer writer = new Writer();
        for (int i = 0; i < keys.size(); i++) {
            writer.bytes(encode(keys.get(i), values.get(i)));
        }
        return writer.toBytes();
    }

    /**
     * What the row's tag authenticates: every declared column in order, key columns left out (the row itself names
     * them). A sealed column enters with key epoch, nonce and GCM tag, which no other ciphertext under the same key
     * shares; so the tag says which ciphertexts belong together without a second pass over large values.
     *
     * @param values one for each declared column; for sealed columns the ciphertext
     */
    public Bytes publicColumns(List<?> values) {
        requireValues(values);
        Writer writer = new Writer();
        for (int i = 0; i < columns.size(); i++) {
            ColumnSpec column = columns.get(i);
            if (column.protection() != Protection.KEY) {
                Bytes encoded = encode(column, values.get(i));
                writer.string(column.name()).bytes(column.sealed() ? essence(encoded) : encoded);
            }
        }
        return writer.toBytes();
    }

    /**
     * Refuses values that are no row of this table.
     *
     * @throws IllegalArgumentException unless there is one value of the declared Java type for each declared column
     */
    public void requireValues(List<?> values) {
        if (values.size() != columns.size()) {
            throw new IllegalArgumentException(name + " has " + columns.size() + " columns");
        }
        for (int i = 0; i < columns.size(); i++) {
            requireType(columns.get(i), values.get(i));
        }
    }

    private static Bytes essence(Bytes sealed) {
        if (sealed.length() <= HEAD + TAIL) {
            return sealed;
        }
        return Bytes.concat(sealed.slice(0, HEAD), sealed.slice(sealed.length() - TAIL, TAIL));
    }

    private Bytes encode(ColumnSpec column, Object value) {
        requireType(column, value);
        return column.type().encode(value);
    }

    private void requireType(ColumnSpec column, Object value) {
        Class<?> type = column.type().javaType();
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(
                    "column " + column.name() + " of " + name + " takes a " + type.getSimpleName());
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** Collects the declaration of one table. */
    public static final class Builder {
        private final String name;
        private final Level level;
        private final boolean registered;
        private final List<ColumnSpec> columns = new ArrayList<>();
        private boolean partitioned;

        private Builder(String name, Level level, boolean registered) {
            this.name = name;
            this.level = level;
            this.registered = registered;
        }

        public Builder key(String column, ColumnType type) {
            return add(column, type, Protection.KEY);
        }

        public Builder authenticated(String column, ColumnType type) {
            return add(column, type, Protection.AUTHENTICATED);
        }

        public Builder sealed(String column) {
            return add(column, ColumnType.BYTES, Protection.SEALED);
        }

        /** Its rows lie in partitions, each of a range of its only key, a number. */
        public Builder partitioned() {
            partitioned = true;
            return this;
        }

        public TableSpec build() {
            return new TableSpec(this);
        }

        private Builder add(String column, ColumnType type, Protection protection) {
            columns.add(new ColumnSpec(column, type, protection));
            return this;
        }
    }
}
