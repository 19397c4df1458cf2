package io.cloister.attestation.tpm;

import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;

/**
 * TPMS_PCR_SELECTION: PCRs of one bank.
 *
 * @param bank TPM_ALG_ID of the bank
 * @param bitmap bit n stands for PCR n, 24 bits
 */
public record PcrSelection(int bank, int bitmap) {
    /** PCRs of a PC client. */
    public static final int PCRS = 24;

    /** All PCRs of the SHA-256 bank. */
    public static final PcrSelection ALL = new PcrSelection(TpmHash.SHA256.id, (1 << PCRS) - 1);

    static final int BITMAP_SIZE = PCRS / 8;
    static final int MAX_SELECTIONS = 16;

    public PcrSelection {
        if (bank < 0 || bank > 0xFFFF || bitmap >>> PCRS != 0) {
            throw new CodecException(Reason.OUT_OF_RANGE, "bank %x, bitmap %x".formatted(bank, bitmap));
        }
    }

    /** These PCRs of the SHA-256 bank. */
    public static PcrSelection sha256(Collection<Integer> pcrs) {
        int bitmap = 0;
        for (int pcr : pcrs) {
            requirePcr(pcr);
            bitmap |= 1 << pcr;
        }
        return new PcrSelection(TpmHash.SHA256.id, bitmap);
    }

    static void requirePcr(int pcr) {
        if (pcr < 0 || pcr >= PCRS) {
            throw new CodecException(Reason.OUT_OF_RANGE, "there is no PCR " + Integer.toUnsignedString(pcr));
        }
    }

    public SortedSet<Integer> pcrs() {
        SortedSet<Integer> pcrs = new TreeSet<>();
        for (int pcr = 0; pcr < PCRS; pcr++) {
            if ((bitmap >> pcr & 1) != 0) {
                pcrs.add(pcr);
            }
        }
        return Collections.unmodifiableSortedSet(pcrs);
    }

    void encode(Writer out) {
        out.u16(bank).u8(BITMAP_SIZE);
        writeBitmap(out);
    }

    /** The first byte holds PCRs 0 to 7, lowest bit first. */
    void writeBitmap(Writer out) {
        out.u8(bitmap & 0xFF).u8(bitmap >> 8 & 0xFF).u8(bitmap >> 16);
    }

    static int readBitmap(Reader in) {
        return in.u8() | in.u8() << 8 | in.u8() << 16;
    }

    private static PcrSelection decode(Reader in) {
        int bank = in.u16();
        int size = in.u8();
        if (size != BITMAP_SIZE) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a PCR bitmap of " + size + " bytes");
        }
        return new PcrSelection(bank, readBitmap(in));
    }

    /** TPML_PCR_SELECTION. */
    static List<PcrSelection> decodeList(Reader in) {
        return in.list(MAX_SELECTIONS, PcrSelection::decode);
    }

    static void encodeList(Writer out, List<PcrSelection> selections) {
        out.u32(selections.size());
        selections.forEach(selection -> selection.encode(out));
    }

    /** Bank and PCRs, as {@code sha256:0,1,7}. */
    @Override
    public String toString() {
        StringJoiner joined = new StringJoiner(",");
        pcrs().forEach(pcr -> joined.add(pcr.toString()));
        String name = TpmHash.ofId(bank)
                .map(hash -> hash.name().toLowerCase(Locale.ROOT))
                .orElseGet(() -> "bank 0x%04x".formatted(bank));
        return name + ":" + joined;
    }
}
