package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/**
 * TPMT_PUBLIC of an RSA key with a name by SHA-256.
 *
 * @param attributes TPMA_OBJECT
 * @param scheme TPM_ALG_ID of the signing scheme
 * @param modulus empty in a template
 */
public record TpmPublic(long attributes, int scheme, Bytes modulus) {
    private static final int RSA = 0x0001;
    private static final int AES = 0x0006;
    private static final int RSASSA = 0x0014;
    private static final int NULL = 0x0010;
    private static final int CFB = 0x0043;
    private static final int AES_BITS = 128;
    private static final int RSA_BITS = 2048;
    private static final long EXPONENT_65537 = 65_537;
    private static final int MAX_POLICY = 64;

    private static final long FIXED_TPM = 1L << 1;
    private static final long FIXED_PARENT = 1L << 4;
    private static final long SENSITIVE_DATA_ORIGIN = 1L << 5;
    private static final long USER_WITH_AUTH = 1L << 6;
    private static final long NO_DA = 1L << 10;
    private static final long RESTRICTED = 1L << 16;
    private static final long DECRYPT = 1L << 17;
    private static final long SIGN = 1L << 18;
    private static final long BORN_HERE = FIXED_TPM | FIXED_PARENT | SENSITIVE_DATA_ORIGIN;

    /** A key that signs nothing but what the TPM itself made: RSASSA with SHA-256, 2048 bits. */
    static final TpmPublic ATTESTATION_KEY =
            new TpmPublic(BORN_HERE | USER_WITH_AUTH | NO_DA | RESTRICTED | SIGN, RSASSA, Bytes.EMPTY);

    /** A key that wraps others. */
    static final TpmPublic STORAGE_KEY =
            new TpmPublic(BORN_HERE | USER_WITH_AUTH | NO_DA | RESTRICTED | DECRYPT, NULL, Bytes.EMPTY);

    /**
     * Whether the key was made by this TPM, never leaves it and signs by RSASSA nothing but what the TPM itself made.
     * Only quotes of such keys prove anything.
     */
    public boolean isAttestationKey() {
        long needed = BORN_HERE | RESTRICTED | SIGN;
        return (attributes & needed) == needed && (attributes & DECRYPT) == 0 && scheme == RSASSA;
    }

    /** @throws CodecException OUT_OF_RANGE for a modulus that cannot be used */
    public RsaKey key() {
        return new RsaKey(modulus);
    }

    static TpmPublic decode(Bytes raw) {
        Reader in = new Reader(raw);
        require(in.u16(), RSA, "type");
        require(in.u16(), TpmHash.SHA256.id, "name algorithm");
        long attributes = in.u32();
        Marshal.sized(in, MAX_POLICY);
        if (in.u16() != NULL) {
            in.u32(); // key bits and mode
        }
        int scheme = in.u16();
        if (scheme != NULL) {
            require(in.u16(), TpmHash.SHA256.id, "hash of the scheme");
        }
        in.u16(); // key bits: the modulus tells
        long exponent = in.u32();
        if (exponent != 0 && exponent != EXPONENT_65537) {
            throw new CodecException(Reason.OUT_OF_RANGE, "an RSA exponent of " + exponent);
        }
        Bytes modulus = Marshal.sized(in, RsaKey.MAX_SIZE);
        in.end();
        return new TpmPublic(attributes, scheme, modulus);
    }

    private static void require(int value, int expected, String what) {
        if (value != expected) {
            throw new CodecException(Reason.UNKNOWN, "a key whose %s is 0x%04x".formatted(what, value));
        }
    }

    Bytes encode() {
        Writer out =
                new Writer().u16(RSA).u16(TpmHash.SHA256.id).u32(attributes).u16(0);
        if ((attributes & DECRYPT) != 0) {
            out.u16(AES).u16(AES_BITS).u16(CFB);
        } else {
            out.u16(NULL);
        }
        out.u16(scheme);
        if (scheme != NULL) {
            out.u16(TpmHash.SHA256.id);
        }
        return Marshal.sized(out.u16(RSA_BITS).u32(0), modulus).toBytes();
    }
}
