package io.cloister.attestation.platform;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Events in the order of their times, and of their making where those are equal. Nobody waits. */
final class VirtualTime {
    private record Event(long at, long number, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private long now;
    private long made;

    /** Nanoseconds since the beginning. */
    long now() {
        return now;
    }

    void at(long time, Runnable action) {
        events.add(new Event(Math.max(now, time), made++, action));
    }

    void after(Duration delay, Runnable action) {
        at(now + delay.toNanos(), action);
    }

    /** Lets the next event happen, unless there is none up to this time. */
    boolean next(long end) {
        Event event = events.peek();
        if (event == null || event.at() > end) {
            return false;
        }
        events.remove();
        now = event.at();
        event.action().run();
        return true;
    }
}
