package io.cloister.vault;

import java.util.regex.Pattern;

/** The declaration of a column. All columns are NOT NULL. */
public record ColumnSpec(String name, ColumnType type, Protection protection) {
    /** How a column is protected. */
    public enum Protection {
        /** Part of the primary key: in clear, bound into everything else in the row. */
        KEY,
        /** In clear; the row's tag authenticates it. */
        AUTHENTICATED,
        /** Encrypted; always {@code bytea}. */
        SEALED
    }

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    public ColumnSpec {
        requireName(name);
        if (protection == Protection.SEALED && type != ColumnType.BYTES) {
            throw new IllegalArgumentException("sealed column " + name + " must be bytea");
        }
    }

    public boolean sealed() {
        return protection == Protection.SEALED;
    }

    static String requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a plain SQL name: " + name);
        }
        return name;
    }
}
