package io.cloister.codec;

/** Bytes or text that are not the one valid encoding of a value. The reason is stable, the message is for people. */
public final class CodecException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the input. */
    public enum Reason {
        /** The input ends before the value does. */
        TRUNCATED,
        /** Bytes follow where the value must have ended. */
        TRAILING,
        /** A length or a count exceeds the limit the reader gave. */
        TOO_LONG,
        /** The value is readable but this is not its one encoding. */
        NOT_CANONICAL,
        /** A tag, type or version that this release does not know. */
        UNKNOWN,
        /** Text that is not valid UTF-8, hexadecimal or of the expected form. */
        BAD_TEXT,
        /** A number or value outside what its field may hold. */
        OUT_OF_RANGE
    }

    private final Reason reason;

    public CodecException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public CodecException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
