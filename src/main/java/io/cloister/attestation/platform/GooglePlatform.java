package io.cloister.attestation.platform;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.GoogleEvidence;
import io.cloister.attestation.HardwareEvidence;
import io.cloister.attestation.tpm.GoogleChain;
import io.cloister.attestation.tpm.GoogleVtpm;
import io.cloister.attestation.tpm.PcrSelection;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.attestation.tpm.Tpm;
import io.cloister.attestation.tpm.TpmException;
import io.cloister.attestation.tpm.TpmPublic;
import io.cloister.attestation.tpm.TpmTransport;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import java.util.List;

/**
 * A confidential guest of Google Cloud: its report comes through the guest device or configfs-tsm, and the virtual TPM
 * quotes the boot over the same 64 bytes under a key that Google's certificates vouch for.
 */
public final class GooglePlatform implements Platform {
    private final Platform guest;
    private final TpmTransport transport;
    private final GoogleVtpm vtpm;
    private final List<Bytes> chain;

    /**
     * Reads the key's certificate and puts its chain together.
     *
     * @param guest reports and keys; taken over, as is the transport
     * @param authorities Google's intermediate and root certificates, DER, which the machine does not have
     * @throws PlatformException DeviceMissing where the TPM is not Google's, CollateralMissing when an issuer of the
     *     certificate is not among the authorities, and those of the TPM
     */
    public static GooglePlatform open(Platform guest, TpmTransport transport, List<Bytes> authorities) {
        try {
            GoogleVtpm vtpm = new GoogleVtpm(new Tpm(transport));
            Bytes leaf = TpmFailures.translated("the attestation key's certificate", vtpm::certificate);
            List<Bytes> chain = GoogleChain.of(leaf, authorities)
                    .orElseThrow(() -> new PlatformException.CollateralMissing("among " + authorities.size()
                            + " certificates of Google's there is no way from the attestation key's to a root"));
            return new GooglePlatform(guest, transport, vtpm, chain);
        } catch (PlatformException e) {
            try (guest) {
                transport.close();
            }
            throw e;
        }
    }

    private GooglePlatform(Platform guest, TpmTransport transport, GoogleVtpm vtpm, List<Bytes> chain) {
        this.guest = guest;
        this.transport = transport;
        this.vtpm = vtpm;
        this.chain = chain;
    }

    @Override
    public String name() {
        return guest.name() + " with Google's virtual TPM at " + transport.name();
    }

    @Override
    public HardwareEvidence attest(Bytes reportData64) {
        return TpmFailures.translated("attesting by " + name(), () -> {
            QuoteEvidence quote = vtpm.quote(reportData64, PcrSelection.ALL);
            if (vtpm.publicArea()
                    .map(TpmPublic::key)
                    .filter(key -> GoogleChain.certifies(chain.getFirst(), key))
                    .isEmpty()) {
                throw new PlatformException.MalformedAnswer("the certificate is not one of the key that quotes");
            }
            Bytes report = guest.report(reportData64);
            return new GoogleEvidence(report, guest.collateral(), quote, chain);
        });
    }

    @Override
    public Bytes report(Bytes reportData64) {
        return guest.report(reportData64);
    }

    @Override
    public Collateral collateral() {
        return guest.collateral();
    }

    @Override
    public SecretBytes derivedKey(DerivedKeyRequest request) {
        return guest.derivedKey(request);
    }

    @Override
    public void close() {
        try (guest;
                transport) {
            vtpm.release();
        } catch (TpmException e) {
            // a key that cannot be unloaded goes when the transport closes
            System.getLogger(GooglePlatform.class.getName())
                    .log(System.Logger.Level.DEBUG, "the attestation key stays loaded", e);
        }
    }
}
