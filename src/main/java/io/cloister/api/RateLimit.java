package io.cloister.api;

/** So many at once and so many a second in the long run; thread-safe. */
final class RateLimit {
    private final int burst;
    private final double perSecond;
    private double tokens;
    private long last = System.nanoTime();

    RateLimit(int burst, double perSecond) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.tokens = burst;
    }

    /** @throws ApiException 429 when the limit is reached */
    synchronized void take() {
        long now = System.nanoTime();
        tokens = Math.min(burst, tokens + (now - last) / 1e9 * perSecond);
        last = now;
        if (tokens < 1) {
            throw ApiException.tooMany((int) Math.ceil((1 - tokens) / perSecond));
        }
        tokens--;
    }
}
