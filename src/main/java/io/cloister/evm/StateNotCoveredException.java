package io.cloister.evm;

/** A simulation reads state that its source does not cover; there is no result then. */
public final class StateNotCoveredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StateNotCoveredException(String what) {
        super("the given state does not cover " + what);
    }
}
