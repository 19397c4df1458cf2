package io.cloister.vault.file;

import io.cloister.codec.Bytes;
import io.cloister.vault.file.JournalDamaged.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads all segments in order and decides what an interrupted write may have left. Works without keys; whoever has them
 * adds his checks as {@link Visitor}.
 *
 * <p><b>Torn or damaged.</b> A disk writes each sector of 512 bytes whole or not at all, and a segment was zero in every
 * byte, and durable as such, before its first record. So of a write that a crash interrupted each sector holds either
 * what was written or zeros, and of one that stopped in the middle the end is zeros. A record that is not whole is
 * therefore torn exactly if its last byte, or all of it that lies in some sector, is zero; a record that is whole has no
 * such part, as both ends of it and the end of its head are marks other than zero and the rest is ciphertext. A bad
 * record without such a part was written whole and changed afterwards. The head has a checksum of its own, so that the
 * length is believed before the extent of the record is judged by it.
 *
 * <p><b>Synced or not.</b> A torn record is dropped only at the end of the last segment, and only if no record behind it
 * says that it was durable: each names the last number that was durable when it was written. What stands behind a torn
 * record without saying so was written before the same sync and is dropped with it. A message leaves its node only after
 * the sync of its record, and a synced record is whole; so what is dropped never left. The records of the last sync of
 * all are vouched for by nothing behind them: zeros in the place of one of their sectors look like a write that never
 * happened.
 */
final class FolderScan {
    /** Is shown what is whole, before the next thing is looked at. */
    interface Visitor {
        void segment(String name, SegmentHeader header);

        /** @param previous the link before the record */
        void record(Segment segment, int offset, Frame frame, Bytes previous);
    }

    /**
     * What was found.
     *
     * @param segments those that are kept, in order
     * @param leftovers files of interrupted acts, to be deleted
     * @param last the number of the last record, 0 when there is none
     * @param link the chain up to it
     * @param firstKept the oldest segment that must be there
     * @param torn whether bytes other than zero stand behind the last record
     */
    record Found(List<Segment> segments, List<String> leftovers, long last, Bytes link, long firstKept, boolean torn) {}

    private final JournalFolder folder;
    private final Optional<CutMark> cut;
    private final Visitor visitor;
    private final List<Segment> segments = new ArrayList<>();
    private final List<String> leftovers = new ArrayList<>();
    private long last;
    private Bytes link = Frame.NO_LINK;
    private long firstKept;
    private boolean torn;

    private FolderScan(JournalFolder folder, Optional<CutMark> cut, Visitor visitor) {
        this.folder = folder;
        this.cut = cut;
        this.visitor = visitor;
    }

    /** @throws JournalDamaged for the first thing that no crash explains */
    static Found scan(JournalFolder folder, Optional<CutMark> cut, Visitor visitor) throws IOException {
        return new FolderScan(folder, cut, visitor).scan();
    }

    private Found scan() throws IOException {
        for (String name : folder.names()) {
            if (name.endsWith(Segment.UNFINISHED)) {
                leftovers.add(name);
            } else if (Segment.index(name).isPresent()) {
                segment(name, Segment.index(name).getAsLong());
            }
        }
        if (!segments.isEmpty()) {
            requireEnds();
        }
        while (!segments.isEmpty() && segments.getFirst().index() < firstKept) {
            leftovers.add(segments.removeFirst().name());
        }
        return new Found(List.copyOf(segments), List.copyOf(leftovers), last, link, firstKept, torn);
    }

    private void requireEnds() {
        Segment first = segments.getFirst();
        if (first.index() > firstKept && cut.isEmpty()) {
            throw missing(firstKept, Math.max(1, first.header().previous()));
        }
        Segment end = segments.getLast();
        if (end.continued()) {
            throw missing(end.index() + 1, last + 1);
        }
    }

    private static JournalDamaged missing(long index, long sequence) {
        return new JournalDamaged(Reason.MISSING_SEGMENT, Segment.name(index), 0, sequence, "the segment is not there");
    }

    private void segment(String name, long index) throws IOException {
        byte[] bytes;
        try (JournalFile file = folder.open(name)) {
            bytes = file.read();
        }
        SegmentHeader header = SegmentHeader.parse(bytes)
                .orElseThrow(() -> damage(Reason.HEADER, name, 0, last + 1, "the header was changed"));
        if (header.index() != index) {
            throw damage(Reason.CHAIN, name, 0, last + 1, "this is segment " + header.index() + " in its place");
        }
        if (header.capacity() != bytes.length) {
            String what = "the file has " + bytes.length + " bytes, it was made with " + header.capacity();
            throw damage(Reason.HEADER, name, bytes.length, last + 1, what);
        }
        if (!segments.isEmpty() && isUnused(name, header, bytes)) {
            return;
        }
        requireFollows(name, header);
        visitor.segment(name, header);
        last = header.first() - 1;
        link = header.link();
        firstKept = Math.max(firstKept, header.firstKept());
        records(new Segment(name, header, SegmentHeader.LENGTH, false, 0), bytes);
    }

