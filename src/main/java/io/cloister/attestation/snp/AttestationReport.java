package io.cloister.attestation.snp;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * An ATTESTATION_REPORT of version 2, 3, 4 (laid out as 3) or 5, read strictly: every reserved byte and the bytes
 * behind the signature are zero (AMD 56860, ATTESTATION_REPORT). Numbers in it are little endian. Immutable; what it
 * says is a claim until {@link SnpVerifier} has checked who signed it.
 */
public final class AttestationReport {
    /** Bytes of a report. */
    public static final int SIZE = 1184;

    /** Bytes of a report that its signature covers. */
    public static final int SIGNED_SIZE = 0x2A0;

    /** ECDSA on P-384 with SHA-384. */
    static final int ALGORITHM_P384_SHA384 = 1;

    static final int NUMBER_SIZE = 72;
    static final int SIGNATURE_R = 0x2A0;
    static final int SIGNATURE_S = SIGNATURE_R + NUMBER_SIZE;
    private static final int TRAILER = SIGNATURE_S + NUMBER_SIZE;
    private static final int P384_SIZE = 48;
    private static final int FIRST_WITH_CPUID = 3;
    private static final int FIRST_WITH_MITIGATIONS = 5;
    private static final int KEY_NONE = 7;

    private final Bytes raw;
    private final ByteBuffer view;

    private AttestationReport(Bytes raw) {
        this.raw = raw;
        this.view = raw.buffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads a report.
     *
     * @throws CodecException UNKNOWN for a version that is not known, NOT_CANONICAL for a reserved bit that is set,
     *     OUT_OF_RANGE for a value that cannot be, TRUNCATED or TRAILING for another length
     */
    public static AttestationReport parse(Bytes raw) {
        if (raw.length() != SIZE) {
            throw new CodecException(
                    raw.length() < SIZE ? Reason.TRUNCATED : Reason.TRAILING,
                    "a report has " + SIZE + " bytes, not " + raw.length());
        }
        AttestationReport report = new AttestationReport(raw);
        if (report.version() < 2 || report.version() > 5) {
            throw new CodecException(
                    Reason.UNKNOWN, "report version " + Integer.toUnsignedString(report.version()) + " is not known");
        }
        report.checkReserved();
        report.checkValues();
        return report;
    }

    private void checkReserved() {
        requireZero(0x04C, 4);
        requireZero(version() >= FIRST_WITH_CPUID ? 0x18B : 0x188, version() >= FIRST_WITH_CPUID ? 21 : 24);
        requireZero(0x1EB, 1);
        requireZero(0x1EF, 1);
        if (version() < FIRST_WITH_MITIGATIONS) {
            requireZero(0x1F8, 16);
        }
        requireZero(0x208, 152);
        requireZero(SIGNATURE_R + P384_SIZE, NUMBER_SIZE - P384_SIZE);
        requireZero(SIGNATURE_S + P384_SIZE, NUMBER_SIZE - P384_SIZE);
        requireZero(TRAILER, SIZE - TRAILER); // outside the signature: anything else would make reports malleable
    }

    private void checkValues() {
        if (!policy().wellFormed()) {
            throw new CodecException(
                    Reason.NOT_CANONICAL, "reserved bits of POLICY " + policy() + " are not as they must be");
        }
        if (!platformInfo().wellFormed()) {
            throw new CodecException(Reason.NOT_CANONICAL, "a reserved bit of PLATFORM_INFO is set");
        }
        if ((keyInfo() & ~0x1F) != 0) {
            throw new CodecException(Reason.NOT_CANONICAL, "a reserved bit of KEY_INFO is set");
        }
        if (signingKeyCode() > SigningKeyKind.VLEK.code && signingKeyCode() != KEY_NONE) {
            throw new CodecException(Reason.OUT_OF_RANGE, "signing key " + signingKeyCode() + " is not known");
        }
        if (vmpl() < 0 || vmpl() > 3) {
            throw new CodecException(Reason.OUT_OF_RANGE, "VMPL " + Integer.toUnsignedString(vmpl()));
        }
        if (view.getInt(0x034) != ALGORITHM_P384_SHA384) {
            throw new CodecException(
                    Reason.OUT_OF_RANGE, "signature algorithm " + view.getInt(0x034) + " is not known");
        }
    }

    private void requireZero(int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (view.get(i) != 0) {
                throw new CodecException(Reason.NOT_CANONICAL, "the reserved byte at 0x%03x is set".formatted(i));
            }
        }
    }

    /** All bytes, as they came. */
    public Bytes encode() {
        return raw;
    }

