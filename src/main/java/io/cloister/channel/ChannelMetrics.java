package io.cloister.channel;

import java.util.Locale;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters of the channel context. Names are stable and of bounded number; none depends on what a stranger sends except
 * by one of the fixed refusals and the verifier's fixed check names. Thread-safe.
 */
public final class ChannelMetrics {
    private static final int MAX_NAMES = 512;

    private final ConcurrentSkipListMap<String, LongAdder> counters = new ConcurrentSkipListMap<>();

    /** An event without a label, for example {@code handshakes.completed}. */
    public void count(String event) {
        add(event, 1);
    }

    public void add(String event, long amount) {
        LongAdder counter = counters.get(event);
        if (counter == null) {
            if (counters.size() >= MAX_NAMES) {
                return;
            }
            counter = counters.computeIfAbsent(event, name -> new LongAdder());
        }
        counter.add(amount);
    }

    /** A peer was refused or dropped. */
    public void refused(Refusal reason) {
        count("refused." + label(reason));
    }

    /** A check of the verifier that failed on refused evidence. */
    public void failedCheck(String check) {
        count("refused.check." + check);
    }

    /** How often a reason was given. */
    public long refusals(Refusal reason) {
        return value("refused." + label(reason));
    }

    /** The present value of one counter, 0 when nothing was counted. */
    public long value(String event) {
        LongAdder counter = counters.get(event);
        return counter == null ? 0 : counter.sum();
    }

    private static String label(Refusal reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }
}
