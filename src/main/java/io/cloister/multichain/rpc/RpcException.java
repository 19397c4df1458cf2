package io.cloister.multichain.rpc;

import java.util.OptionalLong;

/** A chain node that cannot be reached, answers nonsense, or answers with an error of its own. */
public final class RpcException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, by what the caller can do about it. */
    public enum Reason {
        /** No connection, or it broke: try again later. */
        UNREACHABLE,
        /** No answer within the call's deadline. */
        TIMEOUT,
        /** The server refused at the level of HTTP, for example wrong credentials. */
        HTTP_STATUS,
        /** The answer is too long, is not JSON-RPC, or lacks what the method promises. */
        MALFORMED,
        /** The node understood and answered with an error; see {@link #code()}. */
        ERROR_ANSWER,
        /** Fewer endpoints than asked for gave the same answer. */
        DISAGREEMENT,
        /** The answer contradicts itself: a hash that is not the hash of what was served. */
        UNVERIFIED
    }

    private final Reason reason;
    private final long code;
    private final boolean hasCode;

    public RpcException(Reason reason, String message) {
        super(message);
        this.reason = reason;
        this.code = 0;
        this.hasCode = false;
    }

    public RpcException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.code = 0;
        this.hasCode = false;
    }

    private RpcException(long code, String message) {
        super(message);
        this.reason = Reason.ERROR_ANSWER;
        this.code = code;
        this.hasCode = true;
    }

    static RpcException answered(long code, String message) {
        return new RpcException(code, message);
    }

    public Reason reason() {
        return reason;
    }

    /** The node's error code, for ERROR_ANSWER. */
    public OptionalLong code() {
        return hasCode ? OptionalLong.of(code) : OptionalLong.empty();
    }

    boolean hasCode(long expected) {
        return hasCode && code == expected;
    }
}
