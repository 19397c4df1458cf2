package io.cloister.vault.file;

import io.cloister.codec.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the files of a journal hold, seen without keys: structure, checksums and chain. Changes nothing.
 *
 * @param segments those before the first damage
 * @param entries those before the first damage, the journal's own included
 * @param torn whether something stands behind the last record that an interrupted write left
 * @param cut whether the node has not yet taken note of a repair
 * @param damage what a node would refuse to open for; keys may find more
 */
public record JournalReport(
        List<Part> segments, List<Entry> entries, boolean torn, boolean cut, Optional<JournalDamaged> damage) {
    /** One segment file; {@code first} is the number of its first record. */
    public record Part(String name, String journal, long index, long first, int capacity) {}

    /** One record. Offset and length are those of the whole of it, in bytes. */
    public record Entry(
            String segment, long offset, long length, long sequence, RecordKind kind, boolean synced, long height) {}

    /** @throws JournalFailed when the folder cannot be read */
    public static JournalReport of(Path folder) {
        try {
            return of(DiskFolder.reading(folder));
        } catch (IOException e) {
            throw new JournalFailed("reading " + folder, e);
        }
    }

    static JournalReport of(JournalFolder folder) throws IOException {
        List<Part> segments = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        FolderScan.Visitor listing = new FolderScan.Visitor() {
            @Override
            public void segment(String name, SegmentHeader header) {
                segments.add(new Part(name, header.journal(), header.index(), header.first(), header.capacity()));
            }

            @Override
            public void record(Segment segment, int offset, Frame frame, Bytes previous) {
                entries.add(new Entry(
                        segment.name(),
                        offset,
                        frame.size(),
                        frame.sequence(),
                        frame.kind(),
                        frame.synced(),
                        frame.height()));
            }
        };
        boolean cut = folder.names().contains(CutMark.FILE);
        boolean torn = false;
        Optional<JournalDamaged> damage = Optional.empty();
        try {
            torn = FolderScan.scan(folder, CutMark.in(folder), listing).torn();
        } catch (JournalDamaged e) {
            damage = Optional.of(e);
        }
        return new JournalReport(List.copyOf(segments), List.copyOf(entries), torn, cut, damage);
    }

    /** The number behind the last record before any damage. */
    public long next() {
        return entries.isEmpty() ? 1 : entries.getLast().sequence() + 1;
    }
}
