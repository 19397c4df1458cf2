package io.cloister.bridge.runner;

import io.cloister.bridge.BridgeState;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.Receipt;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Submits each thing once at a time. Nodes take turns by the hash of what is submitted, so that normally one of them
 * does and the others find it done; when it is away the next one's turn comes.
 */
final class Submissions {
    private static final Logger LOG = System.getLogger(Submissions.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final Duration TURN = Duration.ofMillis(1_500);
    private static final int MAX = 10_000;

    private final LedgerClient ledger;
    private final InstantSource clock;
    private final int slot;
    private final Map<Bytes, Instant> notBefore = new ConcurrentHashMap<>();

    Submissions(LedgerClient ledger, InstantSource clock, int slot) {
        this.ledger = ledger;
        this.clock = clock;
        this.slot = slot;
    }

    long height() {
        return ledger.height();
    }

    /** Submits at once: every validator has to say it itself. */
    void state(int kind, Bytes body) {
        submit(key(kind, body), kind, body, Duration.ZERO, code -> {});
    }

    /**
     * Submits when this node's turn has come.
     *
     * @param about names what is submitted, the same on every node
     */
    void report(int kind, Bytes about, Bytes body, int nodes) {
        report(kind, about, body, nodes, code -> {});
    }

    /** @param refused told of the code when a block holds the transaction and the module refused it */
    void report(int kind, Bytes about, Bytes body, int nodes, Consumer<String> refused) {
        Bytes key = key(kind, about);
        int first = (key.at(0) & 0xFF) % nodes;
        int turn = Math.floorMod(slot - 1 - first, nodes);
        submit(key, kind, body, TURN.multipliedBy(turn), refused);
    }

    private void submit(Bytes key, int kind, Bytes body, Duration wait, Consumer<String> refused) {
        Instant now = clock.instant();
        if (notBefore.size() >= MAX) {
            notBefore.values().removeIf(now::isAfter);
        }
        Instant due = notBefore.computeIfAbsent(key, k -> now.plus(wait));
        if (now.isBefore(due)) {
            return;
        }
        notBefore.put(key, now.plus(RETRY));
        ledger.submit(BridgeState.MODULE, kind, body)
                .whenComplete((receipt, failure) -> done(key, kind, receipt, failure, refused));
    }

    private void done(
            Bytes key, int kind, @Nullable Receipt receipt, @Nullable Throwable failure, Consumer<String> refused) {
        if (failure != null) {
            LOG.log(Level.DEBUG, () -> "transaction of kind " + kind + " was not ordered: " + failure.getMessage());
        } else if (receipt != null && !receipt.succeeded()) {
            LOG.log(Level.INFO, () -> "transaction of kind " + kind + " was refused: " + receipt.code());
            refused.accept(receipt.code());
        }
    }

    private static Bytes key(int kind, Bytes about) {
        return Hashes.sha256(Bytes.of((byte) kind), about);
    }
}
