package io.cloister.vault;

import io.cloister.codec.Bytes;

/**
 * A level's state at one moment, as a node can sign it for its peers: who restores an older database cannot show this
 * head.
 *
 * @param changes how many transactions have changed registered tables
 * @param root a 36-byte commitment to the state of all registered tables; only this node can recompute it
 */
public record Head(long changes, Bytes root) {}
