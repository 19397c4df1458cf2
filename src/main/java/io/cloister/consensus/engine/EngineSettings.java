package io.cloister.consensus.engine;

import io.cloister.consensus.core.Pace;
import io.cloister.consensus.core.ProposerRule;
import io.cloister.consensus.core.Timeouts;

/**
 * How a node takes part. Timeouts and pace may differ between nodes; the proposer rule must not.
 *
 * @param maxClockDriftMillis how far a fresh proposal's time may be from the local clock, either way
 * @param verifiedAtStart for how many of the last blocks the hash chain and the certificates are checked again at
 *     start; that no older one is changed or missing is what the store vouches for
 */
public record EngineSettings(
        Timeouts timeouts,
        Pace pace,
        PoolLimits pool,
        ProposerRule proposerRule,
        long maxClockDriftMillis,
        int verifiedAtStart) {
    public static final EngineSettings DEFAULT = new EngineSettings(
            Timeouts.DEFAULT, Pace.DEFAULT, PoolLimits.DEFAULT, ProposerRule.ROTATION, 10_000, 10_000);

    public EngineSettings {
        if (maxClockDriftMillis < 1 || verifiedAtStart < 1) {
            throw new IllegalArgumentException("clock drift and blocks verified at start must be positive");
        }
    }

    public EngineSettings withPace(Pace changed) {
        return new EngineSettings(timeouts, changed, pool, proposerRule, maxClockDriftMillis, verifiedAtStart);
    }

    public EngineSettings withTimeouts(Timeouts changed) {
        return new EngineSettings(changed, pace, pool, proposerRule, maxClockDriftMillis, verifiedAtStart);
    }
}
