package io.cloister.attestation.snp;

/** What three certificates are worth without a report. */
public sealed interface ChainVerdict {
    /** They lead to a root that is trusted. */
    record Holds(Endorsement endorsement) implements ChainVerdict {}

    /** They do not, and why. */
    record Broken(String detail) implements ChainVerdict {}
}
