package io.cloister.vault.file;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.vault.file.JournalDamaged.Reason;
import java.io.IOException;
import java.util.Optional;

/**
 * What an operator has cut out of a journal, in a file of its own until the node has opened the journal again and made
 * a segment that says so under its key.
 *
 * @param last the highest sequence number that may be lost
 * @param silentThrough the highest height of which records may be lost
 * @param nextSegment a number above that of every segment that was cut out
 */
record CutMark(long last, long silentThrough, long nextSegment) {
    static final String FILE = "cut";

    private static final String LABEL = "cloister/journal-cut/v1";
    private static final int MAX_LABEL = 64;

    /** The cut that a folder's journal has not taken note of yet. */
    static Optional<CutMark> in(JournalFolder folder) throws IOException {
        if (!folder.names().contains(FILE)) {
            return Optional.empty();
        }
        try (JournalFile file = folder.open(FILE)) {
            return Optional.of(parse(file.read())
                    .orElseThrow(() ->
                            new JournalDamaged(Reason.HEADER, FILE, 0, 0, "the note of what was cut out was changed")));
        }
    }

    /** Both cuts. */
    CutMark and(CutMark other) {
        return new CutMark(
                Math.max(last, other.last),
                Math.max(silentThrough, other.silentThrough),
                Math.max(nextSegment, other.nextSegment));
    }

    byte[] encode() {
        Bytes body = new Writer()
                .string(LABEL)
                .u64(last)
                .u64(silentThrough)
                .u64(nextSegment)
                .toBytes();
        return new Writer()
                .fixed(body)
                .u32(Integer.toUnsignedLong(Frame.crc(body.toArray(), 0, body.length())))
                .toBytes()
                .toArray();
    }

    /** Empty for anything that {@link #encode} does not write. */
    static Optional<CutMark> parse(byte[] file) {
        try {
            Reader in = new Reader(Bytes.of(file));
            boolean good = in.string(MAX_LABEL).equals(LABEL);
            CutMark mark = new CutMark(in.u64(), in.u64(), in.u64());
            good &= (int) in.u32() == Frame.crc(file, 0, file.length - 4);
            in.end();
            return good ? Optional.of(mark) : Optional.empty();
        } catch (CodecException e) {
            return Optional.empty();
        }
    }
}
