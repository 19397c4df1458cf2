package io.cloister.attestation.fuzz;

import io.cloister.attestation.Golden;
import io.cloister.attestation.Policy;
import io.cloister.attestation.snp.Crl;
import io.cloister.codec.Bytes;
import java.util.function.IntFunction;

/** Inputs as large or as unpleasant as their decoders let them be. */
final class Extremes {
    private Extremes() {}

    /** Policies that are deep, wide, or full of strings with one hash code. */
    static Bytes[] policies() {
        return new Bytes[] {
            policy("[".repeat(990), list(28_000, i -> Integer.toString(i)), "]".repeat(990)),
            policy("", list(9_000, i -> '"' + sameHash(i, 14) + '"'), ""),
            policy("[".repeat(300), list(8_000, i -> '"' + sameHash(i, 13) + '"'), "]".repeat(300)),
            policy("", list(12_000, i -> Long.toString(((long) i << 32) + (1_000_000 ^ i))), ""),
            policy("", list(3_500, i -> "\"%064x\"".formatted(i)), ""),
            policy("", "9".repeat(200_000), ""),
            policy("", list(500, i -> "1e" + (999_999_000 + i)), ""),
            Bytes.utf8("[".repeat(Policy.MAX_SIZE)),
            Bytes.utf8("{\"a\":".repeat(Policy.MAX_SIZE / 5))
        };
    }

    private static Bytes policy(String before, String value, String behind) {
        return Bytes.utf8(
                "{\"format\":\"cloister/policy/v1\",\"launch\":{\"measurements\":" + before + value + behind + "}}");
    }

    static String list(int count, IntFunction<String> item) {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ",").append(item.apply(i));
        }
        return text.append(']').toString();
    }

    /** Strings that differ and share their hash code. */
    static String sameHash(int number, int pairs) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pairs; i++) {
            text.append((number >> i & 1) == 0 ? "Aa" : "BB");
        }
        return text.toString();
    }

    /** The list with one entry again and again, its lengths written anew. */
    static Bytes revocationList() {
        Bytes list = Golden.read("crls/issuer.crl");
        return DerMutation.fill(list, Crl.MAX_SIZE);
    }
}
