package io.cloister.ledger.receipt;

import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Opening;
import io.cloister.consensus.ValidatorSet;
import java.util.Optional;

/** The decided chain as far as it is stored. */
public interface Decided {
    Optional<CertifiedHeader> header(long height);

    /** The opening that the block of this height carries. */
    Optional<Opening> opening(long height);

    /** The set that the header of this height names. */
    Optional<ValidatorSet> validators(long height);
}
