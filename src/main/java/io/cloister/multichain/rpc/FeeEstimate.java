package io.cloister.multichain.rpc;

/**
 * A fee rate and where it comes from.
 *
 * @param ratePerKvb units per 1000 virtual bytes, between the profile's floor and cap
 * @param source what decided it
 * @param detail the node's own words or figure, for people
 */
public record FeeEstimate(long ratePerKvb, Source source, String detail) {
    /** What decided a fee rate. */
    public enum Source {
        /** The node's estimate. */
        ESTIMATOR,
        /** The profile's floor: the node has no data (always so on regtest) or estimates less. */
        FLOOR,
        /** The profile's cap: the node estimates more. */
        CAP
    }
}
