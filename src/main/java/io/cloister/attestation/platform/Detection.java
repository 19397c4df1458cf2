package io.cloister.attestation.platform;

import java.util.List;
import java.util.Optional;

/**
 * What a machine was found to be, and by what.
 *
 * @param kind empty where nothing gives evidence
 * @param findings what was looked at, in this order
 */
public record Detection(Optional<PlatformKind> kind, List<Finding> findings) {
    public Detection {
        findings = List.copyOf(findings);
    }

    /**
     * One look.
     *
     * @param probe what was looked at
     * @param there whether it can be used
     * @param seen what was seen, for people
     */
    public record Finding(String probe, boolean there, String seen) {
        @Override
        public String toString() {
            return probe + ": " + seen;
        }
    }

    /** All of it in one line. */
    public String summary() {
        String verdict = kind.map(PlatformKind::label).orElse("nothing that gives evidence");
        return verdict + " ("
                + String.join("; ", findings.stream().map(Finding::toString).toList()) + ")";
    }
}
