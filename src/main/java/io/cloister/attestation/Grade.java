package io.cloister.attestation;

/** How much an accepted platform is worth, A best. The whole grade is the worse of the platform's and the custody's. */
public enum Grade {
    A,
    B,
    C,
    D;

    /** The worse of two. */
    public Grade worse(Grade other) {
        return compareTo(other) >= 0 ? this : other;
    }

    public boolean atLeast(Grade minimum) {
        return compareTo(minimum) <= 0;
    }
}
