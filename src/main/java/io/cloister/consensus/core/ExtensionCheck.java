package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Validator;

/** Whether a validator's vote extension is well formed: the same answer on every node with the same last block. */
@FunctionalInterface
public interface ExtensionCheck {
    boolean accepts(long height, Validator from, Bytes data);
}
