package io.cloister.ledger.state;

/** A chunk that says nothing about the state that is wanted. Whoever sent it is not to be asked again. */
public final class BadChunk extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why it is refused. */
    public enum Reason {
        /** The bytes are no chunk. */
        MALFORMED,
        /** It is a chunk of another state: its root is not the certified one. */
        OTHER_ROOT
    }

    private final Reason reason;

    BadChunk(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
