package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;

/** Templates of TPM keys, as a cloud would put them into NV memory. */
public final class TestTemplates {
    private TestTemplates() {}

    public static Bytes attestationKey() {
        return TpmPublic.ATTESTATION_KEY.encode();
    }

    /** One that signs nothing. */
    public static Bytes storageKey() {
        return TpmPublic.STORAGE_KEY.encode();
    }
}
