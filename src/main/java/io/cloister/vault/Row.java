package io.cloister.vault;

import io.cloister.codec.Bytes;

/**
 * One version of one row.
 *
 * @param table the SQL name of the table
 * @param key the canonical encoding of the primary key ({@link TableSpec#key})
 * @param version 1 for a row's first version, one more for each update
 */
public record Row(String table, Bytes key, long version) {
    /** The longest encoded primary key, in bytes. */
    public static final int MAX_KEY = 1024;

    public Row {
        if (key.length() > MAX_KEY) {
            throw new IllegalArgumentException("a key of " + key.length() + " bytes in " + table);
        }
        if (version < 0) {
            throw new IllegalArgumentException("version " + version + " in " + table);
        }
    }
}
