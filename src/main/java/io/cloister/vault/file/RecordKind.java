package io.cloister.vault.file;

import java.util.Arrays;
import java.util.Optional;

/** What a record is to the node that wrote it. Public, but authenticated. */
public enum RecordKind {
    /** Binds nothing by itself. */
    NOTE(1),
    /** Something that a vote key of one boot signed. */
    VOTE(2),
    /** Something that the node's lasting key signed; it binds every later boot, so the newest one is never forgotten. */
    STATEMENT(3),
    /** The journal's own: the segment ends here and the next one follows. Its height is that segment's number. */
    CONTINUED(128),
    /** The journal's own: segments below the one that its height names are forgotten. */
    FORGOTTEN(129);

    private final int code;

    RecordKind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** Whether a signature that has left, or may have left, depends on the record. */
    public boolean binding() {
        return this == VOTE || this == STATEMENT;
    }

    /** Whether the journal writes it for itself. */
    boolean internal() {
        return code >= 128;
    }

    static Optional<RecordKind> of(int code) {
        return Arrays.stream(values()).filter(it -> it.code == code).findFirst();
    }
}
