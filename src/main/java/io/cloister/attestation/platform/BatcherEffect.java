package io.cloister.attestation.platform;

import io.cloister.attestation.Leaf;
import java.util.List;

/** What the adapter must do for a {@link ReportBatcher}, in the given order. */
sealed interface BatcherEffect {
    /** A leaf that waits, by its caller's ticket. */
    record Request(long ticket, Leaf leaf) {}

    /** Make one report over these leaves, then say {@link BatcherInput.Made} or {@link BatcherInput.Failed}. */
    record MakeReport(List<Request> batch) implements BatcherEffect {
        public MakeReport {
            batch = List.copyOf(batch);
        }
    }

    /** Hand out the evidence of the report that was made. */
    record Answer(List<Request> batch) implements BatcherEffect {
        public Answer {
            batch = List.copyOf(batch);
        }
    }

    /** Tell these callers that there is no evidence for them, and why. */
    record Refuse(List<Long> tickets, RuntimeException cause) implements BatcherEffect {
        public Refuse {
            tickets = List.copyOf(tickets);
        }
    }
}
