package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.nio.ByteOrder;

/** Little-endian numbers and reserved bytes of AMD's structures. */
final class Little {
    private Little() {}

    /** @throws CodecException NOT_CANONICAL unless all bytes of {@code from} to below {@code to} are zero */
    static void requireZero(Bytes bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes.at(i) != 0) {
                throw new CodecException(Reason.NOT_CANONICAL, "the reserved byte at 0x%03x is set".formatted(i));
            }
        }
    }

    static long u32(Bytes bytes, int at) {
        return Integer.toUnsignedLong(bytes.slice(at, Integer.BYTES)
                .buffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt());
    }

    static long u64(Bytes bytes, int at) {
        return bytes.slice(at, Long.BYTES)
                .buffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }
}
