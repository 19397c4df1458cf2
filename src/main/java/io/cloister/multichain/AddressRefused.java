package io.cloister.multichain;

/** Text that is no address this chain can be paid at. */
public final class AddressRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the address. */
    public enum Reason {
        /** Wrong alphabet, length or checksum. */
        MALFORMED,
        /** A well-formed address of another network. */
        WRONG_NETWORK,
        /** A kind of output that is not paid to: an unknown witness version or program length. */
        UNSUPPORTED
    }

    private final Reason reason;

    public AddressRefused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
