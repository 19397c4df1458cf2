package io.cloister.vault.file;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A segment as it was found whole.
 *
 * @param end where its records end, in bytes
 * @param continued whether its last record says that another segment follows
 * @param highest the highest height of a record that is not the journal's own, 0 without one
 */
record Segment(String name, SegmentHeader header, int end, boolean continued, long highest) {
    /** Ending of a file that is not yet a segment. */
    static final String UNFINISHED = ".new";

    private static final Pattern NAME = Pattern.compile("(\\d{10})\\.segment");

    long index() {
        return header.index();
    }

    static String name(long index) {
        return String.format(Locale.ROOT, "%010d.segment", index);
    }

    static OptionalLong index(String name) {
        var matcher = NAME.matcher(name);
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    /** The same with one more record. */
    Segment with(Frame frame) {
        long height = frame.kind().internal() ? highest : Math.max(highest, frame.height());
        return new Segment(name, header, end + frame.size(), continued || frame.kind() == RecordKind.CONTINUED, height);
    }
}
