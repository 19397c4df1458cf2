package io.cloister.evm.precompile;

import java.util.Optional;

/** A precompiled contract. Implementations keep no state and do not change their input. */
public interface Precompile {
    /** Whether this release can run it; the other methods of one that is not supported must not be called. */
    default boolean isSupported() {
        return true;
    }

    /** Gas for this input; {@link Long#MAX_VALUE} for more than anyone has. */
    long gas(byte[] input);

    /** The answer; empty when the input is refused, which costs the caller all the gas that it gave. */
    Optional<byte[]> run(byte[] input);
}
