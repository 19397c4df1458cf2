package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Values of PCRs of the SHA-256 bank: a claim until a quote's digest has confirmed it.
 *
 * @param values PCR number, 0 to 23, to 32 bytes
 */
public record PcrValues(SortedMap<Integer, Bytes> values) {
    /** No PCR at all. */
    public static final PcrValues NONE = new PcrValues(Collections.emptySortedMap());

    private static final int SIZE = 32;

    /** @throws CodecException OUT_OF_RANGE for a PCR that does not exist or a value that is not 32 bytes long */
    public PcrValues {
        SortedMap<Integer, Bytes> copy = new TreeMap<>(values);
        for (Map.Entry<Integer, Bytes> entry : copy.entrySet()) {
            PcrSelection.requirePcr(entry.getKey());
            if (entry.getValue().length() != SIZE) {
                throw new CodecException(
                        Reason.OUT_OF_RANGE, "a PCR of " + entry.getValue().length() + " bytes");
            }
        }
        values = Collections.unmodifiableSortedMap(copy);
    }

    /**
     * All 24 PCRs, one after the other from PCR 0 on.
     *
     * @throws CodecException TRUNCATED or TRAILING unless there are 768 bytes
     */
    public static PcrValues wholeBank(Bytes raw) {
        Reader in = new Reader(raw);
        PcrValues values = read(in, (1 << PcrSelection.PCRS) - 1);
        in.end();
        return values;
    }

    /**
     * Reads what {@link #encode} writes.
     *
     * @throws CodecException TRUNCATED or TRAILING
     */
    public static PcrValues parse(Bytes raw) {
        Reader in = new Reader(raw);
        PcrValues values = read(in, PcrSelection.readBitmap(in));
        in.end();
        return values;
    }

    private static PcrValues read(Reader in, int bitmap) {
        SortedMap<Integer, Bytes> values = new TreeMap<>();
        for (int pcr : new PcrSelection(TpmHash.SHA256.id, bitmap).pcrs()) {
            values.put(pcr, in.fixed(SIZE));
        }
        return new PcrValues(values);
    }

    /** A bitmap of 3 bytes as in TPMS_PCR_SELECTION, then the values in the order of their numbers. */
    public Bytes encode() {
        Writer out = new Writer();
        selection().writeBitmap(out);
        values.values().forEach(out::fixed);
        return out.toBytes();
    }

    public Optional<Bytes> get(int pcr) {
        return Optional.ofNullable(values.get(pcr));
    }

    /** What a quote over exactly these PCRs selects. */
    public PcrSelection selection() {
        return PcrSelection.sha256(values.keySet());
    }

    /** SHA-256 over the values in the order of their numbers, as a quote has it. */
    public Bytes digest() {
        return Hashes.sha256(values.values().toArray(Bytes[]::new));
    }
}
