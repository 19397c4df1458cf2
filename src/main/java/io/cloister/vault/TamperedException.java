package io.cloister.vault;

import io.cloister.codec.Bytes;
import java.util.Optional;

/** Stored data is not what this node wrote last. Names the table and, as far as it can be known, row and column. */
public final class TamperedException extends VaultException {
    private static final long serialVersionUID = 1L;

    /** What happened to the row. */
    public enum Kind {
        /** Something in the row differs from what was written. */
        CHANGED,
        /** The row was deleted behind the node's back. */
        MISSING,
        /** The row is an older version, put back. */
        STALE,
        /** The row was written by this node once, but had been removed since, or is there twice. */
        UNEXPECTED,
        /** More rows differ than the registry can name. */
        MANY
    }

    private final Kind kind;
    private final String table;
    private final transient Optional<Bytes> key;
    private final transient Optional<String> column;

    public TamperedException(Kind kind, String table, Bytes key, String message) {
        this(kind, table, Optional.of(key), Optional.empty(), message);
    }

    public TamperedException(Kind kind, String table, Optional<Bytes> key, Optional<String> column, String message) {
        super(describe(table, key, column) + message);
        this.kind = kind;
        this.table = table;
        this.key = key;
        this.column = column;
    }

    /** The row of a cell, with the cell's column. */
    public static TamperedException changed(Cell cell, String message) {
        return new TamperedException(
                Kind.CHANGED, cell.row().table(), Optional.of(cell.row().key()), Optional.of(cell.column()), message);
    }

    /** The row as a whole; which of its columns was changed cannot be told. */
    public static TamperedException changed(Row row, String message) {
        return new TamperedException(Kind.CHANGED, row.table(), row.key(), message);
    }

    public Kind kind() {
        return kind;
    }

    public String table() {
        return table;
    }

    /** The encoded primary key; empty only when nothing points at a single row. */
    public Optional<Bytes> key() {
        return key;
    }

    /** The column, where the damage lies in exactly one. */
    public Optional<String> column() {
        return column;
    }

    private static String describe(String table, Optional<Bytes> key, Optional<String> column) {
        StringBuilder text = new StringBuilder("table ").append(table);
        key.ifPresent(it -> text.append(", row ").append(readable(it)));
        column.ifPresent(it -> text.append(", column ").append(it));
        return text.append(": ").toString();
    }

    /** Keys that are plain words are shown as such, all others as hexadecimal digits. */
    private static String readable(Bytes key) {
        boolean word = !key.isEmpty();
        for (int i = 0; i < key.length(); i++) {
            word &= key.at(i) > ' ' && key.at(i) <= '~';
        }
        return word ? key.asUtf8() + " (" + key.to0x() + ")" : key.to0x();
    }
}
