package io.cloister.multichain;

/** A chain profile that this release will not serve, or a use that the profile's chain cannot carry. */
public final class ProfileRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why the profile was refused. */
    public enum Reason {
        /** The chain's coins have value. */
        NOT_REGTEST,
        /** The chain has no relative timelock, so a guardian branch would be spendable at once. */
        NO_RELATIVE_TIMELOCK,
        /** No profile has this name. */
        UNKNOWN
    }

    private final Reason reason;

    public ProfileRefused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
