package io.cloister.evm;

/** A transaction that no block of its fork could contain: it changes nothing and costs nothing. */
public final class TransactionRejectedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why; each rule's EIP stands beside its check. */
    public enum Reason {
        TYPE_NOT_SUPPORTED,
        WRONG_CHAIN,
        WRONG_NONCE,
        SENDER_HAS_CODE,
        GAS_ABOVE_BLOCK_LIMIT,
        GAS_ABOVE_TRANSACTION_CAP,
        INTRINSIC_GAS,
        INITCODE_TOO_LONG,
        PRIORITY_FEE_ABOVE_MAX_FEE,
        MAX_FEE_BELOW_BASE_FEE,
        INSUFFICIENT_FUNDS,
        NO_BLOBS,
        TOO_MANY_BLOBS,
        BLOB_HASH_VERSION,
        BLOB_FEE_TOO_LOW,
        NO_AUTHORIZATIONS,
        CREATION_NOT_ALLOWED
    }

    private final Reason reason;

    TransactionRejectedException(Reason reason) {
        super("transaction rejected: " + reason);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
