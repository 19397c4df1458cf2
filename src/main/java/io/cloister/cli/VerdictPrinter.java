package io.cloister.cli;

import io.cloister.attestation.Check;
import io.cloister.attestation.Verdict;
import java.io.PrintStream;
import java.util.Locale;

/** A verdict for a program or for people. */
final class VerdictPrinter {
    private VerdictPrinter() {}

    /** Prints it; 0 when accepted, else 1. */
    static int print(Verdict verdict, boolean json, PrintStream out) {
        if (json) {
            out.println(verdict.toJson());
        } else {
            verdict.checks().forEach(check -> out.println(line(check)));
            verdict.claims().forEach((name, value) -> out.println("  " + name + " = " + value));
            out.println(verdict.accepted() ? "accepted, grade " + verdict.grade() : "rejected");
        }
        return verdict.accepted() ? 0 : 1;
    }

    static String line(Check check) {
        return "  %-8s %s: %s".formatted(check.result().name().toLowerCase(Locale.ROOT), check.name(), check.detail());
    }
}
