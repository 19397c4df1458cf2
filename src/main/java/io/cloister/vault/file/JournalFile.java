package io.cloister.vault.file;

import java.io.Closeable;
import java.io.IOException;

/** A file of a {@link JournalFolder}, written at any place. */
interface JournalFile extends Closeable {
    long size() throws IOException;

    /** All of it; a journal's files fit into memory. */
    byte[] read() throws IOException;

    /** Writes all bytes; after an exception any of them may stand there. */
    void write(long at, byte[] bytes) throws IOException;

    /** Makes what was written durable. */
    void force() throws IOException;
}
