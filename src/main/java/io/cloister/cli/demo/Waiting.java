package io.cloister.cli.demo;

import java.time.Duration;
import java.util.Optional;

/** Asks again until there is an answer or the time is up. */
final class Waiting {
    private static final long PAUSE_MILLIS = 150;

    private Waiting() {}

    /** A question that may fail or have no answer yet. */
    interface Question<T> {
        Optional<T> ask() throws Exception;
    }

    /** @throws CheckFailed with the last failure when the time is up */
    static <T> T until(Progress progress, String what, Duration within, Question<T> question)
            throws InterruptedException {
        progress.waiting(what);
        long end = System.nanoTime() + within.toNanos();
        String last = "no answer";
        while (System.nanoTime() < end) {
            try {
                Optional<T> answer = question.ask();
                if (answer.isPresent()) {
                    return answer.get();
                }
            } catch (CheckFailed | InterruptedException e) {
                throw e;
            } catch (Exception e) {
                last = String.valueOf(e.getMessage());
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        throw new CheckFailed("waited " + within.toSeconds() + " s for " + what + "; last: " + last);
    }

    /** @throws CheckFailed when the condition does not come true in time */
    static void untilTrue(Progress progress, String what, Duration within, Condition condition)
            throws InterruptedException {
        until(progress, what, within, () -> condition.holds() ? Optional.of(true) : Optional.empty());
    }

    /** Something that may come true. */
    interface Condition {
        boolean holds() throws Exception;
    }
}
