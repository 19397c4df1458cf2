package io.cloister.attestation.policy;

import io.cloister.attestation.steps.Outcome;
import io.cloister.codec.Bytes;
import java.util.Set;
import java.util.function.Function;

/**
 * One demand of a policy. Skipped means that the policy demands nothing of the kind, and says so.
 *
 * @param name the stable name under which a verdict lists it, without {@code policy.}
 */
public record Rule(String name, Function<Subject, Outcome> test) {
    static Outcome judge(boolean holds, String detail) {
        return holds ? new Outcome.Passed(detail) : new Outcome.Failed(detail);
    }

    static Outcome notAsked(String why) {
        return new Outcome.Skipped(why);
    }

    /** A value that must stand in a list, where the list is not empty. */
    static Outcome oneOf(Set<Bytes> allowed, Bytes value, String what) {
        if (allowed.isEmpty()) {
            return notAsked("the policy names no " + what);
        }
        return judge(allowed.contains(value), value + (allowed.contains(value) ? "" : " is not allowed"));
    }
}
