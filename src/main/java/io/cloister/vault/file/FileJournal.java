package io.cloister.vault.file;

import io.cloister.codec.Bytes;
import io.cloister.vault.Envelope;
import io.cloister.vault.Journal;
import io.cloister.vault.TamperedException;
import io.cloister.vault.file.FolderScan.Found;
import io.cloister.vault.file.JournalDamaged.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An append-only, hash-chained sequence of sealed records in preallocated files, numbered from 1. A synced append costs
 * one {@code fdatasync} and makes everything before it durable too. Thread-safe; the only writer of its folder.
 *
 * <p>What {@link FolderScan} cannot tell nobody can without help from outside: that the newest records were replaced by
 * zeros cleanly, or that the whole folder is an older one put back. {@code floor} is that help: a number that is known
 * to have been durable. Whoever puts back folder and floor together is not noticed here.
 */
public final class FileJournal implements AutoCloseable {
    /** Long enough that a new segment is rare, short enough that making one does not hold up a round of agreement. */
    static final int SEGMENT = 4 << 20;

    /** Room for the last record of a segment, which names the next one. */
    private static final int RESERVE = 256;

    /** No envelope adds more. */
    private static final int SEAL = 64;

    private static final int BLOCK = 4096;

    private final JournalFolder folder;
    private final String name;
    private final Envelope envelope;
    private final int segmentBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Segment> segments = new ArrayDeque<>();
    private Optional<JournalFile> active = Optional.empty();
    private long last;
    private Bytes link = Frame.NO_LINK;
    private long firstKept = 1;
    private long silentThrough;
    private Optional<Statement> newest = Optional.empty();
    private volatile long durable;
    private boolean usable = true;

    /** Where the newest statement stands. */
    private record Statement(long segment, long height, Bytes payload) {}

    private FileJournal(JournalFolder folder, String name, Envelope envelope, int segmentBytes) {
        this.folder = folder;
        this.name = name;
        this.envelope = envelope;
        this.segmentBytes = segmentBytes;
    }

    /**
     * Verifies what is there and takes it up; makes the folder and a first segment when there never was a journal.
     *
     * @param name as it is bound into every record, at most 32 bytes
     * @param floor a number that was durable; empty when the journal was never made
     * @throws JournalDamaged when the files are not what this node wrote
     * @throws JournalFailed when they cannot be read or written, or somebody else has them open
     */
    public static FileJournal open(Path path, String name, Envelope envelope, OptionalLong floor) {
        try {
            Files.createDirectories(path);
            return open(DiskFolder.claim(path), name, envelope, floor, SEGMENT);
        } catch (IOException e) {
            throw new JournalFailed("opening journal " + name, e);
        }
    }

