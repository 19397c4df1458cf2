package io.cloister.vault.store;

import io.cloister.codec.Bytes;
import io.cloister.vault.JournalChain;
import io.cloister.vault.Schema;
import java.util.List;

/**
 * First and last of a journal: the entry before the first one kept (the anchor), the last one, and the chain at both.
 *
 * @param version one more with each change of the head
 */
record JournalHead(String journal, long anchorSeq, Bytes anchorChain, long lastSeq, Bytes lastChain, long version) {
    static JournalHead fresh(String journal) {
        return new JournalHead(journal, 0, JournalChain.GENESIS, 0, JournalChain.GENESIS, 1);
    }

    static JournalHead of(List<Object> plain, long version) {
        return new JournalHead(
                (String) plain.get(0),
                (long) plain.get(1),
                (Bytes) plain.get(2),
                (long) plain.get(3),
                (Bytes) plain.get(4),
                version);
    }

    JournalHead appended(long seq, Bytes chain) {
        return new JournalHead(journal, anchorSeq, anchorChain, seq, chain, version);
    }

    JournalHead withVersion(long next) {
        return new JournalHead(journal, anchorSeq, anchorChain, lastSeq, lastChain, next);
    }

    JournalHead truncated(long seq, Bytes chain) {
        return new JournalHead(journal, seq, chain, lastSeq, lastChain, version + 1);
    }

    /** In the order of the declaration of {@link Schema#JOURNAL_HEAD}. */
    List<Object> values() {
        return List.of(journal, anchorSeq, anchorChain, lastSeq, lastChain);
    }
}
