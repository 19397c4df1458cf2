package io.cloister.crypto;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.math.BigInteger;

/** The one DER form of an ECDSA signature: SEQUENCE of two minimal, positive INTEGERs (BIP 66). */
final class Der {
    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;

    private Der() {}

    static Bytes encode(Signature signature) {
        Writer body = new Writer();
        for (Scalar number : new Scalar[] {signature.r(), signature.s()}) {
            Bytes minimal = Bytes.wrap(number.toBigInteger().toByteArray());
            body.u8(INTEGER).u8(minimal.length()).fixed(minimal);
        }
        Bytes content = body.toBytes();
        return new Writer().u8(SEQUENCE).u8(content.length()).fixed(content).toBytes();
    }

    static Signature decode(Bytes encoded) {
        Reader reader = new Reader(encoded);
        requireTag(reader, SEQUENCE);
        int length = reader.u8();
        if (length != reader.remaining()) {
            Reason reason = length > reader.remaining() ? Reason.TRUNCATED : Reason.TRAILING;
            throw new CodecException(reason, "a sequence of " + length + " bytes in " + reader.remaining());
        }
        Scalar r = integer(reader);
        Scalar s = integer(reader);
        reader.end();
        return new Signature(r, s, Signature.UNKNOWN_RECOVERY_ID);
    }

    private static Scalar integer(Reader reader) {
        requireTag(reader, INTEGER);
        int length = reader.u8();
        if (length == 0 || length > 33) {
            throw new CodecException(Reason.OUT_OF_RANGE, "an integer of " + length + " bytes");
        }
        Bytes content = reader.fixed(length);
        if (content.at(0) < 0) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a negative integer");
        }
        if (length > 1 && content.at(0) == 0 && content.at(1) >= 0) {
            throw new CodecException(Reason.NOT_CANONICAL, "an integer with a needless zero");
        }
        BigInteger value = new BigInteger(content.toArray());
        if (value.compareTo(ScalarField.Q) >= 0) {
            throw new CodecException(Reason.OUT_OF_RANGE, "an integer that is not below the group order");
        }
        return Scalar.of(value);
    }

    private static void requireTag(Reader reader, int tag) {
        int found = reader.u8();
        if (found != tag) {
            throw new CodecException(Reason.UNKNOWN, "tag " + found + " where " + tag + " is expected");
        }
    }
}
