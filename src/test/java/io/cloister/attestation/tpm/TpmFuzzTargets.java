package io.cloister.attestation.tpm;

import io.cloister.attestation.Golden;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.fuzz.FuzzTarget;
import io.cloister.attestation.fuzz.FuzzTarget.Format;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** What reads bytes of TPMs, of clouds that own them, and logs of their boot. */
public final class TpmFuzzTargets {
    private static final PcrSelection ONE = new PcrSelection(TpmHash.SHA256.id, 1);
    private static final List<Function<Tpm, ?>> REQUESTS = List.of(
            tpm -> tpm.nvReadPublic(7),
            tpm -> tpm.nvRead(7),
            tpm -> tpm.readPublic(7),
            Tpm::createAttestationKey,
            tpm -> tpm.quote(7, Bytes.zeros(8), List.of(ONE)),
            tpm -> tpm.pcrRead(ONE));

    private TpmFuzzTargets() {}

    public static List<FuzzTarget> all() {
        return List.of(
                FuzzTarget.of(
                        "quote",
                        Format.BINARY,
                        input -> said(TpmQuote.parse(input)),
                        Golden.read("tpm/nonce.quote.msg"),
                        Golden.read("tpm/empty.quote.msg"),
                        Golden.read("tpm/selected.quote.msg")),
                FuzzTarget.of(
                        "blob",
                        Format.BINARY,
                        TpmFuzzTargets::blob,
                        Golden.read("tpm/header1.hcl.bin"),
                        Golden.read("tpm/header2.hcl.bin"),
                        Golden.read("tpm/old.hcl.bin")),
                FuzzTarget.of(
                                "runtime claims",
                                Format.JSON,
                                input -> said(RuntimeClaims.parse(input)),
                                claims("header1"),
                                claims("old"))
                        .with(Bytes.utf8("[".repeat(8000)), Bytes.utf8("{\"keys\":" + "9".repeat(8000) + "}")),
                FuzzTarget.of(
                                "event log",
                                Format.BINARY,
                                TpmFuzzTargets::log,
                                Golden.read("logs/boot.bin"),
                                Golden.read("logs/other.bin"))
                        .with(crowded(), manyBanks()),
                FuzzTarget.canonical(
                        "PCR values",
                        Format.BINARY,
                        PcrValues::parse,
                        PcrValues::encode,
                        PcrValues.wholeBank(Golden.read("tpm/all.pcrs.bin")).encode(),
                        PcrValues.NONE.encode()),
                FuzzTarget.of(
                        "PCR file",
                        Format.BINARY,
                        input -> said(PcrValues.wholeBank(input)),
                        Golden.read("tpm/all.pcrs.bin")),
                FuzzTarget.of(
                        "answers of a TPM",
                        Format.BINARY,
                        TpmFuzzTargets::answer,
                        publicArea(),
                        index(),
                        quoted(),
                        pcr()));
    }

    private static String said(Object read) {
        Objects.requireNonNull(read.toString());
        return FuzzTarget.READ;
    }

    private static Bytes claims(String blob) {
        return HclReport.parse(Golden.read("tpm/" + blob + ".hcl.bin")).runtimeJson();
    }

    private static String blob(Bytes input) {
        HclReport read = HclReport.parse(input);
        if (!input.startsWith(read.encode())) {
            throw new AssertionError("another blob");
        }
        Objects.requireNonNull(read.reportData());
        return read.isBound() ? FuzzTarget.READ : "read, not bound";
    }

    private static String log(Bytes input) {
        EventLog read = EventLog.parse(input);
        for (TpmHash bank : TpmHash.values()) {
            Objects.requireNonNull(read.replay(bank));
        }
        return read.events().stream().anyMatch(LogEvent::dataIsMeasured) ? FuzzTarget.READ : "read, nothing measured";
    }

    /** As many events as a log may have. */
    private static Bytes crowded() {
        Bytes header = new LogBuilder(Bytes.utf8("Spec ID Event03\0"), Bytes.hex("0b002000"), 1).build();
        Bytes event = Bytes.concat(
                LogBuilder.u32(4), LogBuilder.u32(4), LogBuilder.u32(1), Bytes.hex("0b00"), Bytes.zeros(36));
        return fill(header, event);
    }

    /** As many digests as events may have. */
    private static Bytes manyBanks() {
        Bytes[] banks = new Bytes[16];
        Bytes[] digests = new Bytes[16];
        banks[0] = Bytes.hex("0b002000");
        digests[0] = Bytes.concat(Bytes.hex("0b00"), Bytes.zeros(32));
        for (int i = 1; i < banks.length; i++) {
            banks[i] = Bytes.of((byte) i, (byte) 0x10, (byte) 1, (byte) 0);
            digests[i] = Bytes.of((byte) i, (byte) 0x10, (byte) 7);
        }
        Bytes header = new LogBuilder(Bytes.utf8("Spec ID Event03\0"), Bytes.concat(banks), banks.length).build();
        Bytes event = Bytes.concat(
                LogBuilder.u32(4), LogBuilder.u32(4), LogBuilder.u32(16), Bytes.concat(digests), LogBuilder.u32(0));
        return fill(header, event);
    }

    private static Bytes fill(Bytes header, Bytes event) {
        Bytes[] parts = new Bytes[1 + (EventLog.MAX_SIZE - header.length()) / event.length()];
        Arrays.fill(parts, event);
        parts[0] = header;
        return Bytes.concat(parts);
    }

    /** One answer to every request; read when one of them can use it. */
    private static String answer(Bytes input) {
        String ending = "";
        for (Function<Tpm, ?> request : REQUESTS) {
            try {
                return said(request.apply(new Tpm(new Always(input))));
            } catch (TpmException e) {
                ending = e.getClass().getSimpleName();
            }
        }
        return ending;
    }

    private record Always(Bytes answer) implements TpmTransport {
        @Override
        public String name() {
            return "always the same";
        }

        @Override
        public Bytes transmit(Bytes command) {
            return answer;
        }

        @Override
        public void close() {}
    }

    private static Bytes answer(int tag, Bytes body) {
        return new Writer().u16(tag).u32(10L + body.length()).u32(0).fixed(body).toBytes();
    }

    private static Bytes session(Bytes parameters) {
        return answer(0x8002, new Writer().bytes(parameters).u16(0).u8(1).u16(0).toBytes());
    }

    private static Bytes publicArea() {
        Writer out = Marshal.sized(new Writer(), TpmPublic.ATTESTATION_KEY.encode());
        Bytes name = Bytes.concat(Bytes.hex("000b"), Bytes.zeros(32));
        return answer(0x8001, Marshal.sized(Marshal.sized(out, name), name).toBytes());
    }

    private static Bytes index() {
        Writer out = Marshal.sized(new Writer(), NvPublic.open(7, 64).encode());
        return answer(
                0x8001,
                Marshal.sized(out, Bytes.concat(Bytes.hex("000b"), Bytes.zeros(32)))
                        .toBytes());
    }

    private static Bytes quoted() {
        Writer out = Marshal.sized(new Writer(), Golden.read("tpm/nonce.quote.msg"))
                .u16(0x14)
                .u16(0x0B);
        return session(Marshal.sized(out, TestChips.filled(256, 1)).toBytes());
    }

    private static Bytes pcr() {
        Writer out = new Writer().u32(1);
        PcrSelection.encodeList(out, List.of(ONE));
        return answer(0x8001, Marshal.sized(out.u32(1), TestChips.filled(32, 1)).toBytes());
    }
}
