package io.cloister.api;

import io.cloister.ledger.Refusal;
import java.util.Set;

/** How a refusal of the ledger is answered. The code is the refusal's own; only the status is chosen here. */
final class Refusals {
    /** What the node or the network cannot do now and may be able to do later. */
    private static final Set<String> LATER = Set.of(
            "shard-not-ready",
            "too-many-waiting",
            "engine-stopped",
            "vote-key-not-in-force",
            "expired",
            "too-many-changes",
            "pool-full",
            "signing-queue-full",
            "unknown-sender");

    private Refusals() {}

    static ApiException problem(Refusal refusal) {
        return problem(refusal.code(), String.valueOf(refusal.getMessage()));
    }

    static ApiException problem(String code, String detail) {
        if (LATER.contains(code)) {
            return ApiException.unavailable(code, detail);
        }
        if (code.equals("malformed")) {
            return ApiException.badRequest(code, detail);
        }
        if (code.startsWith("unknown-")) {
            return ApiException.notFound(code, detail);
        }
        if (code.endsWith("-known") || code.startsWith("already-") || code.equals("duplicate")) {
            return ApiException.conflict(code, detail);
        }
        return ApiException.unprocessable(code, detail);
    }
}
