package io.cloister.vault.file;

import io.cloister.vault.VaultException;

/** The files of a journal are not what this node wrote. Names segment, offset and sequence number. */
public final class JournalDamaged extends VaultException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Reason {
        /** The first 512 bytes of a segment, or its length. */
        HEADER,
        /** A segment that others speak of is not there. */
        MISSING_SEGMENT,
        /** A record that was written whole has other bytes now. */
        RECORD,
        /** A record or segment does not follow what stands before it. */
        CHAIN,
        /** Sealed under another key, or for another node, journal or place. */
        KEY,
        /** The journal ends before an entry that the vault knows to be durable. */
        BEHIND
    }

    private final Reason reason;
    private final String segment;
    private final long offset;
    private final long sequence;

    JournalDamaged(Reason reason, String segment, long offset, long sequence, String what) {
        super("journal segment %s, offset %d, sequence %d: %s".formatted(segment, offset, sequence, what));
        this.reason = reason;
        this.segment = segment;
        this.offset = offset;
        this.sequence = sequence;
    }

    public Reason reason() {
        return reason;
    }

    /** The file's name. */
    public String segment() {
        return segment;
    }

    /** In bytes from the file's beginning. */
    public long offset() {
        return offset;
    }

    /** Of the record that stands there, or should; everything before it is whole. */
    public long sequence() {
        return sequence;
    }
}
