package io.cloister.vault;

import io.cloister.codec.Bytes;

/**
 * What the local seal was derived from, kept beside the wrapped keysets so that after an update the caller can ask the
 * platform for the same seal once more (AMD SNP_GET_DERIVED_KEY: mix-in fields). Opaque to the vault, at most 256 bytes
 * each.
 */
public record SealMetadata(Bytes measurement, Bytes policy, Bytes tcb) {
    private static final int MAX = 256;

    public SealMetadata {
        if (measurement.length() > MAX || policy.length() > MAX || tcb.length() > MAX) {
            throw new IllegalArgumentException("seal metadata longer than " + MAX + " bytes");
        }
    }
}
