package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;

/** What Azure's paravisor keeps in the virtual TPM of a confidential guest, and how a guest asks for it. */
public final class AzureVtpm {
    /** NV index of the blob, see {@link HclReport}. */
    public static final long BLOB = 0x01400001L;

    /** NV index of the user data that the next report binds. */
    public static final long USER_DATA = 0x01400002L;

    /** Persistent handle of the attestation key. */
    public static final long ATTESTATION_KEY = 0x81000003L;

    private final Tpm tpm;

    public AzureVtpm(Tpm tpm) {
        this.tpm = tpm;
    }

    /**
     * The blob as it stands.
     *
     * @throws TpmException Refused with NO_SUCH_HANDLE where this is no such guest
     */
    public Bytes blob() {
        return tpm.nvRead(BLOB);
    }

    /**
     * Asks for a report over 64 bytes. The paravisor makes it in its own time: read {@link #blob} until its claims have
     * the user data.
     *
     * @param userData at most 64 bytes, followed by zeros
     */
    public void requestReport(Bytes userData) {
        if (userData.length() > RuntimeClaims.USER_DATA_SIZE) {
            throw new CodecException(Reason.TOO_LONG, "user data of " + userData.length() + " bytes");
        }
        try {
            tpm.nvReadPublic(USER_DATA);
        } catch (TpmException.Refused e) {
            if (e.kind() != ResponseCode.Kind.NO_SUCH_HANDLE) {
                throw e;
            }
            tpm.nvDefine(USER_DATA, RuntimeClaims.USER_DATA_SIZE);
        }
        tpm.nvWrite(USER_DATA, Bytes.concat(userData, Bytes.zeros(RuntimeClaims.USER_DATA_SIZE - userData.length())));
    }

    /**
     * A quote by the attestation key and the values that it is over.
     *
     * @param nonce 1 to 64 bytes of the verifier
     */
    public QuoteEvidence quote(Bytes nonce, PcrSelection selection) {
        return tpm.quoted(ATTESTATION_KEY, nonce, selection);
    }
}
