package io.cloister.vault;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;

/** The hash chain of a journal: each link covers the one before it and the sealed entry. */
public final class JournalChain {
    /** Before the first entry. */
    public static final Bytes GENESIS = Bytes.zeros(32);

    private static final String LABEL = "cloister/journal/v1";

    private JournalChain() {}

    /** SHA-256(label || previous || journal || seq || kind || sealed entry), variable parts length-prefixed. */
    public static Bytes next(Bytes previous, String journal, long seq, int kind, Bytes sealed) {
        return Hashes.sha256(
                new Writer()
                        .string(LABEL)
                        .fixed(previous)
                        .string(journal)
                        .u64(seq)
                        .u32(kind)
                        .u32(sealed.length())
                        .toBytes(),
                sealed);
    }
}
