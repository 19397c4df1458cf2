package io.cloister.attestation.format;

/** How far a result goes, best first after none, by the ranges of AR4SI. */
public enum Tier {
    NONE("none"),
    AFFIRMING("affirming"),
    WARNING("warning"),
    CONTRAINDICATED("contraindicated");

    private static final int WARNING_FROM = 32;
    private static final int CONTRAINDICATED_FROM = 96;

    private final String label;

    Tier(String label) {
        this.label = label;
    }

    /** The string that stands for it in JSON. */
    public String label() {
        return label;
    }

    /** The tier of a trustworthiness claim, -128 to 127; negative claims are private ones of the same ranges less one. */
    static Tier ofClaim(int claim) {
        int distance = claim < 0 ? -claim - 1 : claim;
        if (distance >= CONTRAINDICATED_FROM) {
            return CONTRAINDICATED;
        }
        if (distance >= WARNING_FROM) {
            return WARNING;
        }
        return claim >= -1 && claim <= 1 ? NONE : AFFIRMING;
    }

    Tier worse(Tier other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
