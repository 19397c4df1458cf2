package io.cloister.attestation.platform;

import io.cloister.attestation.Leaf;

/** What can happen to a {@link ReportBatcher}. */
sealed interface BatcherInput {
    /**
     * Somebody wants evidence for a leaf.
     *
     * @param ticket the caller's name for it, never used twice
     */
    record Asked(long ticket, Leaf leaf) implements BatcherInput {}

    /** Nobody waits for this ticket any more. */
    record GivenUp(long ticket) implements BatcherInput {}

    /** Time has passed. */
    record Tick() implements BatcherInput {}

    /** The report under way was made. */
    record Made() implements BatcherInput {}

    /** The report under way could not be made; a wiped key ends everything. */
    record Failed(RuntimeException cause) implements BatcherInput {}

    /** Nobody shall be served any more. */
    record Closed(RuntimeException cause) implements BatcherInput {}
}
