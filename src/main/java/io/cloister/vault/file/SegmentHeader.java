package io.cloister.vault.file;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.vault.Envelope;
import io.cloister.vault.Row;
import java.util.Optional;

/**
 * The first 512 bytes of a segment: fields, the vault's tag over them, a checksum over both, zeros.
 *
 * @param index the segment's number, from 1
 * @param firstKept the oldest segment that is kept, as of when this one was made
 * @param first sequence number of the first record here
 * @param previous that of the last record before; one less, unless an operator has cut records out between them
 * @param link the chain up to that record
 * @param silentThrough the highest height of which records were cut out, 0 when there was no cut
 * @param capacity length of the file in bytes
 */
record SegmentHeader(
        String journal,
        long index,
        long firstKept,
        long first,
        long previous,
        Bytes link,
        long silentThrough,
        int capacity,
        Bytes tag) {
    static final int LENGTH = 512;

    private static final Bytes MAGIC = Bytes.utf8("cloister/journal-segment/v1\n");
    private static final int MAX_NAME = 32;
    private static final int MAX_TAG = 64;

    static SegmentHeader made(
            Envelope envelope,
            String journal,
            long index,
            long firstKept,
            long first,
            long previous,
            Bytes link,
            long silentThrough,
            int capacity) {
        SegmentHeader untagged = new SegmentHeader(
                journal, index, firstKept, first, previous, link, silentThrough, capacity, Bytes.EMPTY);
        Bytes tag = envelope.tag(untagged.row(), untagged.fields());
        return new SegmentHeader(journal, index, firstKept, first, previous, link, silentThrough, capacity, tag);
    }

    /** @throws io.cloister.vault.TamperedException when it was not made under these keys */
    void check(Envelope envelope) {
        envelope.check(row(), fields(), tag);
    }

    private Row row() {
        return new Row("journal_file", new Writer().string(journal).u64(index).toBytes(), 1);
    }

    private Bytes fields() {
        return new Writer()
                .fixed(MAGIC)
                .string(journal)
                .u64(index)
                .u64(firstKept)
                .u64(first)
                .u64(previous)
                .fixed(link)
                .u64(silentThrough)
                .u32(capacity)
                .toBytes();
    }

    byte[] encode() {
        Bytes body = new Writer().fixed(fields()).bytes(tag).toBytes();
        byte[] header = new byte[LENGTH];
        body.copyTo(0, header, 0, body.length());
        Bytes crc = new Writer()
                .u32(Integer.toUnsignedLong(Frame.crc(header, 0, body.length())))
                .toBytes();
        crc.copyTo(0, header, body.length(), crc.length());
        return header;
    }

    /** Empty for anything that {@link #encode} does not write. */
    static Optional<SegmentHeader> parse(byte[] segment) {
        if (segment.length < LENGTH) {
            return Optional.empty();
        }
        try {
            Reader in = new Reader(Bytes.wrap(segment).slice(0, LENGTH));
            if (!in.fixed(MAGIC.length()).equals(MAGIC)) {
                return Optional.empty();
            }
            SegmentHeader header = new SegmentHeader(
                    in.string(MAX_NAME),
                    in.u64(),
                    in.u64(),
                    in.u64(),
                    in.u64(),
                    in.fixed(Frame.LINK),
                    in.u64(),
                    (int) in.u32(),
                    in.bytes(MAX_TAG));
            int covered = LENGTH - in.remaining();
            boolean good = (int) in.u32() == Frame.crc(segment, 0, covered)
                    && Frame.zero(segment, covered + 4, LENGTH)
                    && header.first > header.previous
                    && header.index >= header.firstKept;
            return good ? Optional.of(header) : Optional.empty();
        } catch (CodecException e) {
            return Optional.empty();
        }
    }
}
