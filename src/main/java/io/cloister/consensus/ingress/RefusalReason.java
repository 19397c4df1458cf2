package io.cloister.consensus.ingress;

import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;

/** Why a request was not taken, or is waited for no longer. The code stands on the wire. */
public enum RefusalReason {
    /** The application refuses it; the text is its stable code. */
    INVALID(1),
    /** It is in a block already. */
    COMMITTED(2),
    /** No room for this sender in the pool. */
    SENDER_FULL(3),
    /** No room in the pool. */
    POOL_FULL(4),
    /** Too many requests, or too many of their bytes, of this stream are unanswered. */
    STREAM_FULL(5),
    /** The node takes no part in the chain now. */
    STOPPED(6),
    /** Not decided in time. It may be yet. */
    EXPIRED(7);

    private final int code;

    RefusalReason(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static RefusalReason of(int code) {
        for (RefusalReason reason : values()) {
            if (reason.code == code) {
                return reason;
            }
        }
        throw new CodecException(Reason.UNKNOWN, "refusal " + code);
    }
}
