package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/** Types of TPM 2.0 marshalling that the project's own codec does not have. */
final class Marshal {
    private Marshal() {}

    /**
     * A TPM2B: a length of two bytes, then so many bytes.
     *
     * @throws CodecException TOO_LONG above {@code max} bytes
     */
    static Bytes sized(Reader in, int max) {
        int length = in.u16();
        if (length > max) {
            throw new CodecException(Reason.TOO_LONG, length + " bytes where at most " + max + " are allowed");
        }
        return in.fixed(length);
    }

    static Writer sized(Writer out, Bytes value) {
        return out.u16(value.length()).fixed(value);
    }

    /** All 64 bits, so that it may be negative. */
    static long u64(Reader in) {
        return in.u32() << 32 | in.u32();
    }
}