    static FileJournal open(
            JournalFolder folder, String name, Envelope envelope, OptionalLong floor, int segmentBytes) {
        FileJournal journal = new FileJournal(folder, name, envelope, segmentBytes);
        try {
            journal.recover(floor);
            return journal;
        } catch (IOException e) {
            journal.close();
            throw new JournalFailed("opening journal " + name, e);
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /**
     * Appends a record.
     *
     * @param height of the chain, for {@link #forgetBelow}
     * @param sync whether this record and all before it are durable when this returns
     * @return its number
     * @throws JournalFailed when it is not known to be written; the journal then takes nothing more
     */
    public long append(RecordKind kind, long height, Bytes payload, boolean sync) {
        if (kind.internal() || height < 0 || payload.length() > Journal.MAX_ENTRY) {
            throw new IllegalArgumentException(kind + " of " + payload.length() + " bytes at height " + height);
        }
        lock.lock();
        try {
            return writing("appending to journal " + name, () -> {
                long sequence = put(kind, height, payload, sync);
                if (kind == RecordKind.STATEMENT) {
                    newest = Optional.of(new Statement(segments.getLast().index(), height, payload));
                }
                return sequence;
            });
        } finally {
            lock.unlock();
        }
    }

    /** Hands on all entries that are kept, in the order of writing. */
    public void replay(EntryReader reader) {
        lock.lock();
        try {
            requireUsable();
            FolderScan.scan(folder, Optional.empty(), new Opening((segment, frame, payload) -> {
                if (!frame.kind().internal()) {
                    reader.accept(frame.sequence(), frame.kind(), frame.height(), payload);
                }
            }));
        } catch (IOException e) {
            throw new JournalFailed("replaying journal " + name, e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Deletes the oldest segments that hold no record of this height or a higher one, the last segment never. The newest
     * statement is written again before its segment goes.
     */
    public void forgetBelow(long height) {
        lock.lock();
        try {
            long keep = segments.getFirst().index();
            for (Segment segment : segments) {
                if (segment.highest() >= height
                        || segment.index() == segments.getLast().index()) {
                    break;
                }
                keep = segment.index() + 1;
            }
            if (keep > segments.getFirst().index()) {
                forget(keep);
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(long keep) {
        writing("forgetting segments of journal " + name, () -> {
            if (newest.isPresent() && newest.get().segment() < keep) {
                Statement old = newest.get();
                put(RecordKind.STATEMENT, old.height(), old.payload(), false);
                newest = Optional.of(new Statement(segments.getLast().index(), old.height(), old.payload()));
            }
            put(RecordKind.FORGOTTEN, keep, Bytes.EMPTY, true);
            firstKept = keep;
            while (segments.getFirst().index() < keep) {
                delete(segments.removeFirst().name());
            }
            return keep;
        });
    }

    /** The number of the last record, whether durable or not; 0 before the first. */
    public long last() {
        lock.lock();
        try {
            return last;
        } finally {
            lock.unlock();
        }
    }

    /** The highest number that is known to be durable. */
    public long durable() {
        return durable;
    }

    /**
     * The highest height of which an operator has cut records out, 0 when none ever did: what this node signed there is
     * not known any more.
     */
    public long silentThrough() {
        return silentThrough;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            usable = false;
            if (active.isPresent()) {
                active.get().close();
            }
        } catch (IOException e) {
            throw new JournalFailed("closing journal " + name, e);
        } finally {
            active = Optional.empty();
            folder.close();
            lock.unlock();
        }
    }

    private void recover(OptionalLong floor) throws IOException {
        Optional<CutMark> cut = CutMark.in(folder);
        Found found = FolderScan.scan(folder, cut, new Opening((segment, frame, payload) -> {
            if (frame.kind() == RecordKind.STATEMENT) {
                newest = Optional.of(new Statement(segment.index(), frame.height(), payload));
            }
        }));
        if (cut.isEmpty()) {
            requireFloor(found, floor);
        }
        for (String leftover : found.leftovers()) {
            delete(leftover);
        }
        last = found.last();
        link = found.link();
        firstKept = found.firstKept();
        segments.addAll(found.segments());
        if (segments.isEmpty()) {
            begin(cut, floor);
        } else {
            silentThrough = segments.getLast().header().silentThrough();
            takeUp(found);
            if (cut.isPresent()) {
                passOver(cut.get(), floor);
            }
        }
        if (cut.isPresent()) {
            delete(CutMark.FILE);
        }
    }

    private void requireFloor(Found found, OptionalLong floor) {
        if (floor.isEmpty()
                || (found.last() >= floor.getAsLong() && !found.segments().isEmpty())) {
            return;
        }
        if (found.segments().isEmpty()) {
            throw new JournalDamaged(
                    Reason.MISSING_SEGMENT, Segment.name(1), 0, 1, "journal " + name + " was made, and is gone");
        }
        Segment end = found.segments().getLast();
        throw new JournalDamaged(
                Reason.BEHIND,
                end.name(),
                end.end(),
                found.last() + 1,
                "the journal ends here, but it was durable up to " + floor.getAsLong());
    }

    /** Zeros in the place of what an interrupted write left, and everything that was read durable. */
    private void takeUp(Found found) throws IOException {
        Segment end = segments.getLast();
        JournalFile file = folder.open(end.name());
        active = Optional.of(file);
        if (found.torn()) {
            file.write(end.end(), new byte[end.header().capacity() - end.end()]);
        }
        file.force();
        durable = last;
    }

    private void begin(Optional<CutMark> cut, OptionalLong floor) throws IOException {
        long index = cut.map(CutMark::nextSegment).orElse(1L);
        long first = Math.max(cut.map(CutMark::last).orElse(0L), floor.orElse(0)) + 1;
        silentThrough = cut.map(CutMark::silentThrough).orElse(0L);
        firstKept = index;
        last = 0;
        link = Frame.NO_LINK;
        start(index, first, segmentBytes);
        durable = last;
    }

    /** Goes on behind the numbers that were cut out, so that none of them is used twice. */
    private void passOver(CutMark cut, OptionalLong floor) throws IOException {
        silentThrough = Math.max(silentThrough, cut.silentThrough());
        firstKept = segments.getFirst().index();
        long first = Math.max(Math.max(cut.last(), floor.orElse(0)), last + 1) + 1;
        next(first, segmentBytes);
    }

    private long put(RecordKind kind, long height, Bytes payload, boolean sync) throws IOException {
        int needed = Frame.OVERHEAD + payload.length() + SEAL;
        Segment segment = segments.getLast();
        if ((long) segment.end() + needed + RESERVE > segment.header().capacity()) {
            next(last + 2, Math.max(segmentBytes, SegmentHeader.LENGTH + needed + RESERVE));
        }
        Frame frame = frame(kind, sync, height, payload);
        write(frame);
        if (sync) {
            file().force();
            durable = last;
        }
        return last;
    }

    private Frame frame(RecordKind kind, boolean sync, long height, Bytes payload) {
        long sequence = last + 1;
        Bytes sealed = envelope.seal(Frame.cell(link, name, kind, sync, height, sequence, durable), payload);
        return Frame.after(link, name, kind, sync, height, sequence, durable, sealed);
    }

    private void write(Frame frame) throws IOException {
        Segment segment = segments.removeLast();
        segments.addLast(segment.with(frame));
        file().write(segment.end(), frame.encode());
        last = frame.sequence();
        link = frame.link();
    }

    /**
     * The next segment is there, durable and empty, before the last record of this one names it; nothing is written to
     * it before that record is durable.
     */
    private void next(long first, int capacity) throws IOException {
        Segment old = segments.getLast();
        Frame end = frame(RecordKind.CONTINUED, true, old.index() + 1, Bytes.EMPTY);
        JournalFile made = make(old.index() + 1, first, end.sequence(), end.link(), capacity);
        write(end);
        file().force();
        durable = last;
        file().close();
        adopt(made, old.index() + 1, first, end.sequence(), end.link(), capacity);
    }

    private void start(long index, long first, int capacity) throws IOException {
        adopt(make(index, first, 0, link, capacity), index, first, 0, link, capacity);
    }

    private SegmentHeader header(long index, long first, long previous, Bytes before, int capacity) {
        int rounded = (capacity + BLOCK - 1) / BLOCK * BLOCK;
        return SegmentHeader.made(envelope, name, index, firstKept, first, previous, before, silentThrough, rounded);
    }

    private JournalFile make(long index, long first, long previous, Bytes before, int capacity) throws IOException {
        String made = Segment.name(index);
        SegmentHeader header = header(index, first, previous, before, capacity);
        try (JournalFile file = folder.create(made + Segment.UNFINISHED, header.capacity())) {
            file.write(0, header.encode());
            file.force();
        }
        folder.rename(made + Segment.UNFINISHED, made);
        folder.force();
        return folder.open(made);
    }

    private void adopt(JournalFile made, long index, long first, long previous, Bytes before, int capacity) {
        active = Optional.of(made);
        SegmentHeader header = header(index, first, previous, before, capacity);
        segments.addLast(new Segment(Segment.name(index), header, SegmentHeader.LENGTH, false, 0));
        last = first - 1;
    }

    private void delete(String file) throws IOException {
        folder.delete(file);
        folder.force();
    }

    private JournalFile file() {
        return active.orElseThrow();
    }

    private interface Act {
        long run() throws IOException;
    }

    /** After an act that failed nobody knows what is on the disk; opening anew finds out. */
    private long writing(String what, Act act) {
        requireUsable();
        boolean done = false;
        try {
            long result = act.run();
            done = true;
            return result;
        } catch (IOException e) {
            throw new JournalFailed(what, e);
        } finally {
            usable = done;
        }
    }

    private void requireUsable() {
        if (!usable) {
            throw new JournalFailed("journal " + name + " failed before or is closed: open it anew");
        }
    }

    private interface Opened {
        void accept(Segment segment, Frame frame, Bytes payload);
    }

    /** Checks headers and opens payloads under the vault's keys. */
    private final class Opening implements FolderScan.Visitor {
        private final Opened opened;

        Opening(Opened opened) {
            this.opened = opened;
        }

        @Override
        public void segment(String file, SegmentHeader header) {
            try {
                header.check(envelope);
            } catch (TamperedException e) {
                throw new JournalDamaged(
                        Reason.KEY, file, 0, header.first(), "the header was not made by this node with these keys");
            }
            if (!header.journal().equals(name)) {
                throw new JournalDamaged(
                        Reason.KEY, file, 0, header.first(), "it belongs to journal " + header.journal());
            }
        }

        @Override
        public void record(Segment segment, int offset, Frame frame, Bytes previous) {
            Bytes payload;
            try {
                payload = envelope.open(frame.cellAfter(previous, name), frame.sealed());
            } catch (TamperedException e) {
                throw new JournalDamaged(
                        Reason.KEY, segment.name(), offset, frame.sequence(), "it was not sealed for this place");
            }
            opened.accept(segment, frame, payload);
        }
    }
}
