package io.cloister.attestation.policy;

import io.cloister.attestation.tpm.PcrSelection;
import io.cloister.codec.Bytes;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What may boot in a cloud that owns the launch.
 *
 * @param measurements launch digests of the cloud's firmware, 48 bytes
 * @param idKeys SHA-384 of the cloud's ID keys; firmware passes by its digest or by its key
 * @param pcrs by register, the values that are allowed; every register must have been quoted
 */
public record BootProfile(
        SortedSet<Bytes> measurements, SortedSet<Bytes> idKeys, SortedMap<Integer, SortedSet<Bytes>> pcrs) {
    private static final int DIGEST = 48;
    private static final int PCR = 32;

    /** Debug and application: whoever runs in the guest can begin them anew. */
    private static final Set<Integer> RESETTABLE = Set.of(16, 23);

    public BootProfile {
        measurements = Values.sized(measurements, DIGEST, "measurement");
        idKeys = Values.sized(idKeys, DIGEST, "ID key's digest");
        Values.require(!idKeys.contains(Bytes.zeros(DIGEST)), "a key digest of zeros means that there is no key");
        Map<Integer, SortedSet<Bytes>> copy = new TreeMap<>();
        pcrs.forEach((register, allowed) -> {
            Values.require(register >= 0 && register < PcrSelection.PCRS, "there is no PCR " + register);
            Values.require(!RESETTABLE.contains(register), "a guest can reset PCR " + register);
            Values.require(!allowed.isEmpty(), "no value is allowed for PCR " + register);
            copy.put(register, Values.sized(allowed, PCR, "value of a PCR"));
        });
        pcrs = Values.sorted(copy);
    }
}
