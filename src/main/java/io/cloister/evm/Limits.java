package io.cloister.evm;

/**
 * What one simulation may use.
 *
 * @param gas the highest gas limit of a transaction
 * @param memoryBytes the memory of all call frames together, at most 2^30
 * @param depth nested calls, at most the protocol's 1,024
 * @param timeMillis running time
 */
public record Limits(long gas, int memoryBytes, int depth, long timeMillis) {
    static final int PROTOCOL_DEPTH = 1024;
    private static final int MOST_MEMORY = 1 << 30;

    /** A mainnet block's gas, 64 MiB, the protocol's depth, five seconds. */
    public static final Limits DEFAULT = new Limits(60_000_000, 64 << 20, PROTOCOL_DEPTH, 5_000);

    public Limits {
        if (gas < 0) {
            throw new IllegalArgumentException("a gas limit of " + gas);
        }
        if (memoryBytes < 0 || memoryBytes > MOST_MEMORY) {
            throw new IllegalArgumentException("a memory limit of " + memoryBytes);
        }
        if (depth < 0 || depth > PROTOCOL_DEPTH) {
            throw new IllegalArgumentException("a depth limit of " + depth);
        }
        if (timeMillis < 1) {
            throw new IllegalArgumentException("a time limit of " + timeMillis);
        }
    }
}
