package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import java.util.Map;
import java.util.Optional;

/**
 * One event of a log: TCG_PCR_EVENT2.
 *
 * @param pcr the PCR that was extended, 0 to 23; any number for an event that extends none
 * @param type unsigned, such as 0x80000003 for EV_EFI_BOOT_SERVICES_APPLICATION
 * @param digests TPM_ALG_ID to the digest that the bank of that algorithm was extended with
 * @param data what the measuring party wrote beside it; see {@link #dataIsMeasured}
 */
public record LogEvent(long pcr, long type, Map<Integer, Bytes> digests, Bytes data) {
    /** EV_NO_ACTION: information, extends nothing. */
    public static final long NO_ACTION = 3;

    public LogEvent {
        digests = Map.copyOf(digests);
    }

    public Optional<Bytes> digest(TpmHash bank) {
        return Optional.ofNullable(digests.get(bank.id));
    }

    public boolean extendsPcr() {
        return type != NO_ACTION;
    }

    /**
     * Whether the SHA-256 digest is that of the data. Where it is not, as with programs and kernels, the replay proves
     * the digest only and the data may say anything.
     */
    public boolean dataIsMeasured() {
        return extendsPcr()
                && digest(TpmHash.SHA256)
                        .filter(TpmHash.SHA256.digest(data)::equals)
                        .isPresent();
    }
}
