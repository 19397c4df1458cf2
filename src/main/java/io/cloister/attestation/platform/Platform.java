package io.cloister.attestation.platform;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.HardwareEvidence;
import io.cloister.attestation.SnpEvidence;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;

/** A source of reports and derived keys: one guest on one chip. Implementations are thread-safe and answer in turn. */
public interface Platform extends AutoCloseable {
    /** For people and logs, such as {@code /dev/sev-guest}. */
    String name();

    /**
     * Fresh evidence of this kind of platform over 64 bytes that the guest chooses.
     *
     * @throws PlatformException by its kind
     */
    default HardwareEvidence attest(Bytes reportData64) {
        return new SnpEvidence(report(reportData64), collateral());
    }

    /**
     * A fresh attestation report.
     *
     * @param reportData64 the 64 bytes of REPORT_DATA
     * @throws PlatformException by its kind
     */
    Bytes report(Bytes reportData64);

    /**
     * The certificates that belong to the latest report; makes a report when there is none yet.
     *
     * @throws PlatformException CollateralMissing when neither host nor operator supplied them
     */
    Collateral collateral();

    /**
     * A key of 32 bytes that only this chip gives, and only to a guest with equal values of the chosen fields.
     *
     * @throws PlatformException Unsupported where the platform has none, FirmwareError when the request is refused
     */
    SecretBytes derivedKey(DerivedKeyRequest request);

    @Override
    void close();
}
