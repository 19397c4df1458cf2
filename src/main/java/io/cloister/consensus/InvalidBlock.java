package io.cloister.consensus;

/** A list of transactions that no honest proposer would have put into a block. */
public final class InvalidBlock extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidBlock(String message) {
        super(message);
    }
}
