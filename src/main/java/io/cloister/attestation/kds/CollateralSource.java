package io.cloister.attestation.kds;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.codec.Bytes;
import java.util.Optional;

/** A place that may have a chip's certificates, and the list of those that are revoked. */
@FunctionalInterface
public interface CollateralSource {
    /** A source that has none. */
    CollateralSource NONE = key -> Optional.empty();

    Optional<Collateral> find(ChipKey key);

    /** A revocation list of the root above such leafs that is at hand; empty where there is none. Does not wait long. */
    default Optional<Bytes> revocations(ProductLine line, SigningKeyKind kind) {
        return Optional.empty();
    }
}
