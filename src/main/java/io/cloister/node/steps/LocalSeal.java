package io.cloister.node.steps;

import io.cloister.attestation.platform.DerivedKeyRequest;
import io.cloister.attestation.platform.Platform;
import io.cloister.attestation.platform.PlatformException;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.crypto.SecretBytes;
import io.cloister.vault.Level;
import io.cloister.vault.Schema;
import io.cloister.vault.SealException;
import io.cloister.vault.SealMetadata;

/** Asks the platform for the key that a vault is sealed under, by the request that stands beside the sealed keysets. */
public final class LocalSeal {
    private LocalSeal() {}

    /**
     * The seal; the caller closes it. The metadata is not authenticated yet: a changed request gives another key, or
     * none. A request whose key another guest of the chip could have is refused, else whoever brings the disk could bring a
     * vault with keys that he knows.
     *
     * @throws SealException naming the row of the keysets, when there is no key for the request
     */
    public static SecretBytes derive(Platform platform, SealMetadata metadata) {
        try {
            DerivedKeyRequest request = DerivedKeyRequest.decode(new Reader(metadata.policy()));
            if (!request.isSealing()) {
                throw new CodecException(
                        CodecException.Reason.OUT_OF_RANGE,
                        "it does not depend on chip, launch policy and measurement");
            }
            return platform.derivedKey(request);
        } catch (CodecException | PlatformException.FirmwareError | PlatformException.InvalidRequest e) {
            SealException refused = new SealException(
                    SealException.Reason.WRONG_LOCAL_SEAL,
                    "table " + Schema.KEYSET.name() + ", row " + Level.IDENTITY
                            + ", column policy: the platform derives no key for it: " + e.getMessage());
            refused.initCause(e);
            throw refused;
        }
    }
}
