package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * PCR values that a TPM quoted. Whoever makes one has verified the quote and that the report binds the TPM's key.
 *
 * @param profile the name of the cloud in the manifest
 * @param pcrs by register, SHA-256 bank
 */
public record QuotedBoot(String profile, SortedMap<Integer, Bytes> pcrs) {
    public QuotedBoot {
        pcrs = Collections.unmodifiableSortedMap(new TreeMap<>(pcrs));
    }
}
