package io.cloister.attestation.tpm;

import java.util.Map;

/**
 * TPM_RC (TPM 2.0 Library, part 2, 6.6).
 *
 * @param code as the TPM sent it
 */
public record ResponseCode(int code) {
    static final int SUCCESS = 0;
    static final int INITIALIZE = 0x100;
    private static final int FORMAT_ONE = 0x080;
    private static final int FORMAT_ONE_ERROR = 0x0BF;
    private static final int PARAMETER = 0x040;
    private static final int SESSION = 0x800;

    /** The kinds of refusal that a caller may want to tell apart. */
    public enum Kind {
        /** The TPM does not know the command, or not in this mode. */
        UNSUPPORTED,
        /** TPM2_Startup is missing or was done before. */
        NOT_STARTED,
        /** The TPM is in failure mode. */
        BROKEN,
        /** The handle or index does not exist. */
        NO_SUCH_HANDLE,
        /** A password, a policy or the hierarchy does not allow it. */
        NOT_AUTHORISED,
        /** Too many wrong passwords; waits for time or the lockout password. */
        LOCKED_OUT,
        /** The NV index is locked against it. */
        NV_LOCKED,
        /** The NV index was never written. */
        NV_NOT_WRITTEN,
        /** The NV index exists already. */
        NV_DEFINED,
        /** Outside the NV index. */
        NV_RANGE,
        /** No NV memory, object slot or session is left. */
        OUT_OF_MEMORY,
        /** The TPM is busy or testing itself: the same command may succeed later. */
        BUSY,
        /** A parameter, handle or session is not as it must be. */
        INVALID,
        /** Any other code. */
        OTHER
    }

    private record Meaning(String name, Kind kind) {}

