package io.cloister.multichain.rpc;

import io.cloister.codec.Bytes;
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
        UNVERIFIED,
        /** The node is of another chain than the profile's: nothing it says is believed. */
        WRONG_CHAIN
    }

    private final Reason reason;
    private final long code;
    private final boolean hasCode;
    private final transient Bytes data;

    public RpcException(Reason reason, String message) {
        super(message);
        this.reason = reason;
        this.code = 0;
        this.hasCode = false;
        this.data = Bytes.EMPTY;
    }

    public RpcException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.code = 0;
        this.hasCode = false;
        this.data = Bytes.EMPTY;
    }

    private RpcException(long code, String message, Bytes data) {
        super(message);
        this.reason = Reason.ERROR_ANSWER;
        this.code = code;
        this.hasCode = true;
        this.data = data;
    }

    static RpcException answered(long code, String message, Bytes data) {
        return new RpcException(code, message, data);
    }

    public Reason reason() {
        return reason;
    }

    /** The node's error code, for ERROR_ANSWER. */
    public OptionalLong code() {
        return hasCode ? OptionalLong.of(code) : OptionalLong.empty();
    }

    /** What a reverted call returned, for ERROR_ANSWER: a selector and arguments, or nothing. */
    public Bytes data() {
        return data;
    }

    /** Whether there was an answer and it was no good: asking for something else may well succeed. */
    public boolean isAboutTheAnswer() {
        return reason == Reason.MALFORMED
                || reason == Reason.ERROR_ANSWER
                || reason == Reason.DISAGREEMENT
                || reason == Reason.UNVERIFIED;
    }

    boolean hasCode(long expected) {
        return hasCode && code == expected;
    }
}
