package io.cloister.attestation.kds;

import io.cloister.attestation.Collateral;
import java.util.Optional;

/** A place that may have a chip's certificates. */
@FunctionalInterface
public interface CollateralSource {
    /** A source that has none. */
    CollateralSource NONE = key -> Optional.empty();

    Optional<Collateral> find(ChipKey key);
}
