package io.cloister.consensus.engine;

import io.cloister.consensus.core.Pace;
import io.cloister.consensus.core.ProposerRule;
import io.cloister.consensus.core.Timeouts;

/**
 * How a node takes part. Timeouts and pace may differ between nodes; the proposer rule must not.
 *
 * @param maxClockDriftMillis how far a fresh proposal's time may be from the local clock, either way
 * @param certificatesAtStart for how many of the last blocks signatures are checked again at start; the hash chain is
 *     always checked whole, so that the last certificate vouches for every block before it
 */
public record EngineSettings(
        Timeouts timeouts,
        Pace pace,
        PoolLimits pool,
        ProposerRule proposerRule,
        long maxClockDriftMillis,
        int certificatesAtStart) {
    public static final EngineSettings DEFAULT = new EngineSettings(
            Timeouts.DEFAULT, Pace.DEFAULT, PoolLimits.DEFAULT, ProposerRule.ROTATION, 10_000, 10_000);

    public EngineSettings {
        if (maxClockDriftMillis < 1 || certificatesAtStart < 1) {
            throw new IllegalArgumentException("clock drift and certificates at start must be positive");
        }
    }

    public EngineSettings withPace(Pace changed) {
        return new EngineSettings(timeouts, changed, pool, proposerRule, maxClockDriftMillis, certificatesAtStart);
    }

    public EngineSettings withTimeouts(Timeouts changed) {
        return new EngineSettings(changed, pace, pool, proposerRule, maxClockDriftMillis, certificatesAtStart);
    }
}
