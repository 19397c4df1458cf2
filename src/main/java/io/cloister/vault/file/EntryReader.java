package io.cloister.vault.file;

import io.cloister.codec.Bytes;

/** Takes the entries of a journal in the order of writing. */
@FunctionalInterface
public interface EntryReader {
    void accept(long sequence, RecordKind kind, long height, Bytes payload);
}
