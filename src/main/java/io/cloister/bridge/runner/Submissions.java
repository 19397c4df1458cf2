package io.cloister.bridge.runner;

import io.cloister.bridge.BridgeState;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.Refusal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Submits each thing once at a time. Nodes take turns by the hash of what is submitted, so that normally one of them
 * does and the others find it done; when it is away the next one's turn comes. What the ledger refuses for good is given
 * up; what it refuses for now, and what cannot be made, is tried again after a pause that doubles. The memory of that is
 * bounded.
 */
final class Submissions {
    static final int MAX = 10_000;
    private static final Logger LOG = System.getLogger(Submissions.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);
    private static final Duration TURN = Duration.ofMillis(1_500);
    private static final int MOST_DOUBLINGS = 5;

    /** How long an answer is waited for before the same is submitted beside it. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final LedgerClient ledger;
    private final InstantSource clock;
    private final int slot;
    private final Map<Bytes, Attempt> attempts = new LinkedHashMap<>(16, 0.75f, true);
    private final AtomicLong givenUp = new AtomicLong();

    /** @param refusals and failures one after the other, the last ones */
    private record Attempt(Instant notBefore, int refusals, boolean hopeless) {}

    Submissions(LedgerClient ledger, InstantSource clock, int slot) {
        this.ledger = ledger;
        this.clock = clock;
        this.slot = slot;
    }

    long height() {
        return ledger.height();
    }

    InstantSource clock() {
        return clock;
    }

    /** Submits at once: every validator has to say it itself. */
    void state(int kind, Bytes body) {
        state(kind, body, () -> {});
    }

    /** @param taken run when a block holds it and the ledger took it */
    void state(int kind, Bytes body, Runnable taken) {
        submit(key(kind, body), kind, () -> body, Duration.ZERO, taken);
    }

    /**
     * Submits when this node's turn has come.
     *
     * @param about names what is submitted, the same on every node
     * @param body made only when it is submitted
     */
    void report(int kind, Bytes about, Supplier<Bytes> body, int nodes) {
        Bytes key = key(kind, about);
        int first = (key.at(0) & 0xFF) % nodes;
        int turn = Math.floorMod(slot - 1 - first, nodes);
        submit(key, kind, body, TURN.multipliedBy(turn), () -> {});
    }

    /** Whether the ledger has refused it for good. */
    boolean hasGivenUp(int kind, Bytes about) {
        Attempt attempt = recall(key(kind, about));
        return attempt != null && attempt.hopeless();
    }

    /** For good, without asking the ledger. */
    void giveUp(int kind, Bytes about, String why) {
        Bytes key = key(kind, about);
        remember(key, new Attempt(clock.instant(), 0, true));
        givenUp.incrementAndGet();
        LOG.log(Level.INFO, () -> "transaction of kind " + kind + " about " + about + " is given up: " + why);
    }

    /** How many reports have been given up. */
    long givenUp() {
        return givenUp.get();
    }

    private void submit(Bytes key, int kind, Supplier<Bytes> body, Duration wait, Runnable taken) {
        Instant now = clock.instant();
        Attempt known = recall(key);
        Attempt attempt = known == null ? new Attempt(now.plus(wait), 0, false) : known;
        if (known == null) {
            remember(key, attempt);
        }
        if (attempt.hopeless() || now.isBefore(attempt.notBefore())) {
            return;
        }
        remember(key, new Attempt(now.plus(pause(attempt.refusals())), attempt.refusals() + 1, false));
        Bytes made = body.get();
        if (hasBeenGivenUp(key)) {
            return;
        }
        remember(key, new Attempt(now.plus(PATIENCE), attempt.refusals(), false));
        ledger.submit(BridgeState.MODULE, kind, made).whenComplete((receipt, failure) -> {
            if (receipt != null && receipt.succeeded()) {
                taken.run();
            }
            done(key, kind, attempt.refusals(), receipt, failure);
        });
    }

    private boolean hasBeenGivenUp(Bytes key) {
        Attempt attempt = recall(key);
        return attempt != null && attempt.hopeless();
    }

    private void done(Bytes key, int kind, int refusals, @Nullable Receipt receipt, @Nullable Throwable failure) {
        if (receipt != null && !receipt.succeeded()) {
            refused(key, kind, refusals, receipt.code());
        } else if (cause(failure) instanceof Refusal refusal) {
            refused(key, kind, refusals, refusal.code());
        } else {
            remember(key, new Attempt(clock.instant().plus(RETRY), 0, false));
        }
    }

    private static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }

    private void refused(Bytes key, int kind, int refusals, String code) {
        boolean hopeless = Prospect.of(code) == Prospect.NONE;
        remember(key, new Attempt(clock.instant().plus(pause(refusals)), refusals + 1, hopeless));
        if (hopeless) {
            givenUp.incrementAndGet();
        }
        LOG.log(
                Level.INFO,
                () -> "transaction of kind " + kind + " was refused" + (hopeless ? " for good: " : ": ") + code);
    }

    private static Duration pause(int refusals) {
        Duration pause = RETRY.multipliedBy(1L << Math.min(refusals, MOST_DOUBLINGS));
        return pause.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : pause;
    }

    private @Nullable Attempt recall(Bytes key) {
        synchronized (attempts) {
            return attempts.get(key);
        }
    }

    /** What was not asked for longest is forgotten first. */
    private void remember(Bytes key, Attempt attempt) {
        synchronized (attempts) {
            attempts.put(key, attempt);
            if (attempts.size() > MAX) {
                attempts.remove(attempts.keySet().iterator().next());
            }
        }
    }

    private static Bytes key(int kind, Bytes about) {
        return Hashes.sha256(Bytes.of((byte) kind), about);
    }
}
