package io.cloister.attestation.kds;

/**
 * Why one source did not help.
 *
 * @param source {@code evidence}, {@code thim}, {@code store}, {@code kds} or {@code lookup}
 * @param detail what was seen, for people
 */
public record Miss(String source, Reason reason, String detail) {
    /** Stable reasons. */
    public enum Reason {
        /** The source has no such thing, or there is no such source. */
        ABSENT,
        /** What the source has is not what it must be: cut short, too long, no certificate. */
        MALFORMED,
        /** It leads to no root that is trusted. */
        UNTRUSTED,
        /** It is of another line, chip or TCB. */
        MISMATCH,
        /** It is not valid now. */
        OUT_OF_DATE,
        /** The source answers with another HTTP status than expected; redirects are never followed. */
        REFUSED,
        /** The source asks to come back later than anybody would wait. */
        THROTTLED,
        /** No connection, or one that broke, or an answer that is too long. */
        UNREACHABLE,
        /** No answer in time. The work may go on and serve the next caller. */
        TIMED_OUT,
        /** Too many look-ups are under way. */
        BUSY
    }

    @Override
    public String toString() {
        return source + ": " + detail;
    }
}
