package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;

/** What became of a submitted transaction at the door. Ordering is another matter. */
public sealed interface Acceptance {
    /** It waits for a block; the SHA-256 of its bytes names it. */
    record Accepted(Bytes hash) implements Acceptance {}

    /**
     * It was here before.
     *
     * @param committed whether it is in a block already; else it waits
     */
    record Known(Bytes hash, boolean committed) implements Acceptance {}

    /** Not acceptable; the code is stable, the message is for people. */
    record Refused(String code, String message) implements Acceptance {}

    /** No room now: in the pool, or for this sender. */
    record Full(boolean forThisSender) implements Acceptance {}
}
