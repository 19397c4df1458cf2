package io.cloister.consensus.engine;

import io.cloister.consensus.core.Pace;
import io.cloister.consensus.core.Snapshots;
import io.cloister.consensus.core.Timeliness;
import io.cloister.consensus.core.Timeouts;

/**
 * How a node takes part. All of it may differ between nodes.
 *
 * @param verifiedAtStart for how many of the last blocks the hash chain and the certificates are checked again at
 *     start; that no older one is changed or missing is what the store vouches for
 */
public record EngineSettings(
        Timeouts timeouts,
        Pace pace,
        Snapshots snapshots,
        PoolLimits pool,
        Timeliness timeliness,
        int verifiedAtStart) {
    public static final EngineSettings DEFAULT = new EngineSettings(
            Timeouts.DEFAULT, Pace.DEFAULT, Snapshots.DEFAULT, PoolLimits.DEFAULT, Timeliness.DEFAULT, 10_000);

    public EngineSettings {
        if (verifiedAtStart < 1) {
            throw new IllegalArgumentException("blocks verified at start must be positive");
        }
    }

    public EngineSettings withPace(Pace changed) {
        return new EngineSettings(timeouts, changed, snapshots, pool, timeliness, verifiedAtStart);
    }

    public EngineSettings withSnapshots(Snapshots changed) {
        return new EngineSettings(timeouts, pace, changed, pool, timeliness, verifiedAtStart);
    }

    public EngineSettings withTimeouts(Timeouts changed) {
        return new EngineSettings(changed, pace, snapshots, pool, timeliness, verifiedAtStart);
    }
}
