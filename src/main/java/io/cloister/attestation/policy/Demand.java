package io.cloister.attestation.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.cloister.attestation.steps.Outcome;

/** What a policy wants of one bit. */
public enum Demand {
    @JsonProperty("required")
    REQUIRED,
    @JsonProperty("forbidden")
    FORBIDDEN,
    @JsonProperty("any")
    ANY;

    /**
     * Judges a bit.
     *
     * @param what the bit when it is set, such as {@code debugging is allowed}
     * @param whatNot the same when it is not
     */
    Outcome judge(boolean set, String what, String whatNot) {
        String found = set ? what : whatNot;
        return switch (this) {
            case REQUIRED -> Rule.judge(set, found);
            case FORBIDDEN -> Rule.judge(!set, found);
            case ANY -> Rule.notAsked("any will do: " + found);
        };
    }
}
