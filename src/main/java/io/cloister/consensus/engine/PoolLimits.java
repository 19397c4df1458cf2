package io.cloister.consensus.engine;

/**
 * Bounds of the pool.
 *
 * @param transactions the most that wait
 * @param bytes the most bytes that wait
 * @param perSender the most that wait for one sender; unknown senders count as one
 * @param perValidator the same for a validator
 * @param blocks after how many blocks a transaction that was never chosen is dropped
 */
public record PoolLimits(int transactions, long bytes, int perSender, int perValidator, int blocks) {
    public static final PoolLimits DEFAULT = new PoolLimits(20_000, 64L << 20, 1_000, 5_000, 500);

    public PoolLimits {
        if (transactions < 1 || bytes < 1 || perSender < 1 || perValidator < 1 || blocks < 1) {
            throw new IllegalArgumentException("bounds of the pool must be positive");
        }
    }
}
