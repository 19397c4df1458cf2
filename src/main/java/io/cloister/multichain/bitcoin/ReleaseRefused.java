package io.cloister.multichain.bitcoin;

/** A release that cannot be built or completed as asked. */
public final class ReleaseRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The coins do not add up to the payouts. */
        INSUFFICIENT_FUNDS,
        /** A payout is dust once its share of the fee is taken. */
        PAYOUT_IS_DUST,
        /** More coins would be needed than one transaction may spend. */
        TOO_MANY_INPUTS,
        /** What is left over is too little for an output and more than may be given to the miner. */
        CHANGE_IS_DUST,
        /** The fee rate lies outside the chain's floor and cap. */
        FEE_RATE,
        /** Nothing is paid, or too many are. */
        PAYOUTS,
        /** A signature is missing or is not the right key's. */
        SIGNATURE
    }

    private final Reason reason;

    public ReleaseRefused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
