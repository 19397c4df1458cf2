package io.cloister.api;

import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Opening;
import io.cloister.consensus.ValidatorSet;
import io.cloister.ledger.receipt.Decided;
import java.util.Optional;

/** The node's chain as whoever makes bundles reads it. */
record StoredChain(Chain chain) implements Decided {
    @Override
    public Optional<CertifiedHeader> header(long height) {
        return chain.header(height);
    }

    @Override
    public Optional<Opening> opening(long height) {
        return chain.block(height).flatMap(it -> it.block().opening());
    }

    @Override
    public Optional<ValidatorSet> validators(long height) {
        return chain.validators(height);
    }
}
