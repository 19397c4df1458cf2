package io.cloister.node.heads;

import java.util.Optional;

/**
 * How much of this node's state a rollback could take without anybody noticing.
 *
 * @param latest the newest head of this boot
 * @param witnessed the newest one that a quorum of the others has witnessed
 * @param rollback what was found at the start, when this disk was an older one
 */
public record HeadStatus(Optional<SignedHead> latest, Optional<SignedHead> witnessed, Optional<String> rollback) {
    public static final HeadStatus NONE = new HeadStatus(Optional.empty(), Optional.empty(), Optional.empty());

    /** Changes up to which a quorum has witnessed this boot, 0 before it has witnessed any. */
    public long witnessedChanges() {
        return witnessed.map(it -> it.position().changes()).orElse(0L);
    }

    /** Height up to which a quorum has witnessed this boot. */
    public long witnessedHeight() {
        return witnessed.map(it -> it.position().height()).orElse(0L);
    }

    /** Changes that are signed and that no quorum has witnessed. */
    public long exposedChanges() {
        return latest.map(it -> it.position().changes() - witnessedChanges()).orElse(0L);
    }
}
