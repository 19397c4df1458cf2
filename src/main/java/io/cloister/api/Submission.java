package io.cloister.api;

import io.cloister.codec.Bytes;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.Refusal;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Puts a caller's wish on the ledger and waits for its receipt; few at a time, because each holds a thread. */
final class Submission {
    private static final int MAX_WAITING = 16;
    private static final int PATIENCE_SECONDS = 15;
    private static final int RETRY_SECONDS = 2;

    private final Semaphore waiting = new Semaphore(MAX_WAITING);

    /**
     * The receipt, which may be one of a refusal.
     *
     * @throws ApiException 429 when too many wait, 503 {@code not-ordered-yet} when no block took it in time, or the
     *     problem of the refusal at the door
     */
    Receipt submit(LedgerClient ledger, int module, int kind, Bytes body) {
        if (!waiting.tryAcquire()) {
            throw ApiException.tooMany(RETRY_SECONDS);
        }
        try {
            return ledger.submit(module, kind, body).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.unavailable("interrupted", "the node is being stopped");
        } catch (TimeoutException e) {
            throw ApiException.unavailable("not-ordered-yet", "no block has taken it yet; ask again");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Refusal refusal) {
                throw Refusals.problem(refusal);
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            waiting.release();
        }
    }
}
