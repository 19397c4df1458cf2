package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import java.util.Optional;

/**
 * Google Cloud's virtual TPM: it keeps the template and the certificate of an attestation key, which is the primary key
 * by that template under the endorsement hierarchy. The key is loaded once and used again. Thread-safe as far as single
 * quotes go.
 */
public final class GoogleVtpm {
    /** NV index of the certificate of the RSA attestation key, DER. */
    public static final long CERTIFICATE = 0x01c10000L;

    /** NV index of its template, TPMT_PUBLIC. */
    public static final long TEMPLATE = 0x01c10001L;

    private static final int SEQUENCE = 0x30;
    private static final int TWO_BYTE_LENGTH = 0x82;
    private static final int HEADER = 4;

    private final Tpm tpm;
    private Optional<Tpm.LoadedKey> key = Optional.empty();

    public GoogleVtpm(Tpm tpm) {
        this.tpm = tpm;
    }

    /**
     * The certificate, without what may stand behind it in the index.
     *
     * @throws TpmException Refused with NO_SUCH_HANDLE where this is no such machine
     */
    public Bytes certificate() {
        Bytes content = tpm.nvRead(CERTIFICATE);
        boolean plausible = content.length() > HEADER
                && (content.at(0) & 0xFF) == SEQUENCE
                && (content.at(1) & 0xFF) == TWO_BYTE_LENGTH;
        int length = plausible ? HEADER + ((content.at(2) & 0xFF) << 8 | content.at(3) & 0xFF) : 0;
        if (!plausible || length > content.length()) {
            throw new TpmException.MalformedAnswer("NV index 0x01c10000 holds no certificate");
        }
        return content.slice(0, length);
    }

    /**
     * A quote by the attestation key and the values that it is over.
     *
     * @param nonce 1 to 64 bytes of the verifier
     * @throws TpmException MalformedAnswer also when the template is not that of an attestation key
     */
    public synchronized QuoteEvidence quote(Bytes nonce, PcrSelection selection) {
        if (key.isPresent()) {
            try {
                return tpm.quoted(key.get().handle(), nonce, selection);
            } catch (TpmException.Refused e) {
                if (e.kind() != ResponseCode.Kind.NO_SUCH_HANDLE) {
                    throw e;
                }
            }
        }
        key = Optional.of(load());
        return tpm.quoted(key.get().handle(), nonce, selection);
    }

    private Tpm.LoadedKey load() {
        Tpm.LoadedKey made = tpm.createPrimary(Tpm.ENDORSEMENT, tpm.nvRead(TEMPLATE));
        if (!made.publicArea().isAttestationKey()) {
            tpm.flush(made.handle());
            throw new TpmException.MalformedAnswer("the template at 0x01c10001 is not one of an attestation key");
        }
        return made;
    }

    /** The public half of the attestation key, once a quote was made. */
    public synchronized Optional<TpmPublic> publicArea() {
        return key.map(Tpm.LoadedKey::publicArea);
    }

    /** Unloads the key. */
    public synchronized void release() {
        key.ifPresent(loaded -> tpm.flush(loaded.handle()));
        key = Optional.empty();
    }
}
