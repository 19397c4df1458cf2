package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.List;
import java.util.Optional;

/**
 * TPMS_ATTEST of type quote (TPM 2.0 Library, part 2, 10.12.12), big endian, read to its last byte.
 *
 * @param raw the bytes that the signature covers
 * @param qualifiedSigner name of the key in its hierarchy: algorithm and digest
 * @param extraData what the caller gave, at most 64 bytes
 * @param clock the TPM's clock and counters
 * @param firmwareVersion a number of the vendor's
 * @param selections the PCRs quoted, bank by bank
 * @param pcrDigest digest of their values
 */
public record TpmQuote(
        Bytes raw,
        Bytes qualifiedSigner,
        Bytes extraData,
        Clock clock,
        long firmwareVersion,
        List<PcrSelection> selections,
        Bytes pcrDigest) {
    /** The most bytes of extra data. */
    public static final int MAX_EXTRA_DATA = 64;

    private static final int MAGIC = 0xFF544347;
    private static final int TYPE_QUOTE = 0x8018;
    private static final int MAX_NAME = 2 + 64;
    private static final int MAX_DIGEST = 64;

    public TpmQuote {
        selections = List.copyOf(selections);
    }

    /**
     * TPMS_CLOCK_INFO.
     *
     * @param milliseconds time that the TPM was powered, unsigned
     * @param resetCount TPM resets, so boots of the machine
     * @param restartCount resumes since the last reset
     * @param safe whether the clock has never been set back
     */
    public record Clock(long milliseconds, long resetCount, long restartCount, boolean safe) {}

    /**
     * Reads a quote.
     *
     * @throws CodecException UNKNOWN for another magic number or type; TRUNCATED, TRAILING, TOO_LONG, NOT_CANONICAL,
     *     OUT_OF_RANGE for fields that cannot be
     */
    public static TpmQuote parse(Bytes raw) {
        Reader in = new Reader(raw);
        if ((int) in.u32() != MAGIC) {
            throw new CodecException(Reason.UNKNOWN, "not a structure that a TPM made");
        }
        int type = in.u16();
        if (type != TYPE_QUOTE) {
            throw new CodecException(Reason.UNKNOWN, "attestation type 0x%04x is no quote".formatted(type));
        }
        Bytes signer = name(Marshal.sized(in, MAX_NAME));
        Bytes extraData = Marshal.sized(in, MAX_EXTRA_DATA);
        Clock clock = new Clock(Marshal.u64(in), in.u32(), in.u32(), in.bool());
        long firmware = Marshal.u64(in);
        List<PcrSelection> selections = PcrSelection.decodeList(in);
        Bytes digest = Marshal.sized(in, MAX_DIGEST);
        in.end();
        return new TpmQuote(raw, signer, extraData, clock, firmware, selections, digest);
    }

    private static Bytes name(Bytes name) {
        Reader in = new Reader(name);
        Optional<TpmHash> hash = TpmHash.ofId(in.u16());
        if (hash.isEmpty() || in.remaining() != hash.get().size) {
            throw new CodecException(Reason.OUT_OF_RANGE, "the signer's name is not an algorithm and its digest");
        }
        return name;
    }

    /** A quote made of its fields, for simulators and tests. */
    static TpmQuote of(
            Bytes qualifiedSigner,
            Bytes extraData,
            Clock clock,
            long firmwareVersion,
            List<PcrSelection> selections,
            Bytes pcrDigest) {
        Writer out = new Writer().u32(Integer.toUnsignedLong(MAGIC)).u16(TYPE_QUOTE);
        Marshal.sized(out, qualifiedSigner);
        Marshal.sized(out, extraData);
        out.u64(clock.milliseconds)
                .u32(clock.resetCount)
                .u32(clock.restartCount)
                .bool(clock.safe);
        out.u64(firmwareVersion);
        PcrSelection.encodeList(out, selections);
        Marshal.sized(out, pcrDigest);
        return parse(out.toBytes());
    }
}
