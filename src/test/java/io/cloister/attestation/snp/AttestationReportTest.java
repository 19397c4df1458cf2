package io.cloister.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.TestChips;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttestationReportTest {
    private static final Bytes R = TestChips.filled(48, 0x11);
    private static final Bytes S = TestChips.filled(48, 0x22);

    private static ReportBuilder builder(int version) {
        return new ReportBuilder(version).policy(new GuestPolicy(0x30000));
    }

    private static void refuses(Bytes report, Reason reason) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> AttestationReport.parse(report))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static Bytes with(Bytes report, int at, int value) {
        byte[] changed = report.toArray();
        changed[at] = (byte) value;
        return Bytes.wrap(changed);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void readsBackEveryFieldItWrites(int version) {
        Tcb low = Tcb.early(1, 2, 3, 4);
        Tcb high = Tcb.early(5, 6, 7, 8);
        ReportBuilder builder = builder(version)
                .guestSvn(0xffff_fff0L)
                .familyId(TestChips.filled(16, 1))
                .imageId(TestChips.filled(16, 2))
                .vmpl(3)
                .platformInfo(new PlatformInfo(0x35))
                .signingKey(SigningKeyKind.VLEK)
                .reportData(TestChips.filled(64, 3))
                .measurement(TestChips.filled(48, 4))
                .hostData(TestChips.filled(32, 5))
                .reportId(TestChips.filled(32, 6))
                .reportedTcb(low)
                .committedTcb(high)
                .currentTcb(high)
                .launchTcb(low)
                .chipId(TestChips.filled(64, 7))
                .firmware(1, 55, 40);
        if (version >= 3) {
            builder.cpuid(new Cpuid(0x19, 0xA0, 2));
        }
        if (version == 5) {
            builder.mitigations(0x3f, 0x1f);
        }
        AttestationReport report = AttestationReport.parse(builder.build(R, S));

        assertThat(report.version()).isEqualTo(version);
        assertThat(report.guestSvn()).isEqualTo(0xffff_fff0L);
        assertThat(report.familyId()).isEqualTo(TestChips.filled(16, 1));
        assertThat(report.imageId()).isEqualTo(TestChips.filled(16, 2));
        assertThat(report.vmpl()).isEqualTo(3);
        assertThat(report.platformInfo()).isEqualTo(new PlatformInfo(0x35));
        assertThat(report.signingKey()).contains(SigningKeyKind.VLEK);
        assertThat(report.reportData()).isEqualTo(TestChips.filled(64, 3));
        assertThat(report.measurement()).isEqualTo(TestChips.filled(48, 4));
        assertThat(report.hostData()).isEqualTo(TestChips.filled(32, 5));
        assertThat(report.reportId()).isEqualTo(TestChips.filled(32, 6));
        assertThat(report.migrationAgentReportId()).isEqualTo(TestChips.filled(32, 0xff));
        assertThat(report.reportedTcb()).isEqualTo(low.encode());
        assertThat(report.committedTcb()).isEqualTo(high.encode());
        assertThat(report.currentTcb()).isEqualTo(high.encode());
        assertThat(report.launchTcb()).isEqualTo(low.encode());
        assertThat(report.chipId()).isEqualTo(TestChips.filled(64, 7));
        assertThat(report.currentFirmware()).isEqualTo("1.55.40");
        assertThat(report.committedFirmware()).isEqualTo("1.55.40");
        assertThat(report.cpuid().isPresent()).isEqualTo(version >= 3);
        assertThat(report.launchMitigations()).isEqualTo(version == 5 ? 0x3f : 0);
        assertThat(report.currentMitigations()).isEqualTo(version == 5 ? 0x1f : 0);
        assertThat(report.signatureR()).isEqualTo(R);
        assertThat(report.signatureS()).isEqualTo(S);
        assertThat(report.signedBytes()).isEqualTo(builder.signedBytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 7, 255})
    void refusesVersionItDoesNotKnow(int version) {
        refuses(builder(version).build(R, S), Reason.UNKNOWN);
    }

    @Test
    void refusesOtherLengths() {
        Bytes report = builder(3).build(R, S);

        refuses(Bytes.EMPTY, Reason.TRUNCATED);
        refuses(report.slice(0, 1183), Reason.TRUNCATED);
        refuses(Bytes.concat(report, Bytes.zeros(1)), Reason.TRAILING);
        refuses(Bytes.zeros(4000), Reason.TRAILING);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 0x188, 0x1A0", "3, 0x18B, 0x1A0", "3, 0x04C, 0x050", "3, 0x1EB, 0x1EC", "3, 0x1EF, 0x1F0",
        "2, 0x1F8, 0x208", "3, 0x1F8, 0x208", "4, 0x1F8, 0x208", "3, 0x208, 0x2A0", "5, 0x208, 0x2A0",
        "3, 0x2D0, 0x2E8", "3, 0x318, 0x330", "3, 0x330, 0x4A0"
    })
    void refusesReportWhoseReservedBytesAreSet(int version, String from, String to) {
        Bytes report = builder(version).build(R, S);
        for (int at = Integer.decode(from); at < Integer.decode(to); at++) {
            refuses(with(report, at, 0x80), Reason.NOT_CANONICAL);
        }
    }

    @Test
    void refusesReservedPolicyAndPlatformBits() {
        refuses(builder(3).policy(new GuestPolicy(0x10000)).build(R, S), Reason.NOT_CANONICAL);
        refuses(builder(3).policy(new GuestPolicy(0x30000 | 1L << 26)).build(R, S), Reason.NOT_CANONICAL);
        refuses(builder(3).policy(new GuestPolicy(0x30000 | 1L << 63)).build(R, S), Reason.NOT_CANONICAL);
        refuses(builder(3).platformInfo(new PlatformInfo(0x100)).build(R, S), Reason.NOT_CANONICAL);
        refuses(with(builder(3).build(R, S), 0x048, 0x20), Reason.NOT_CANONICAL);
    }

    @Test
    void refusesValuesThatCannotBe() {
        refuses(builder(3).vmpl(4).build(R, S), Reason.OUT_OF_RANGE);
        refuses(builder(3).vmpl(-1).build(R, S), Reason.OUT_OF_RANGE);
        refuses(with(builder(3).build(R, S), 0x034, 2), Reason.OUT_OF_RANGE);
        refuses(with(builder(3).build(R, S), 0x048, 2 << 2), Reason.OUT_OF_RANGE);
    }

    @Test
    void tellsThatAReportIsUnsigned() {
        AttestationReport report = AttestationReport.parse(with(builder(3).build(R, S), 0x048, 7 << 2 | 2));

        assertThat(report.signingKey()).isEmpty();
        assertThat(report.chipKeyMasked()).isTrue();
    }

    @Test
    void namesEveryPolicyBit() {
        assertThat(new GuestPolicy(0x30000 | 0x0137).abiMajor()).isEqualTo(1);
        assertThat(new GuestPolicy(0x30000 | 0x0137).abiMinor()).isEqualTo(0x37);
        assertThat(new GuestPolicy(1 << 16).smtAllowed()).isTrue();
        assertThat(new GuestPolicy(1 << 18).migrationAgentAllowed()).isTrue();
        assertThat(new GuestPolicy(1 << 19).debugAllowed()).isTrue();
        assertThat(new GuestPolicy(1 << 20).singleSocketRequired()).isTrue();
        assertThat(new GuestPolicy(1 << 21).cxlAllowed()).isTrue();
        assertThat(new GuestPolicy(1 << 22).aes256XtsRequired()).isTrue();
        assertThat(new GuestPolicy(1 << 23).raplDisabled()).isTrue();
        assertThat(new GuestPolicy(1 << 24).ciphertextHidingRequired()).isTrue();
        assertThat(new GuestPolicy(1 << 25).pageSwapDisabled()).isTrue();
    }

    @Property(tries = 300)
    void endsInAReportOrATypedErrorForAnyBytes(@ForAll @Size(value = 1184) byte[] noise, @ForAll boolean plausible) {
        if (plausible) { // far enough in to reach the later checks
            byte[] base = builder(3).build(R, S).toArray();
            for (int i = 0; i < 20; i++) {
                base[Math.floorMod(noise[2 * i] << 8 | noise[2 * i + 1] & 0xff, base.length)] ^= noise[100 + i];
            }
            noise = base;
        }
        try {
            Bytes raw = Bytes.of(noise);
            assertThat(AttestationReport.parse(raw).encode()).isEqualTo(raw);
        } catch (CodecException e) {
            assertThat(e.reason()).isNotNull();
        }
    }
}
