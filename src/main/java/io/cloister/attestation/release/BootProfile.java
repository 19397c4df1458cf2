package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a release boots where the cloud owns the launch.
 *
 * @param idKeys ID key digests by which the cloud signs its launches, 48 bytes each
 * @param measurements launch digests of the cloud's firmware, 48 bytes each
 * @param pcrs values in the SHA-256 bank, by register 0 to 23, 32 bytes each
 */
public record BootProfile(SortedSet<Bytes> idKeys, SortedSet<Bytes> measurements, SortedMap<Integer, Bytes> pcrs) {
    static final int MAX_DIGESTS = 256;
    private static final int REGISTERS = 24;
    private static final int PCR_SIZE = 32;

    /** @throws CodecException OUT_OF_RANGE without a register, or with neither ID keys nor measurements */
    public BootProfile {
        idKeys = Collections.unmodifiableSortedSet(new TreeSet<>(idKeys));
        measurements = Collections.unmodifiableSortedSet(new TreeSet<>(measurements));
        pcrs = Collections.unmodifiableSortedMap(new TreeMap<>(pcrs));
        Documents.requireCount(idKeys.size() + measurements.size(), MAX_DIGESTS, "digests of a cloud's firmware");
        idKeys.forEach(Documents::requireKeyDigest);
        measurements.forEach(digest -> Documents.requireLength(digest, IdBlock.DIGEST_SIZE, "launch digest"));
        if (pcrs.isEmpty() || idKeys.isEmpty() && measurements.isEmpty()) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a boot profile that proves nothing");
        }
        pcrs.forEach((register, value) -> {
            Documents.requireLength(value, PCR_SIZE, "PCR value");
            if (register < 0 || register >= REGISTERS) {
                throw new CodecException(Reason.OUT_OF_RANGE, "PCR " + register);
            }
        });
    }
}
