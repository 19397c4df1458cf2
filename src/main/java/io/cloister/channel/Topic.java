package io.cloister.channel;

import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;

/** What a message is about. The order is the priority: an earlier topic is always sent before a later one. */
public enum Topic {
    /** Proposals, votes and certificates. */
    CONSENSUS,
    /** Dealings, openings and complaints of the threshold protocols. */
    MPC,
    /** Catch-up: certified blocks on request. */
    SYNC,
    /** Vault parts and heads. */
    STATE;

    private static final Topic[] BY_CODE = values();

    /** The topic's byte on the wire. */
    public int code() {
        return ordinal();
    }

    /** @throws CodecException UNKNOWN for a byte that names no topic */
    public static Topic of(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new CodecException(Reason.UNKNOWN, "topic " + code);
        }
        return BY_CODE[code];
    }
}
