package io.cloister.vault.store;

/** The statements of journals. Each changes head and entries together, so one statement is one atomic act. */
final class JournalSql {
    static final String HEAD = """
        SELECT journal, anchor_seq, anchor_chain, last_seq, last_chain, version, key_epoch, tag
          FROM vault_journal_head WHERE journal = ?\
        """;
    static final String ENTRIES = """
        SELECT journal, seq, kind, chain, entry, version, key_epoch, tag
          FROM vault_journal WHERE journal = ? ORDER BY seq\
        """;
    static final String ENTRY = """
        SELECT journal, seq, kind, chain, entry, version, key_epoch, tag
          FROM vault_journal WHERE journal = ? AND seq = ?\
        """;
    static final String ANY_ENTRY = "SELECT 1 FROM vault_journal WHERE journal = ? LIMIT 1";

    private static final String MOVE_HEAD = """
        WITH head AS (
            UPDATE vault_journal_head
               SET anchor_seq = ?, anchor_chain = ?, last_seq = ?, last_chain = ?,
                   version = ?, key_epoch = ?, tag = ?
             WHERE journal = ? AND version = ?
         RETURNING journal)
        """;

    /** The count of this statement is the number of entries, or 0 when the head was not the expected one. */
    static final String APPEND = MOVE_HEAD + """
        INSERT INTO vault_journal (journal, seq, kind, chain, entry, version, key_epoch, tag)
        SELECT head.journal, u.seq, u.kind, u.chain, u.entry, u.version, u.key_epoch, u.tag
          FROM head, unnest(?::bigint[], ?::integer[], ?::bytea[], ?::bytea[], ?::bigint[], ?::integer[],
                            ?::bytea[]) AS u(seq, kind, chain, entry, version, key_epoch, tag)\
        """;

    /** The count is the number of entries removed, or 0 when the head was not the expected one. */
    static final String TRUNCATE =
            MOVE_HEAD + "DELETE FROM vault_journal j USING head WHERE j.journal = head.journal AND j.seq < ?";

    private JournalSql() {}
}
