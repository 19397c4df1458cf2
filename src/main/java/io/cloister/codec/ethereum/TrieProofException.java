package io.cloister.codec.ethereum;

/** A Merkle-Patricia proof that proves nothing, neither presence nor absence. */
public final class TrieProofException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the proof. */
    public enum Reason {
        /** A node does not hash to what the root or its parent says. */
        WRONG_HASH,
        /** The path needs a node that the proof lacks. */
        MISSING_NODE,
        /** The proof has nodes that the path does not touch. */
        SURPLUS_NODE,
        /** A node is no node of a Merkle-Patricia trie. */
        MALFORMED_NODE
    }

    private final Reason reason;

    TrieProofException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    TrieProofException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
