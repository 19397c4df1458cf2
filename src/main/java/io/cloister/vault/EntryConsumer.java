package io.cloister.vault;

import io.cloister.codec.Bytes;

/** Takes the entries of a journal in order. */
@FunctionalInterface
public interface EntryConsumer {
    void accept(long seq, int kind, Bytes entry);
}
