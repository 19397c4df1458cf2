package io.cloister.attestation.kds;

import io.cloister.attestation.kds.Miss.Reason;

/** Ends the work of one source with the reason. */
final class MissException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    MissException(Reason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    Miss from(String source) {
        return new Miss(source, reason, String.valueOf(getMessage()));
    }
}
