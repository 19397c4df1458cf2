package io.cloister.mpc.sharing;

/** How the coefficients of a shared polynomial are committed to. */
public enum SharingKind {
    /** A_m = a_m*G: the shared value stands in the exponent. */
    SIMPLE(1),
    /** A_m = a_m*G + a'_m*H: the shared value is hidden unconditionally. */
    MASKED(2);

    private final int scalars;

    SharingKind(int scalars) {
        this.scalars = scalars;
    }

    /** Length of one share's plaintext: 32 bytes for each scalar. */
    public int shareLength() {
        return 32 * scalars;
    }
}
