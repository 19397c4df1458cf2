package io.cloister.vault.file;

import java.io.IOException;
import java.util.List;

/** The few things that a journal asks of a folder. Names are plain file names. */
interface JournalFolder extends AutoCloseable {
    List<String> names() throws IOException;

    /** An existing file. */
    JournalFile open(String name) throws IOException;

    /** A new file of so many zero bytes; nothing of it is durable yet. */
    JournalFile create(String name, int size) throws IOException;

    /** Replaces whatever has the new name. */
    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    /** Makes all names durable. */
    void force() throws IOException;

    @Override
    void close();
}
