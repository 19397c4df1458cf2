package io.cloister.consensus;

import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;

/** The two ballots of a round. The code stands on the wire and in what is signed. */
public enum VoteType {
    PREVOTE(1),
    PRECOMMIT(2);

    private final int code;

    VoteType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static VoteType of(int code) {
        return switch (code) {
            case 1 -> PREVOTE;
            case 2 -> PRECOMMIT;
            default -> throw new CodecException(Reason.UNKNOWN, "vote type " + code);
        };
    }
}
