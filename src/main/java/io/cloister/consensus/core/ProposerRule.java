package io.cloister.consensus.core;

import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;

/** The paper's proposer(h, r): the same answer on every node, from decided data only. */
@FunctionalInterface
public interface ProposerRule {
    /** Everybody in turn, whatever the weight: each validator proposes once in any n rounds or heights that follow. */
    ProposerRule ROTATION = (validators, height, round) -> validators.at((int) ((height + round) % validators.size()));

    Validator proposer(ValidatorSet validators, long height, int round);
}
