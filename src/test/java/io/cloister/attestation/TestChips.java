package io.cloister.attestation;

import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.platform.TestAuthority;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.Cpuid;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.attestation.snp.PlatformInfo;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.ReportBuilder;
import io.cloister.attestation.snp.Tcb;
import io.cloister.attestation.snp.TcbLayout;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.MerkleTree;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Test authorities, made once a run because their keys take seconds, and what tests build from them. */
public final class TestChips {
    public static final Instant NOT_BEFORE = Instant.parse("2026-01-01T00:00:00Z");
    public static final Instant AT = Instant.parse("2026-11-20T12:00:00Z");
    public static final Bytes MEASUREMENT = Hashes.sha384(Bytes.utf8("a release"));
    public static final Tcb GENOA_TCB = Tcb.early(10, 0, 23, 84);
    public static final Tcb MILAN_TCB = Tcb.early(4, 0, 24, 219);
    public static final Tcb TURIN_TCB = new Tcb(TcbLayout.TURIN, 1, 1, 1, 4, 81);

    private static final class Shared {
        static final TestAuthority GENOA = TestAuthority.create(ProductLine.GENOA, NOT_BEFORE);
        static final Map<ProductLine, TestAuthority> SISTERS = new EnumMap<>(Map.of(
                ProductLine.GENOA, GENOA,
                ProductLine.MILAN, GENOA.sister(ProductLine.MILAN),
                ProductLine.TURIN, GENOA.sister(ProductLine.TURIN)));
    }

    private static final class Stranger {
        static final TestAuthority GENOA = TestAuthority.create(ProductLine.GENOA, NOT_BEFORE);
    }

    private TestChips() {}

    /** The authority of a line; all lines have one root key. */
    public static TestAuthority authority(ProductLine line) {
        return Shared.SISTERS.get(line);
    }

    /** An authority for Genoa that no policy names. */
    public static TestAuthority stranger() {
        return Stranger.GENOA;
    }

    /** A new chip of the line at its usual TCB. */
    public static SimulatedChip chip(ProductLine line) {
        return authority(line).issueChip(tcb(line));
    }

    public static Tcb tcb(ProductLine line) {
        return switch (line) {
            case MILAN -> MILAN_TCB;
            case GENOA -> GENOA_TCB;
            case TURIN -> TURIN_TCB;
        };
    }

    public static Cpuid cpuid(ProductLine line) {
        return switch (line) {
            case MILAN -> new Cpuid(0x19, 0x01, 0x01);
            case GENOA -> new Cpuid(0x19, 0x11, 0x01);
            case TURIN -> new Cpuid(0x1A, 0x02, 0x01);
        };
    }

    /** An unsigned report that fits the chip in everything. */
    public static ReportBuilder report(SimulatedChip chip, int version) {
        ReportBuilder report = new ReportBuilder(version)
                .policy(new GuestPolicy(0x30000))
                .platformInfo(new PlatformInfo(0x24))
                .signingKey(chip.keyKind())
                .measurement(MEASUREMENT)
                .tcb(chip.tcb())
                .chipId(chip.chipId())
                .firmware(1, 55, 37);
        return version >= 3 ? report.cpuid(cpuid(chip.line())) : report;
    }

    /** A policy that accepts what {@link #report} makes, from this line's test authority. */
    public static Policy policy(ProductLine line) {
        Policy devnet =
                Policy.devnet(List.of(MEASUREMENT), List.of(authority(line).rootDigest()));
        return line == ProductLine.MILAN
                ? Policies.with(devnet).productLine(line, MILAN_TCB).build()
                : devnet;
    }

    public static BootKeySet keys() {
        return new BootKeySet(
                "cloister-test",
                filled(33, 2),
                7,
                filled(32, 3),
                filled(33, 4),
                filled(33, 5),
                filled(32, 6),
                filled(33, 7));
    }

    public static Bytes filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return Bytes.wrap(bytes);
    }

    /** Evidence of the chip for one leaf alone. */
    public static Evidence evidence(SimulatedChip chip, ReportBuilder report, BootKeySet keys, Leaf leaf) {
        Bytes signed = chip.sign(report.reportData(ReportData.of(keys, leaf.hash())));
        return new Evidence(
                new SnpEvidence(signed, chip.collateral()), keys, leaf, MerkleTree.path(List.of(leaf.content()), 0));
    }

    /** The same report with one bit turned. */
    public static Bytes flip(Bytes report, int bit) {
        byte[] changed = report.toArray();
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        return Bytes.wrap(changed);
    }

    public static Set<Bytes> roots(ProductLine line) {
        return Set.of(authority(line).rootDigest());
    }

    /** Bits of a report's signed part. */
    public static int signedBits() {
        return AttestationReport.SIGNED_SIZE * 8;
    }
}
