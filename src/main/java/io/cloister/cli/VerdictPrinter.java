package io.cloister.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.attestation.Check;
import io.cloister.attestation.Verdict;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** A verdict for a program or for people. */
final class VerdictPrinter {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

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

    /** A check for people. */
    static String line(Check check) {
        return "  %-8s %s: %s".formatted(result(check), check.name(), check.detail());
    }

    /** The beginning of a verdict that has no grade. */
    static ObjectNode json(List<Check> checks, boolean accepted) {
        ObjectNode root = JSON.objectNode().put("verdict", accepted ? "accepted" : "rejected");
        ArrayNode lines = root.putArray("checks");
        checks.forEach(check -> lines.addObject()
                .put("name", check.name())
                .put("result", result(check))
                .put("detail", check.detail()));
        return root;
    }

    private static String result(Check check) {
        return check.result().name().toLowerCase(Locale.ROOT);
    }
}
