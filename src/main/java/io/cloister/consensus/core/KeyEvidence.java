package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.ValidatorSet;

/** Whether evidence vouches for the boot keys that a slot claims in a recovery. A pure function. */
@FunctionalInterface
public interface KeyEvidence {
    boolean vouches(ValidatorSet named, KeyClaim claim, Bytes evidence);
}
