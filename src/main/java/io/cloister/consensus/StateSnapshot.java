package io.cloister.consensus;

import io.cloister.codec.Bytes;

/** The whole state after one block, unchanging, cut into chunks for a node that is far behind. Any thread may ask. */
@FunctionalInterface
public interface StateSnapshot {
    /**
     * What the state holds from a key on, with whatever proves it against the state root.
     *
     * @param maxBytes about how much; one entry is always whole
     * @return empty bytes when nothing is there from the key on
     */
    Bytes chunk(Bytes from, int maxBytes);
}
