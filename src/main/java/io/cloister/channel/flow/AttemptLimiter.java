package io.cloister.channel.flow;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token bucket for each source address, asked before a stranger costs us anything. Remembers a bounded number of
 * addresses: a full bucket is forgotten first; while none is full, further addresses are refused. (F7)
 */
public final class AttemptLimiter {
    private final int burst;
    private final double perSecond;
    private final int maxAddresses;
    private final Map<String, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    public AttemptLimiter(int burst, double perSecond, int maxAddresses) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.maxAddresses = maxAddresses;
    }

    /** Whether one more attempt from this address is allowed at this time (nanoseconds, monotonic). */
    public boolean allow(String address, long now) {
        TokenBucket bucket = buckets.get(address);
        if (bucket == null) {
            if (buckets.size() >= maxAddresses) {
                buckets.values().removeIf(other -> other.isFull(now));
            }
            if (buckets.size() >= maxAddresses) {
                return false;
            }
            bucket = new TokenBucket(burst, perSecond, now);
            buckets.put(address, bucket);
        }
        return bucket.take(now);
    }

    int addresses() {
        return buckets.size();
    }
}
