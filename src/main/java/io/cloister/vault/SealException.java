package io.cloister.vault;

/** The key hierarchy of a level does not open. */
public final class SealException extends VaultException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Reason {
        /** The identity level was sealed under another local seal: another machine, measurement, policy or TCB. */
        WRONG_LOCAL_SEAL,
        /** The local seal is right, the peers' part is not. */
        WRONG_PEERS_PART,
        /** No peer handed out the part that the state level needs. */
        PEERS_PART_MISSING
    }

    private final Reason reason;

    public SealException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
