package io.cloister.attestation.platform;

import io.cloister.attestation.snp.AttestationReport;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The firmware's answers inside the driver's buffers (AMD 56860, MSG_REPORT_RSP and MSG_KEY_RSP). */
final class GuestAnswers {
    static final int REPORT_BUFFER = 4000;
    static final int KEY_BUFFER = 64;
    private static final int HEADER = 32;
    private static final int KEY = 32;

    private GuestAnswers() {}

    /** u32 status, u32 size, 24 reserved bytes, the report. */
    static Bytes report(byte[] buffer) {
        requireSuccess("the report request", buffer);
        int size = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
        if (size != AttestationReport.SIZE) {
            throw new PlatformException.MalformedAnswer("the firmware says that its report has " + size + " bytes");
        }
        return Bytes.wrap(Arrays.copyOfRange(buffer, HEADER, HEADER + size));
    }

    /** u32 status, 28 reserved bytes, the key; the buffer is zeroed. */
    static SecretBytes key(byte[] buffer) {
        try {
            requireSuccess("the derived key request", buffer);
            return SecretBytes.taking(Arrays.copyOfRange(buffer, HEADER, HEADER + KEY));
        } finally {
            Arrays.fill(buffer, (byte) 0);
        }
    }

    private static void requireSuccess(String what, byte[] buffer) {
        int status = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        if (status != 0) {
            throw new PlatformException.FirmwareError(what + " was refused", new FirmwareStatus(status));
        }
    }
}
