package io.cloister.consensus.core;

/**
 * When a node takes part in sync by snapshot.
 *
 * @param behind so many heights behind it asks for a snapshot rather than for blocks
 * @param every at heights divisible by this it keeps a snapshot for others
 */
public record Snapshots(long behind, long every) {
    public static final Snapshots DEFAULT = new Snapshots(2_000, 1_000);

    public Snapshots {
        if (behind < 2 || every < 1) {
            throw new IllegalArgumentException("snapshots from 2 heights behind on and each height at most");
        }
    }
}
