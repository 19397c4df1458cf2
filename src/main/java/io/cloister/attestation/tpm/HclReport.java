package io.cloister.attestation.tpm;

import io.cloister.attestation.snp.AttestationReport;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The blob that Azure's paravisor keeps in NV index 0x01400001: a hardware report and the runtime JSON whose hash stands
 * in its REPORT_DATA. Header versions 1 and 2 are laid out alike. Numbers are little endian. Nothing of the header is
 * covered by a signature, so everything but the report and the JSON must have the one value it can have.
 *
 * @param headerVersion 1 or 2
 * @param reportType what the hardware report is
 * @param hardwareReport 1184 bytes, to be verified by its own rules
 * @param hash the algorithm that the blob names for the hash of the JSON
 * @param runtimeJson the exact bytes that were hashed
 * @param claims what these bytes say
 */
public record HclReport(
        int headerVersion,
        ReportType reportType,
        Bytes hardwareReport,
        TpmHash hash,
        Bytes runtimeJson,
        RuntimeClaims claims) {
    /** The most bytes of a blob that are read, padding included. */
    public static final int MAX_SIZE = 16_384;

    static final int HARDWARE_REPORT = 32;
    static final int RUNTIME_DATA = HARDWARE_REPORT + AttestationReport.SIZE;
    static final int JSON = RUNTIME_DATA + 20;
    private static final int REPORT_DATA = 0x50;
    private static final int REPORT_DATA_SIZE = 64;
    private static final Bytes SIGNATURE = Bytes.utf8("HCLA");
    private static final int REQUEST_TYPE = 2;
    private static final int RUNTIME_DATA_VERSION = 1;

    /** Kinds of hardware reports that a blob can carry. */
    public enum ReportType {
        SNP(2),
        TDX(4);

        final int code;

        ReportType(int code) {
            this.code = code;
        }
    }

    /**
     * Reads a blob with the zero padding behind it.
     *
     * @throws CodecException UNKNOWN for another signature, version, report or hash type; OUT_OF_RANGE for sizes that
     *     do not fit each other; NOT_CANONICAL for reserved or padding bytes that are set; TOO_LONG, TRUNCATED; and as
     *     {@link RuntimeClaims#parse}
     */
    public static HclReport parse(Bytes blob) {
        if (blob.length() > MAX_SIZE) {
            throw new CodecException(Reason.TOO_LONG, "a blob of " + blob.length() + " bytes");
        }
        if (blob.length() < JSON) {
            throw new CodecException(Reason.TRUNCATED, "a blob of " + blob.length() + " bytes");
        }
        if (!blob.startsWith(SIGNATURE)) {
            throw new CodecException(Reason.UNKNOWN, "the blob does not begin with HCLA");
        }
        ByteBuffer view = blob.buffer().order(ByteOrder.LITTLE_ENDIAN);
        int headerVersion = view.getInt(4);
        if (headerVersion != 1 && headerVersion != 2) {
            throw unknown("blob version", headerVersion);
        }
        require(view, 12, REQUEST_TYPE, "request type");
        require(view, 16, 0, "status");
        require(view, RUNTIME_DATA + 4, RUNTIME_DATA_VERSION, "version of the runtime data");
        requireZero(blob, 20, 12);
        Bytes json = json(blob, view);
        return new HclReport(
                headerVersion,
                reportType(view.getInt(RUNTIME_DATA + 8)),
                blob.slice(HARDWARE_REPORT, AttestationReport.SIZE),
                hashType(view.getInt(RUNTIME_DATA + 12)),
                json,
                RuntimeClaims.parse(json));
    }

    private static Bytes json(Bytes blob, ByteBuffer view) {
        long jsonSize = Integer.toUnsignedLong(view.getInt(RUNTIME_DATA + 16));
        if (jsonSize > RuntimeClaims.MAX_SIZE) {
            throw new CodecException(Reason.TOO_LONG, "runtime claims of " + jsonSize + " bytes");
        }
        if (Integer.toUnsignedLong(view.getInt(RUNTIME_DATA)) != JSON - RUNTIME_DATA + jsonSize
                || Integer.toUnsignedLong(view.getInt(8)) != JSON + jsonSize) {
            throw new CodecException(Reason.OUT_OF_RANGE, "the blob's sizes do not fit each other");
        }
        Bytes json = blob.slice(JSON, (int) jsonSize);
        int end = JSON + json.length();
        requireZero(blob, end, blob.length() - end);
        return json;
    }

    private static ReportType reportType(int code) {
        for (ReportType type : ReportType.values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw unknown("report type", code);
    }

    private static TpmHash hashType(int code) {
        return switch (code) {
            case 1 -> TpmHash.SHA256;
            case 2 -> TpmHash.SHA384;
            case 3 -> TpmHash.SHA512;
            default -> throw unknown("hash type", code);
        };
    }

    private static void require(ByteBuffer view, int at, int value, String what) {
        if (view.getInt(at) != value) {
            throw unknown(what, view.getInt(at));
        }
    }

    private static CodecException unknown(String what, int value) {
        return new CodecException(Reason.UNKNOWN, what + " " + Integer.toUnsignedString(value) + " is not known");
    }

    private static void requireZero(Bytes blob, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (blob.at(i) != 0) {
                throw new CodecException(Reason.NOT_CANONICAL, "the blob's byte at " + i + " is set");
            }
        }
    }

    /** REPORT_DATA as the hardware report has it. */
    public Bytes reportData() {
        return hardwareReport.slice(REPORT_DATA, REPORT_DATA_SIZE);
    }

    /**
     * Whether REPORT_DATA is the SHA-256 of the JSON and 32 zero bytes. No other hash counts, whatever the header says:
     * none has been seen, and the header is not signed.
     */
    public boolean isBound() {
        return hash == TpmHash.SHA256
                && reportData()
                        .equals(Bytes.concat(
                                hash.digest(runtimeJson), Bytes.zeros(REPORT_DATA_SIZE - TpmHash.SHA256.size)));
    }

    /** The blob without padding, for simulators and tests. */
    public Bytes encode() {
        ByteBuffer out = ByteBuffer.allocate(JSON + runtimeJson.length()).order(ByteOrder.LITTLE_ENDIAN);
        out.put(SIGNATURE.toArray())
                .putInt(headerVersion)
                .putInt(out.capacity())
                .putInt(REQUEST_TYPE);
        out.put(HARDWARE_REPORT, hardwareReport.toArray()).position(RUNTIME_DATA);
        out.putInt(JSON - RUNTIME_DATA + runtimeJson.length())
                .putInt(RUNTIME_DATA_VERSION)
                .putInt(reportType.code)
                .putInt(hash.ordinal() + 1)
                .putInt(runtimeJson.length())
                .put(runtimeJson.toArray());
        return Bytes.wrap(out.array());
    }
}
