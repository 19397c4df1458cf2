package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes crypto-agile event logs with a SHA-256 and a SHA-384 bank. */
public final class LogBuilder {
    static final int SEPARATOR = 4;
    public static final int PROGRAM = 0x80000003;

    private Bytes log;

    public LogBuilder() {
        this(Bytes.utf8("Spec ID Event03\0"), Bytes.hex("0b0020000c003000"), 2);
    }

    LogBuilder(Bytes specId, Bytes algorithms, int count) {
        Bytes event = Bytes.concat(specId, Bytes.hex("0000000000020002"), u32(count), algorithms, Bytes.zeros(1));
        log = Bytes.concat(u32(0), u32(3), Bytes.zeros(20), u32(event.length()), event);
    }

    /** An event whose digests are those of its data. */
    public LogBuilder measured(int pcr, String data) {
        return event(pcr, SEPARATOR, Bytes.utf8(data), Bytes.utf8(data));
    }

    public LogBuilder event(int pcr, int type, Bytes hashed, Bytes data) {
        return raw(
                pcr,
                type,
                2,
                Bytes.concat(Bytes.hex("0b00"), Hashes.sha256(hashed), Bytes.hex("0c00"), Hashes.sha384(hashed)),
                data);
    }

    /** Says from which locality the TPM was started, which becomes part of PCR 0. */
    public LogBuilder startupLocality(int locality) {
        return event(0, 3, Bytes.EMPTY, Bytes.concat(Bytes.utf8("StartupLocality\0"), Bytes.of((byte) locality)));
    }

    LogBuilder raw(int pcr, int type, int count, Bytes digests, Bytes data) {
        return bytes(Bytes.concat(u32(pcr), u32(type), u32(count), digests, u32(data.length()), data));
    }

    LogBuilder bytes(Bytes more) {
        log = Bytes.concat(log, more);
        return this;
    }

    public Bytes build() {
        return log;
    }

    static Bytes u32(int value) {
        return Bytes.wrap(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }
}
