package io.cloister.bridge.runner;

import java.util.Set;

/** What a refusal by the ledger means for the node that reported. The one place that tells codes apart. */
enum Prospect {
    /** What was reported is refused for what it is, or has been taken already: it will never be better. */
    NONE,
    /** The ledger may think otherwise later: a cap has room again, a pause ends, a block is observed. */
    LATER;

    private static final Set<String> FOR_GOOD = Set.of(
            "amount-above-supply",
            "amount-below-minimum",
            "burn-known",
            "deposit-known",
            "deposit-too-old",
            "no-such-output",
            "output-not-gateway");

    static Prospect of(String code) {
        return FOR_GOOD.contains(code) ? NONE : LATER;
    }
}
