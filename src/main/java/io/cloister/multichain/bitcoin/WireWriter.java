package io.cloister.multichain.bitcoin;

import io.cloister.codec.Bytes;
import java.io.ByteArrayOutputStream;

/** Writes Bitcoin's little-endian wire format. */
final class WireWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    WireWriter fixed(Bytes value) {
        out.writeBytes(value.toArray());
        return this;
    }

    WireWriter u8(int value) {
        out.write(value);
        return this;
    }

    WireWriter u16(int value) {
        return u8(value).u8(value >>> 8);
    }

    WireWriter u32(long value) {
        return u16((int) value).u16((int) (value >>> 16));
    }

    WireWriter i64(long value) {
        return u32(value).u32(value >>> 32);
    }

    WireWriter compact(int value) {
        if (value < 0xfd) {
            return u8(value);
        }
        return value < 0x1_0000 ? u8(0xfd).u16(value) : u8(0xfe).u32(value);
    }

    WireWriter bytes(Bytes value) {
        return compact(value.length()).fixed(value);
    }

    Bytes toBytes() {
        return Bytes.wrap(out.toByteArray());
    }
}