    /** The bytes that the signature covers. */
    public Bytes signedBytes() {
        return raw.slice(0, SIGNED_SIZE);
    }

    public int version() {
        return view.getInt(0x000);
    }

    /** The guest's security version from its ID block, 32 bits unsigned. */
    public long guestSvn() {
        return Integer.toUnsignedLong(view.getInt(0x004));
    }

    public GuestPolicy policy() {
        return new GuestPolicy(view.getLong(0x008));
    }

    public Bytes familyId() {
        return raw.slice(0x010, 16);
    }

    public Bytes imageId() {
        return raw.slice(0x020, 16);
    }

    /** The privilege level that asked, 0 (highest) to 3. */
    public int vmpl() {
        return view.getInt(0x030);
    }

    /** TCB of the firmware that runs now. */
    public Bytes currentTcb() {
        return raw.slice(0x038, Tcb.SIZE);
    }

    public PlatformInfo platformInfo() {
        return new PlatformInfo(view.getLong(0x040));
    }

    private int keyInfo() {
        return view.getInt(0x048);
    }

    private int signingKeyCode() {
        return keyInfo() >> 2 & 7;
    }

    public boolean authorKeyEnabled() {
        return (keyInfo() & 1) != 0;
    }

    /** The host has the firmware hide the chip: such reports carry no signature. */
    public boolean chipKeyMasked() {
        return (keyInfo() & 2) != 0;
    }

    /** Which key signed, empty for an unsigned report. */
    public Optional<SigningKeyKind> signingKey() {
        return switch (signingKeyCode()) {
            case 0 -> Optional.of(SigningKeyKind.VCEK);
            case 1 -> Optional.of(SigningKeyKind.VLEK);
            default -> Optional.empty();
        };
    }

    /** The 64 bytes that the guest chose. */
    public Bytes reportData() {
        return raw.slice(0x050, 64);
    }

    /** The launch digest, 48 bytes. */
    public Bytes measurement() {
        return raw.slice(0x090, 48);
    }

    /** 32 bytes that the host chose at launch. */
    public Bytes hostData() {
        return raw.slice(0x0C0, 32);
    }

    public Bytes idKeyDigest() {
        return raw.slice(0x0E0, 48);
    }

    public Bytes authorKeyDigest() {
        return raw.slice(0x110, 48);
    }

    public Bytes reportId() {
        return raw.slice(0x140, 32);
    }

    /** All ones when the guest has no migration agent. */
    public Bytes migrationAgentReportId() {
        return raw.slice(0x160, 32);
    }

    /** TCB that the host lets the firmware report: the one that selects the VCEK. */
    public Bytes reportedTcb() {
        return raw.slice(0x180, Tcb.SIZE);
    }

    /** Empty before version 3. */
    public Optional<Cpuid> cpuid() {
        return version() < FIRST_WITH_CPUID
                ? Optional.empty()
                : Optional.of(new Cpuid(view.get(0x188) & 0xff, view.get(0x189) & 0xff, view.get(0x18A) & 0xff));
    }

    /** 64 bytes; Turin uses the first eight, and all are zero when the host masks them. */
    public Bytes chipId() {
        return raw.slice(0x1A0, 64);
    }

    /** TCB below which the host cannot go back. */
    public Bytes committedTcb() {
        return raw.slice(0x1E0, Tcb.SIZE);
    }

    /** Version of the firmware that runs now, as major.minor.build. */
    public String currentFirmware() {
        return firmware(0x1E8);
    }

    public String committedFirmware() {
        return firmware(0x1EC);
    }

    private String firmware(int at) {
        return (view.get(at + 2) & 0xff) + "." + (view.get(at + 1) & 0xff) + "." + (view.get(at) & 0xff);
    }

    /** TCB at the moment the guest was launched. */
    public Bytes launchTcb() {
        return raw.slice(0x1F0, Tcb.SIZE);
    }

    /** Mitigations in force at launch, a bit each; zero before version 5. */
    public long launchMitigations() {
        return view.getLong(0x1F8);
    }

    public long currentMitigations() {
        return view.getLong(0x200);
    }

    /** The signature's r, 48 bytes big endian. */
    Bytes signatureR() {
        return raw.slice(SIGNATURE_R, P384_SIZE).reversed();
    }

    /** The signature's s, 48 bytes big endian. */
    Bytes signatureS() {
        return raw.slice(SIGNATURE_S, P384_SIZE).reversed();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AttestationReport that && raw.equals(that.raw);
    }

    @Override
    public int hashCode() {
        return raw.hashCode();
    }

    @Override
    public String toString() {
        return "report v" + version() + " measurement " + measurement();
    }
}
