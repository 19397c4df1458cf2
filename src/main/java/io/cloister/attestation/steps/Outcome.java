package io.cloister.attestation.steps;

/** How a step ended, and why in words for people. */
public sealed interface Outcome {
    String detail();

    record Passed(String detail) implements Outcome {}

    record Failed(String detail) implements Outcome {}

    /** Not looked at: an earlier failure makes it pointless, or what it needs was not given. */
    record Skipped(String detail) implements Outcome {}
}
