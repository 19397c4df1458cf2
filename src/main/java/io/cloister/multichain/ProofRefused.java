package io.cloister.multichain;

/**
 * A proof about a foreign chain that does not prove what it claims. The reason is stable, the message is for people.
 */
public final class ProofRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Which rule the proof breaks. */
    public enum Reason {
        /** The header is not the observed block. */
        WRONG_BLOCK,
        /** The header's proof of work does not meet its target, or the target exceeds the chain's limit. */
        WORK,
        /** The transaction is too long, or so short that it could be an inner node of the tree. */
        TRANSACTION_SIZE,
        /** The transaction is not the one valid encoding of a transaction without witness. */
        TRANSACTION_FORM,
        /** The transaction is a coinbase, whose outputs cannot be spent for a hundred blocks. */
        COINBASE,
        /** What stands as the block's coinbase is none, or is not proved. */
        COINBASE_FORM,
        /** Transaction and coinbase lie at different depths. */
        DEPTH,
        /** The position is outside the tree. */
        INDEX,
        /** A node equal to its left sibling: the shape that lets one block have two transaction lists. */
        DUPLICATE_NODE,
        /** The path does not lead to the header's root. */
        ROOT,
        /** The receipt or its proof is malformed. */
        RECEIPT_FORM,
        /** The transaction failed, so its logs never happened. */
        FAILED_TRANSACTION,
        /** The log was emitted by another contract. */
        EMITTER,
        /** There is no such log, or it is another event. */
        EVENT
    }

    private final Reason reason;

    public ProofRefused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public ProofRefused(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
