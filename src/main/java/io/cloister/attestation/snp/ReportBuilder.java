package io.cloister.attestation.snp;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Lays out the bytes of a report, for simulated platforms and tests. It checks lengths, not sense: what it makes is
 * read back by {@link AttestationReport#parse}. Not thread-safe.
 */
public final class ReportBuilder {
    private static final int NO_MIGRATION_AGENT = 0xFF;

    private final byte[] raw = new byte[AttestationReport.SIZE];
    private final ByteBuffer view = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);

    public ReportBuilder(int version) {
        view.putInt(0x000, version);
        view.putInt(0x034, AttestationReport.ALGORITHM_P384_SHA384);
        for (int i = 0x160; i < 0x180; i++) {
            raw[i] = (byte) NO_MIGRATION_AGENT;
        }
    }

    public ReportBuilder guestSvn(long svn) {
        view.putInt(0x004, (int) svn);
        return this;
    }

    public ReportBuilder policy(GuestPolicy policy) {
        view.putLong(0x008, policy.bits());
        return this;
    }

    public ReportBuilder familyId(Bytes id) {
        return put(0x010, 16, id);
    }

    public ReportBuilder imageId(Bytes id) {
        return put(0x020, 16, id);
    }

    public ReportBuilder vmpl(int vmpl) {
        view.putInt(0x030, vmpl);
        return this;
    }

    public ReportBuilder platformInfo(PlatformInfo info) {
        view.putLong(0x040, info.bits());
        return this;
    }

    public ReportBuilder signingKey(SigningKeyKind kind) {
        view.putInt(0x048, view.getInt(0x048) & ~0x1C | kind.code << 2);
        return this;
    }

    public ReportBuilder reportData(Bytes data) {
        return put(0x050, 64, data);
    }

    public ReportBuilder measurement(Bytes measurement) {
        return put(0x090, 48, measurement);
    }

    public ReportBuilder hostData(Bytes data) {
        return put(0x0C0, 32, data);
    }

    public ReportBuilder idKeyDigest(Bytes digest) {
        return put(0x0E0, 48, digest);
    }

    /** Sets the digest and the bit of KEY_INFO that says that there is an author key. */
    /** The digest, and the bit that says that an author key was used. */
    public ReportBuilder authorKeyDigest(Bytes digest) {
        return authorKeyEnabled(true).put(0x110, 48, digest);
    }

    public ReportBuilder authorKeyEnabled(boolean enabled) {
        view.putInt(0x048, view.getInt(0x048) & ~1 | (enabled ? 1 : 0));
        return this;
    }

    public ReportBuilder reportId(Bytes id) {
        return put(0x140, 32, id);
    }

    /** Sets all four TCB versions alike. */
    public ReportBuilder tcb(Tcb tcb) {
        return reportedTcb(tcb).committedTcb(tcb).currentTcb(tcb).launchTcb(tcb);
    }

    public ReportBuilder reportedTcb(Tcb tcb) {
        return put(0x180, Tcb.SIZE, tcb.encode());
    }

    public ReportBuilder committedTcb(Tcb tcb) {
        return put(0x1E0, Tcb.SIZE, tcb.encode());
    }

    public ReportBuilder currentTcb(Tcb tcb) {
        return put(0x038, Tcb.SIZE, tcb.encode());
    }

    public ReportBuilder launchTcb(Tcb tcb) {
        return put(0x1F0, Tcb.SIZE, tcb.encode());
    }

    public ReportBuilder cpuid(Cpuid cpuid) {
        raw[0x188] = (byte) cpuid.family();
        raw[0x189] = (byte) cpuid.model();
        raw[0x18A] = (byte) cpuid.stepping();
        return this;
    }

    /** At most 64 bytes; zero bytes follow a shorter one. */
    public ReportBuilder chipId(Bytes chipId) {
        return put(0x1A0, chipId.length(), chipId);
    }

    public ReportBuilder firmware(int major, int minor, int build) {
        for (int at : new int[] {0x1E8, 0x1EC}) {
            raw[at] = (byte) build;
            raw[at + 1] = (byte) minor;
            raw[at + 2] = (byte) major;
        }
        return this;
    }

    public ReportBuilder mitigations(long launch, long current) {
        view.putLong(0x1F8, launch);
        view.putLong(0x200, current);
        return this;
    }

    /** What is to be signed: ECDSA on P-384 over its SHA-384. */
    public Bytes signedBytes() {
        return Bytes.wrap(Arrays.copyOf(raw, AttestationReport.SIGNED_SIZE));
    }

    /**
     * The whole report.
     *
     * @param r 48 bytes big endian
     * @param s 48 bytes big endian
     */
    public Bytes build(Bytes r, Bytes s) {
        put(AttestationReport.SIGNATURE_R, 48, r.reversed());
        put(AttestationReport.SIGNATURE_S, 48, s.reversed());
        return Bytes.of(raw);
    }

    private ReportBuilder put(int at, int length, Bytes value) {
        if (value.length() != length || length > 64) {
            throw new CodecException(Reason.OUT_OF_RANGE, value.length() + " bytes for a field of " + length);
        }
        value.copyTo(0, raw, at, length);
        return this;
    }
}
