package io.cloister.vault.file;

import io.cloister.vault.file.JournalReport.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Cuts a damaged end off a journal, so that its node can open it again. Nothing is deleted: each file that is changed
 * or taken away is kept whole beside the journal first. A mark tells the node, which never uses the numbers again that
 * were cut out and signs nothing at the heights that they were of.
 */
public final class JournalRepair {
    /** Why nothing was cut. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * What was done.
     *
     * @param lost the records that were cut out and whose heads can still be read
     * @param unreadable whether there may be others
     * @param aside names of the files that hold what was cut out, in the journal's folder
     */
    public record Cut(List<Entry> lost, boolean unreadable, long silentThrough, List<String> aside) {}

    /**
     * What the operator says.
     *
     * @param from number of the first record to cut out
     * @param refusedByNode that the node itself refuses this journal, for what only its keys and database show
     * @param silentThrough the highest height at which the node may have signed what is lost
     */
    public record Order(long from, boolean refusedByNode, OptionalLong silentThrough) {}

    private final JournalFolder folder;
    private final JournalReport report;
    private final Order order;

    private JournalRepair(JournalFolder folder, JournalReport report, Order order) {
        this.folder = folder;
        this.report = report;
        this.order = order;
    }

    /**
     * @throws Refused when nothing is wrong, or the order does not fit to what is
     * @throws JournalFailed when the files cannot be used, or a node has them open
     */
    public static Cut cut(Path path, Order order) throws Refused {
        try (JournalFolder folder = DiskFolder.claim(path)) {
            return cut(folder, order);
        } catch (IOException e) {
            throw new JournalFailed("repairing " + path, e);
        }
    }

    static Cut cut(JournalFolder folder, Order order) throws Refused, IOException {
        return new JournalRepair(folder, JournalReport.of(folder), order).cut();
    }

    private Cut cut() throws Refused, IOException {
        requireReason();
        List<Entry> kept = kept();
        TreeMap<String, List<Entry>> dropped = dropped(kept);
        List<Entry> lost = dropped.values().stream()
                .flatMap(List::stream)
                .filter(it -> !it.kind().internal() && it.sequence() >= order.from())
                .sorted(Comparator.comparingLong(Entry::sequence))
                .distinct()
                .toList();
        long last = dropped.values().stream()
                .flatMap(List::stream)
                .mapToLong(Entry::sequence)
                .max()
                .orElse(order.from() - 1);
        boolean unreadable = order.refusedByNode() || hasGap(dropped, last);
        long silent = silentThrough(kept, lost, unreadable);
        long nextSegment = dropped.keySet().stream()
                .mapToLong(name -> Segment.index(name).orElse(0))
                .max()
                .orElse(0);
        mark(new CutMark(last, silent, Math.max(nextSegment, lastIndex()) + 1));
        List<String> aside = new ArrayList<>();
        for (String name : dropped.descendingKeySet()) {
            aside.addFirst(takeOut(name, kept));
        }
        return new Cut(lost, unreadable, silent, List.copyOf(aside));
    }

    private void requireReason() throws Refused {
        Optional<JournalDamaged> damage = report.damage();
        if (damage.isEmpty() && !order.refusedByNode()) {
            throw new Refused("nothing is wrong with this journal");
        }
        long must = damage.map(JournalDamaged::sequence).orElse(report.next());
        boolean fits = damage.isPresent() && !order.refusedByNode() ? order.from() == must : order.from() <= must;
        if (!fits || order.from() < 1) {
            throw new Refused("the cut has to be made from sequence " + must + ", not from " + order.from()
                    + damage.map(it -> ": " + it.getMessage()).orElse(""));
        }
    }

    /** The whole records before the cut, without one at the end that names a segment which goes. */
    private List<Entry> kept() {
        List<Entry> kept = new ArrayList<>(report.entries().stream()
                .filter(it -> it.sequence() < order.from())
                .toList());
        while (!kept.isEmpty() && kept.getLast().kind() == RecordKind.CONTINUED) {
            kept.removeLast();
        }
        return kept;
    }

