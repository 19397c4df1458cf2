package io.cloister.channel.flow;

/** So many at once, so many a second after that. Times are nanoseconds of one monotonic clock. */
public final class TokenBucket {
    private final double capacity;
    private final double perNano;
    private double tokens;
    private long at;

    public TokenBucket(int capacity, double perSecond, long now) {
        this.capacity = capacity;
        this.perNano = perSecond / 1e9;
        this.tokens = capacity;
        this.at = now;
    }

    /** Takes one token if there is one. */
    public boolean take(long now) {
        refill(now);
        if (tokens < 1) {
            return false;
        }
        tokens -= 1;
        return true;
    }

    /** Whether nothing is missing, so that forgetting the bucket changes nothing. */
    boolean isFull(long now) {
        refill(now);
        return tokens >= capacity;
    }

    private void refill(long now) {
        long passed = Math.max(0, now - at);
        at = Math.max(at, now);
        tokens = Math.min(capacity, tokens + passed * perNano);
    }
}