    /** A segment that was made while the one before it does not name it yet. Nothing may stand in it, nor after it. */
    private boolean isUnused(String name, SegmentHeader header, byte[] bytes) throws IOException {
        Segment before = segments.getLast();
        if (before.continued() || header.index() != before.index() + 1) {
            return false;
        }
        List<String> names = folder.names().stream()
                .filter(it -> Segment.index(it).isPresent())
                .toList();
        if (!names.getLast().equals(name) || !Frame.zero(bytes, SegmentHeader.LENGTH, bytes.length)) {
            String what = "a record is missing or was changed: the segment ends without naming the next one";
            throw damage(Reason.RECORD, before.name(), before.end(), last + 1, what);
        }
        leftovers.add(name);
        return true;
    }

    private void requireFollows(String name, SegmentHeader header) {
        if (segments.isEmpty()) {
            return;
        }
        Segment before = segments.getLast();
        if (!before.header().journal().equals(header.journal())) {
            throw damage(Reason.CHAIN, name, 0, last + 1, "it belongs to journal " + header.journal());
        }
        if (header.index() != before.index() + 1) {
            throw missing(before.index() + 1, last + 1);
        }
        if (header.previous() != last || !header.link().equals(link)) {
            throw damage(Reason.CHAIN, name, 0, last + 1, "it does not follow the segment before it");
        }
    }

    private void records(Segment opened, byte[] bytes) {
        Segment segment = opened;
        while (!segment.continued()) {
            int at = segment.end();
            Optional<Frame.Head> head = Frame.head(bytes, at);
            Optional<Frame> whole = head.flatMap(it -> Frame.whole(bytes, at, it));
            if (whole.isEmpty()) {
                torn = judge(segment, bytes, head);
                segments.add(segment);
                return;
            }
            Frame frame = whole.get();
            requireFollows(segment, frame);
            segment = segment.with(frame);
            visitor.record(segment, at, frame, link);
            last = frame.sequence();
            link = frame.link();
            if (frame.kind() == RecordKind.FORGOTTEN) {
                firstKept = Math.max(firstKept, frame.height());
            }
        }
        if (!Frame.zero(bytes, segment.end(), bytes.length)) {
            throw damage(Reason.RECORD, segment.name(), segment.end(), last + 1, "something stands behind the end");
        }
        segments.add(segment);
        torn = false;
    }

    private void requireFollows(Segment segment, Frame frame) {
        if (frame.sequence() != last + 1) {
            String what = "record " + frame.sequence() + " stands in its place";
            throw damage(Reason.CHAIN, segment.name(), segment.end(), last + 1, what);
        }
        if (!frame.linkAfter(link, segment.header().journal()).equals(frame.link())) {
            String what = "the chain breaks here";
            throw damage(Reason.CHAIN, segment.name(), segment.end(), last + 1, what);
        }
        if (frame.kind() == RecordKind.CONTINUED && frame.height() != segment.index() + 1) {
            String what = "it names segment " + frame.height() + " as the next one";
            throw damage(Reason.CHAIN, segment.name(), segment.end(), last + 1, what);
        }
    }

    /** Whether anything stands where the records end. Throws unless it can be what an interrupted write left. */
    private boolean judge(Segment segment, byte[] bytes, Optional<Frame.Head> head) {
        int at = segment.end();
        if (Frame.zero(bytes, at, bytes.length)) {
            return false;
        }
        long extent = head.map(Frame.Head::size).orElse((long) Frame.HEAD);
        if (at + extent > bytes.length) {
            throw damage(Reason.RECORD, segment.name(), at, last + 1, "the record runs past the end of its segment");
        }
        if (!Frame.unwritten(bytes, at, (int) (at + extent))) {
            String what = "the record was written whole and changed afterwards";
            throw damage(Reason.RECORD, segment.name(), at, last + 1, what);
        }
        for (int behind = at + 1; behind <= bytes.length - Frame.HEAD; behind++) {
            Optional<Frame.Head> later = Frame.head(bytes, behind);
            if (later.isPresent() && later.get().durable() > last) {
                String what = "a part of the record is gone, though record "
                        + later.get().sequence() + " at offset " + behind + " says that it was durable";
                throw damage(Reason.RECORD, segment.name(), at, last + 1, what);
            }
        }
        return true;
    }

    private static JournalDamaged damage(Reason reason, String name, long offset, long sequence, String what) {
        return new JournalDamaged(reason, name, offset, sequence, what);
    }
}
