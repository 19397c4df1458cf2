package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.util.Optional;

/** Hash algorithms that a quote, a PCR bank or an event log may name and that are strong enough to be computed here. */
public enum TpmHash {
    SHA256(0x000B, 32),
    SHA384(0x000C, 48),
    SHA512(0x000D, 64);

    final int id;
    final int size;

    TpmHash(int id, int size) {
        this.id = id;
        this.size = size;
    }

    /** The algorithm with this TPM_ALG_ID; SHA-1 is none of them. */
    public static Optional<TpmHash> ofId(int id) {
        for (TpmHash hash : values()) {
            if (hash.id == id) {
                return Optional.of(hash);
            }
        }
        return Optional.empty();
    }

    /** Bytes of a digest. */
    public int size() {
        return size;
    }

    /** The digest of the parts, one after the other. */
    public Bytes digest(Bytes... parts) {
        return switch (this) {
            case SHA256 -> Hashes.sha256(parts);
            case SHA384 -> Hashes.sha384(parts);
            case SHA512 -> Hashes.sha512(parts);
        };
    }
}
