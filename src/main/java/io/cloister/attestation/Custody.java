package io.cloister.attestation;

/**
 * Who has the machine in hand. Interposers on the memory bus defeat the silicon, so physical access bounds the grade.
 */
public enum Custody {
    /** In a cloud provider's halls. */
    CLOUD_OPERATED(Grade.A, "cloud-operated"),
    /** In a third party's hall. */
    COLOCATED(Grade.B, "colocated"),
    /** With its owner, or with nobody knows whom. */
    OWNER_HELD(Grade.C, "owner-held"),
    /** No machine of AMD's at all. */
    SIMULATED(Grade.D, "simulated");

    private final Grade best;
    private final String label;

    Custody(Grade best, String label) {
        this.best = best;
        this.label = label;
    }

    /** The best grade that such custody can have. */
    public Grade best() {
        return best;
    }

    public String label() {
        return label;
    }
}
