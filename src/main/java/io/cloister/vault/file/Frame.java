package io.cloister.vault.file;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.vault.Cell;
import io.cloister.vault.Row;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A record as it stands in a segment:
 *
 * <pre>
 * u16 "CJ" · u32 length · u8 kind · u8 synced · u64 height · u64 sequence · u64 durable · u32 CRC32C of these · u8 a5
 * 32 link · sealed payload of that length · u32 CRC32C of everything before · u8 c5
 * </pre>
 *
 * {@code durable} is the last sequence number that was durable when the record was written. The three marks are there so
 * that no part of a whole record is zero in every byte: what a sector that was never written looks like.
 *
 * @param synced whether the writer waited for the disk before it went on
 * @param link the hash chain up to and with this record
 */
record Frame(RecordKind kind, boolean synced, long height, long sequence, long durable, Bytes link, Bytes sealed) {
    static final int HEAD = 37;
    static final int LINK = 32;
    static final int OVERHEAD = HEAD + LINK + 5;
    static final int SECTOR = 512;
    /** Before the first record. */
    static final Bytes NO_LINK = Bytes.zeros(LINK);

    private static final String LABEL = "cloister/file-journal/v1";
    private static final short MARK = 0x434A;
    private static final byte HEAD_END = (byte) 0xA5;
    private static final byte END = (byte) 0xC5;

    int size() {
        return OVERHEAD + sealed.length();
    }

    /** A record that follows this link. */
    static Frame after(
            Bytes previous,
            String journal,
            RecordKind kind,
            boolean synced,
            long height,
            long sequence,
            long durable,
            Bytes sealed) {
        Frame unlinked = new Frame(kind, synced, height, sequence, durable, NO_LINK, sealed);
        return new Frame(kind, synced, height, sequence, durable, unlinked.linkAfter(previous, journal), sealed);
    }

    /** The link that this record must have behind another one. */
    Bytes linkAfter(Bytes previous, String journal) {
        return Hashes.sha256(
                new Writer()
                        .string(LABEL)
                        .fixed(previous)
                        .string(journal)
                        .u8(kind.code())
                        .bool(synced)
                        .u64(height)
                        .u64(sequence)
                        .u64(durable)
                        .u32(sealed.length())
                        .toBytes(),
                sealed);
    }

    /** The place for which the payload is sealed. */
    static Cell cell(
            Bytes previous, String journal, RecordKind kind, boolean synced, long height, long sequence, long durable) {
        Bytes key = new Writer()
                .string(journal)
                .u64(sequence)
                .u8(kind.code())
                .bool(synced)
                .u64(height)
                .u64(durable)
                .fixed(previous)
                .toBytes();
        return new Cell(new Row("journal_file", key, 1), "record");
    }

    Cell cellAfter(Bytes previous, String journal) {
        return cell(previous, journal, kind, synced, height, sequence, durable);
    }

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(size())
                .putShort(MARK)
                .putInt(sealed.length())
                .put((byte) kind.code())
                .put((byte) (synced ? 1 : 0))
                .putLong(height)
                .putLong(sequence)
                .putLong(durable);
        out.putInt(crc(out.array(), 0, out.position())).put(HEAD_END);
        byte[] bytes = out.array();
        link.copyTo(0, bytes, HEAD, LINK);
        sealed.copyTo(0, bytes, HEAD + LINK, sealed.length());
        int end = bytes.length - 5;
        out.position(end);
        out.putInt(crc(bytes, 0, end)).put(END);
        return bytes;
    }

    /** What the clear head of a record says. */
    record Head(int length, RecordKind kind, boolean synced, long height, long sequence, long durable) {
        /** Of the whole record. */
        long size() {
            return (long) OVERHEAD + length;
        }
    }

    /** The head that stands there whole; empty when anything of it is wrong. */
    static Optional<Head> head(byte[] bytes, int at) {
        if (at + HEAD > bytes.length || bytes[at + HEAD - 1] != HEAD_END) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, at, HEAD);
        short mark = in.getShort();
        int length = in.getInt();
        Optional<RecordKind> kind = RecordKind.of(in.get() & 0xff);
        int synced = in.get();
        long height = in.getLong();
        long sequence = in.getLong();
        long durable = in.getLong();
        boolean good = mark == MARK
                && in.getInt() == crc(bytes, at, HEAD - 5)
                && length >= 0
                && kind.isPresent()
                && (synced & ~1) == 0
                && height >= 0
                && sequence > 0
                && durable >= 0
                && durable < sequence;
        return good
                ? Optional.of(new Head(length, kind.get(), synced == 1, height, sequence, durable))
                : Optional.empty();
    }

    /** The whole record behind a head; empty when it runs past the end, or its checksum or end mark is wrong. */
    static Optional<Frame> whole(byte[] bytes, int at, Head head) {
        if (at + head.size() > bytes.length) {
            return Optional.empty();
        }
        int end = (int) (at + head.size());
        boolean good =
                bytes[end - 1] == END && ByteBuffer.wrap(bytes, end - 5, 4).getInt() == crc(bytes, at, end - 5 - at);
        return good
                ? Optional.of(new Frame(
                        head.kind(),
                        head.synced(),
                        head.height(),
                        head.sequence(),
                        head.durable(),
                        slice(bytes, at + HEAD, LINK),
                        slice(bytes, at + HEAD + LINK, head.length())))
                : Optional.empty();
    }

    /**
     * Whether a part of what should stand there was never written: the last byte is zero, or all that lies in one
     * sector is. Of a record that is whole neither can be.
     */
    static boolean unwritten(byte[] bytes, int from, int to) {
        boolean missing = bytes[to - 1] == 0;
        for (int at = from; at < to && !missing; ) {
            int next = Math.min(to, (at / SECTOR + 1) * SECTOR);
            missing = zero(bytes, at, next);
            at = next;
        }
        return missing;
    }

    static boolean zero(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] != 0) {
                return false;
            }
        }
        return true;
    }

    static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    private static Bytes slice(byte[] bytes, int from, int length) {
        byte[] part = new byte[length];
        System.arraycopy(bytes, from, part, 0, length);
        return Bytes.wrap(part);
    }
}