    /** Every file that is changed or taken away, with the heads of records that can be read in what goes. */
    private TreeMap<String, List<Entry>> dropped(List<Entry> kept) throws IOException {
        TreeMap<String, List<Entry>> dropped = new TreeMap<>();
        for (String name : folder.names()) {
            if (Segment.index(name).isEmpty()) {
                continue;
            }
            byte[] bytes = read(name);
            int end = (int) endOf(name, kept);
            boolean last = !kept.isEmpty() && kept.getLast().segment().equals(name);
            if (end == 0 || (last && !Frame.zero(bytes, Math.min(end, bytes.length), bytes.length))) {
                dropped.put(name, heads(name, bytes, end));
            }
        }
        return dropped;
    }

    private static long endOf(String name, List<Entry> kept) {
        return kept.stream()
                .filter(it -> it.segment().equals(name))
                .mapToLong(it -> it.offset() + it.length())
                .max()
                .orElse(0);
    }

    private static List<Entry> heads(String name, byte[] bytes, int from) {
        List<Entry> found = new ArrayList<>();
        for (int at = from; at <= bytes.length - Frame.HEAD; at++) {
            int offset = at;
            Frame.head(bytes, at)
                    .ifPresent(head -> found.add(new Entry(
                            name, offset, head.size(), head.sequence(), head.kind(), head.synced(), head.height())));
        }
        return found;
    }

    private boolean hasGap(TreeMap<String, List<Entry>> dropped, long last) {
        long readable = dropped.values().stream()
                .flatMap(List::stream)
                .mapToLong(Entry::sequence)
                .filter(it -> it >= order.from())
                .distinct()
                .count();
        boolean missing = report.damage()
                .map(it -> it.reason() == JournalDamaged.Reason.MISSING_SEGMENT
                        || it.reason() == JournalDamaged.Reason.HEADER)
                .orElse(false);
        return missing || last < order.from() || readable < last - order.from() + 1;
    }

    private long silentThrough(List<Entry> kept, List<Entry> lost, boolean unreadable) throws Refused {
        long seen = List.of(kept, lost).stream()
                .flatMap(List::stream)
                .filter(it -> !it.kind().internal())
                .mapToLong(Entry::height)
                .max()
                .orElse(0);
        if (unreadable && order.silentThrough().isEmpty()) {
            throw new Refused(
                    "heights of lost records cannot be read: say through which height the node may have signed,"
                            + " the one that it has in progress or a higher one, at least " + seen);
        }
        long silent = order.silentThrough().orElse(seen);
        if (silent < seen) {
            throw new Refused("there are records of height " + seen + ", so the node may have signed beyond " + silent);
        }
        return silent;
    }

    private long lastIndex() {
        return report.segments().isEmpty() ? 0 : report.segments().getLast().index();
    }

    private void mark(CutMark mark) throws IOException {
        byte[] bytes = CutMark.in(folder).map(mark::and).orElse(mark).encode();
        try (JournalFile file = folder.create(CutMark.FILE + Segment.UNFINISHED, bytes.length)) {
            file.write(0, bytes);
            file.force();
        }
        folder.rename(CutMark.FILE + Segment.UNFINISHED, CutMark.FILE);
        folder.force();
    }

    /** A name that nothing has, so that what an interrupted repair kept is kept. */
    private String aside(String name) throws IOException {
        String aside = name + ".cut-from-" + order.from();
        List<String> taken = folder.names();
        String free = aside;
        for (int i = 2; taken.contains(free); i++) {
            free = aside + "-" + i;
        }
        return free;
    }

    private String takeOut(String name, List<Entry> kept) throws IOException {
        String aside = aside(name);
        int end = (int) endOf(name, kept);
        if (end == 0) {
            folder.rename(name, aside);
            folder.force();
            return aside;
        }
        byte[] bytes = read(name);
        try (JournalFile copy = folder.create(aside, bytes.length)) {
            copy.write(0, bytes);
            copy.force();
        }
        folder.force();
        try (JournalFile file = folder.open(name)) {
            file.write(end, new byte[bytes.length - end]);
            file.force();
        }
        return aside;
    }

    private byte[] read(String name) throws IOException {
        try (JournalFile file = folder.open(name)) {
            return file.read();
        }
    }
}