    /** By the code without the number of the parameter, handle or session. */
    private static final Map<Integer, Meaning> MEANINGS = Map.ofEntries(
            meaning(0x01E, "BAD_TAG", Kind.UNSUPPORTED),
            meaning(INITIALIZE, "INITIALIZE", Kind.NOT_STARTED),
            meaning(0x101, "FAILURE", Kind.BROKEN),
            meaning(0x103, "SEQUENCE", Kind.INVALID),
            meaning(0x120, "DISABLED", Kind.UNSUPPORTED),
            meaning(0x121, "EXCLUSIVE", Kind.NOT_AUTHORISED),
            meaning(0x124, "AUTH_TYPE", Kind.NOT_AUTHORISED),
            meaning(0x125, "AUTH_MISSING", Kind.NOT_AUTHORISED),
            meaning(0x126, "POLICY", Kind.NOT_AUTHORISED),
            meaning(0x127, "PCR", Kind.INVALID),
            meaning(0x128, "PCR_CHANGED", Kind.NOT_AUTHORISED),
            meaning(0x12D, "UPGRADE", Kind.BROKEN),
            meaning(0x12F, "AUTH_UNAVAILABLE", Kind.NOT_AUTHORISED),
            meaning(0x130, "REBOOT", Kind.BROKEN),
            meaning(0x142, "COMMAND_SIZE", Kind.INVALID),
            meaning(0x143, "COMMAND_CODE", Kind.UNSUPPORTED),
            meaning(0x144, "AUTHSIZE", Kind.INVALID),
            meaning(0x145, "AUTH_CONTEXT", Kind.INVALID),
            meaning(0x146, "NV_RANGE", Kind.NV_RANGE),
            meaning(0x147, "NV_SIZE", Kind.NV_RANGE),
            meaning(0x148, "NV_LOCKED", Kind.NV_LOCKED),
            meaning(0x149, "NV_AUTHORIZATION", Kind.NOT_AUTHORISED),
            meaning(0x14A, "NV_UNINITIALIZED", Kind.NV_NOT_WRITTEN),
            meaning(0x14B, "NV_SPACE", Kind.OUT_OF_MEMORY),
            meaning(0x14C, "NV_DEFINED", Kind.NV_DEFINED),
            meaning(0x153, "NEEDS_TEST", Kind.BUSY),
            meaning(0x155, "SENSITIVE", Kind.INVALID),
            meaning(0x081, "ASYMMETRIC", Kind.UNSUPPORTED),
            meaning(0x082, "ATTRIBUTES", Kind.INVALID),
            meaning(0x083, "HASH", Kind.UNSUPPORTED),
            meaning(0x084, "VALUE", Kind.INVALID),
            meaning(0x085, "HIERARCHY", Kind.NOT_AUTHORISED),
            meaning(0x087, "KEY_SIZE", Kind.UNSUPPORTED),
            meaning(0x08A, "TYPE", Kind.INVALID),
            meaning(0x08B, "HANDLE", Kind.NO_SUCH_HANDLE),
            meaning(0x08E, "AUTH_FAIL", Kind.NOT_AUTHORISED),
            meaning(0x092, "SCHEME", Kind.INVALID),
            meaning(0x095, "SIZE", Kind.INVALID),
            meaning(0x09A, "INSUFFICIENT", Kind.INVALID),
            meaning(0x09C, "KEY", Kind.INVALID),
            meaning(0x09D, "POLICY_FAIL", Kind.NOT_AUTHORISED),
            meaning(0x09F, "INTEGRITY", Kind.INVALID),
            meaning(0x0A2, "BAD_AUTH", Kind.NOT_AUTHORISED),
            meaning(0x902, "OBJECT_MEMORY", Kind.OUT_OF_MEMORY),
            meaning(0x903, "SESSION_MEMORY", Kind.OUT_OF_MEMORY),
            meaning(0x904, "MEMORY", Kind.OUT_OF_MEMORY),
            meaning(0x905, "SESSION_HANDLES", Kind.OUT_OF_MEMORY),
            meaning(0x906, "OBJECT_HANDLES", Kind.OUT_OF_MEMORY),
            meaning(0x907, "LOCALITY", Kind.NOT_AUTHORISED),
            meaning(0x908, "YIELDED", Kind.BUSY),
            meaning(0x909, "CANCELED", Kind.BUSY),
            meaning(0x90A, "TESTING", Kind.BUSY),
            meaning(0x910, "REFERENCE_H0", Kind.NO_SUCH_HANDLE),
            meaning(0x911, "REFERENCE_H1", Kind.NO_SUCH_HANDLE),
            meaning(0x918, "REFERENCE_S0", Kind.NO_SUCH_HANDLE),
            meaning(0x920, "NV_RATE", Kind.BUSY),
            meaning(0x921, "LOCKOUT", Kind.LOCKED_OUT),
            meaning(0x922, "RETRY", Kind.BUSY),
            meaning(0x923, "NV_UNAVAILABLE", Kind.BUSY));

    private static Map.Entry<Integer, Meaning> meaning(int code, String name, Kind kind) {
        return Map.entry(code, new Meaning(name, kind));
    }

    private int plain() {
        return (code & FORMAT_ONE) == 0 ? code : code & FORMAT_ONE_ERROR;
    }

    public Kind kind() {
        Meaning known = MEANINGS.get(plain());
        if (known != null) {
            return known.kind;
        }
        return (code & FORMAT_ONE) == 0 ? Kind.OTHER : Kind.INVALID;
    }

    /** The code's name in the specification, and to what it belongs. */
    @Override
    public String toString() {
        Meaning known = MEANINGS.get(plain());
        String name = "0x%03x".formatted(code) + (known == null ? "" : " " + known.name);
        if ((code & FORMAT_ONE) == 0) {
            return name;
        }
        int number = code >> 8 & 0xF;
        if ((code & PARAMETER) != 0) {
            return name + " of parameter " + number;
        }
        return name + ((code & SESSION) != 0 ? " of session " + (number & 7) : " of handle " + number);
    }
}
