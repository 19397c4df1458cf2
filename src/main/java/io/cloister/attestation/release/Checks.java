package io.cloister.attestation.release;

import io.cloister.attestation.Check;
import java.util.ArrayList;
import java.util.List;

/** Collects the lines of a verdict in order. Not thread-safe. */
final class Checks {
    private final List<Check> lines = new ArrayList<>();

    void passed(String name, String detail) {
        lines.add(new Check(name, Check.Result.PASSED, detail));
    }

    void failed(String name, String detail) {
        lines.add(new Check(name, Check.Result.FAILED, detail));
    }

    void skipped(String name, String detail) {
        lines.add(new Check(name, Check.Result.SKIPPED, detail));
    }

    /** Passed or failed, with one detail that says what was seen. */
    boolean judge(String name, boolean holds, String detail) {
        if (holds) {
            passed(name, detail);
        } else {
            failed(name, detail);
        }
        return holds;
    }

    boolean noneFailed() {
        return lines.stream().noneMatch(line -> line.result() == Check.Result.FAILED);
    }

    List<Check> lines() {
        return List.copyOf(lines);
    }

    void add(Check line) {
        lines.add(line);
    }

    void addAll(Checks others) {
        lines.addAll(others.lines);
    }

    /** The same lines, those that failed as skipped for this reason. */
    Checks withoutFailures(String reason) {
        Checks softened = new Checks();
        for (Check line : lines) {
            if (line.result() == Check.Result.FAILED) {
                softened.skipped(line.name(), reason + ": " + line.detail());
            } else {
                softened.lines.add(line);
            }
        }
        return softened;
    }
}
