package io.cloister.attestation;

import io.cloister.attestation.Check.Result;
import io.cloister.attestation.release.Rung;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * On which of the two rungs evidence stands by the keys and values that the policy names. Only a signed release says
 * whose they are.
 */
final class Rungs {
    private Rungs() {}

    /** The claims {@code rung} and, for each of the two by name, whether it is reached and, if not, why. */
    static Map<String, String> of(List<Check> checks) {
        boolean launchKey = passed(checks, "policy.author-key") || passed(checks, "policy.id-key");
        boolean boot = passed(checks, "policy.boot-firmware") && passed(checks, "policy.pcrs");
        Map<String, String> claims = new TreeMap<>();
        claims.put("rung", launchKey ? Rung.HARDWARE_ID_BLOCK.label() : boot ? Rung.MEASURED_BOOT.label() : "none");
        claims.put(
                "rung." + Rung.HARDWARE_ID_BLOCK.label(),
                launchKey
                        ? "reached: " + Rung.HARDWARE_ID_BLOCK.proves()
                        : "not reached: no ID key or author key that the policy names signed the launch");
        claims.put(
                "rung." + Rung.MEASURED_BOOT.label(),
                boot
                        ? "reached: " + Rung.MEASURED_BOOT.proves() + "; but " + Rung.MEASURED_BOOT.leavesOpen()
                        : "not reached: no quote has the firmware and PCRs that the policy names");
        return claims;
    }

    private static boolean passed(List<Check> checks, String name) {
        return checks.stream().anyMatch(check -> check.name().equals(name) && check.result() == Result.PASSED);
    }
}
