package io.cloister.attestation.snp;

/**
 * What a verifier remembers of certificates whose signatures held. Verdicts are the same with each: whether an
 * exact byte string verified under an exact key never changes, and trust, dates, revocation and the report itself are
 * looked at every time.
 */
public enum Memory {
    /** Every signature is checked every time. */
    NOTHING(0, 0),

    /** That a root signed itself. */
    ROOTS(8, 0),

    /** Roots, and whole chains with the leaf's key ready for use. */
    CHAINS(8, 256);

    final int roots;
    final int chains;

    Memory(int roots, int chains) {
        this.roots = roots;
        this.chains = chains;
    }
}
