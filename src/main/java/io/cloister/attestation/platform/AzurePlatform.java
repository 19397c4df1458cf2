package io.cloister.attestation.platform;

import io.cloister.attestation.AzureEvidence;
import io.cloister.attestation.Collateral;
import io.cloister.attestation.HardwareEvidence;
import io.cloister.attestation.kds.CollateralSource;
import io.cloister.attestation.tpm.AzureVtpm;
import io.cloister.attestation.tpm.HclReport;
import io.cloister.attestation.tpm.PcrSelection;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.attestation.tpm.RuntimeClaims;
import io.cloister.attestation.tpm.Tpm;
import io.cloister.attestation.tpm.TpmTransport;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.SecretBytes;
import java.time.Duration;

/**
 * A confidential guest of Azure. Its paravisor holds the chip's door and chooses REPORT_DATA; the guest's 64 bytes stand in
 * a quote by the virtual TPM, whose key the report binds. There are no derived keys.
 */
public final class AzurePlatform implements Platform {
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final TpmTransport transport;
    private final AzureVtpm vtpm;
    private final CollateralSource certificates;

    /**
     * Looks for the paravisor's report.
     *
     * @param transport is taken over and closed in the end
     * @param certificates where those behind the report come from, as the paravisor gives none
     * @throws PlatformException DeviceMissing where there is none, and those of the TPM
     */
    public static AzurePlatform open(TpmTransport transport, CollateralSource certificates) {
        AzurePlatform platform = new AzurePlatform(transport, certificates);
        try {
            platform.hardwareReport();
            return platform;
        } catch (PlatformException e) {
            transport.close();
            throw e;
        }
    }

    private AzurePlatform(TpmTransport transport, CollateralSource certificates) {
        this.transport = transport;
        this.vtpm = new AzureVtpm(new Tpm(transport));
        this.certificates = certificates;
    }

    @Override
    public String name() {
        return "Azure's virtual TPM at " + transport.name();
    }

    /** The blob as it stands, the certificates behind it, and a quote over the guest's bytes and all PCRs. */
    @Override
    public HardwareEvidence attest(Bytes reportData64) {
        return TpmFailures.translated("attesting by " + name(), () -> {
            Bytes blob = vtpm.blob();
            QuoteEvidence quote = vtpm.quote(reportData64, PcrSelection.ALL);
            Collateral chain = HostCertificates.of(HclReport.parse(blob).hardwareReport(), Bytes.EMPTY, certificates);
            return new AzureEvidence(blob, chain, quote);
        });
    }

    /**
     * A blob whose report was made after this call: the paravisor is asked for one over user data, and takes its time.
     *
     * @param userData 1 to 64 bytes that were not asked for before
     * @param within how long to wait at most
     * @throws PlatformException TimedOut when the claims do not show the user data in time
     */
    public Bytes freshBlob(Bytes userData, Duration within) {
        Bytes whole = Bytes.concat(userData, Bytes.zeros(RuntimeClaims.USER_DATA_SIZE - userData.length()));
        long end = System.nanoTime() + within.toNanos();
        return TpmFailures.translated("a fresh report by " + name(), () -> {
            vtpm.requestReport(userData);
            Bytes blob = vtpm.blob();
            while (!hasUserData(blob, whole)) {
                if (System.nanoTime() > end) {
                    throw new PlatformException.TimedOut("the paravisor made no new report within " + within);
                }
                pause();
                blob = vtpm.blob();
            }
            return blob;
        });
    }

    /** A blob that is read while it is written may be torn: then it has no user data yet. */
    private static boolean hasUserData(Bytes blob, Bytes userData) {
        try {
            HclReport report = HclReport.parse(blob);
            return report.isBound()
                    && report.claims().userData().filter(userData::equals).isPresent();
        } catch (CodecException e) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlatformException.Interrupted("interrupted while the paravisor makes a report");
        }
    }

    private Bytes hardwareReport() {
        return TpmFailures.translated(
                "the report at " + name(), () -> HclReport.parse(vtpm.blob()).hardwareReport());
    }

    @Override
    public Bytes report(Bytes reportData64) {
        throw new PlatformException.Unsupported(
                "on Azure the paravisor chooses REPORT_DATA: the guest's bytes stand in a quote");
    }

    @Override
    public Collateral collateral() {
        return HostCertificates.of(hardwareReport(), Bytes.EMPTY, certificates);
    }

    @Override
    public SecretBytes derivedKey(DerivedKeyRequest request) {
        throw new PlatformException.Unsupported("Azure gives its guests no keys of the chip");
    }

    @Override
    public void close() {
        transport.close();
    }
}
