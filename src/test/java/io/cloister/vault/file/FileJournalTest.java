package io.cloister.vault.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.vault.file.JournalDamaged.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a journal in files gives back after whatever has happened to its files. */
class FileJournalTest {
    private static final int SMALL = 4096;
    private static final String FIRST = "0000000001.segment";
    private static final String SECOND = "0000000002.segment";

    private final TestEnvelope envelope = new TestEnvelope(1);
    private FaultyFolder folder = new FaultyFolder();

    private FileJournal open() {
        return open(folder);
    }

    private FileJournal open(FaultyFolder from) {
        return open(from, OptionalLong.empty());
    }

    private FileJournal open(FaultyFolder from, OptionalLong floor) {
        return FileJournal.open(from, "votes", envelope, floor, SMALL);
    }

    private static List<String> replay(FileJournal journal) {
        List<String> entries = new ArrayList<>();
        journal.replay((sequence, kind, height, payload) ->
                entries.add(sequence + " " + kind + " " + height + " " + payload.asUtf8()));
        return entries;
    }

    private static long vote(FileJournal journal, long height, String text) {
        return journal.append(RecordKind.VOTE, height, Bytes.utf8(text), true);
    }

    private static long note(FileJournal journal, long height, String text) {
        return journal.append(RecordKind.NOTE, height, Bytes.utf8(text), false);
    }

    private static JournalDamaged damage(Runnable act) {
        try {
            act.run();
        } catch (JournalDamaged e) {
            return e;
        }
        throw new AssertionError("it was taken for whole");
    }

    private JournalDamaged refused(FaultyFolder damaged) {
        return damage(() -> open(damaged));
    }

    private byte[] flipped(String name, int at, int bit) {
        byte[] bytes = folder.bytes(name);
        bytes[at] ^= (byte) (1 << bit);
        return bytes;
    }

    private FaultyFolder with(String name, byte[] bytes) {
        FaultyFolder changed = folder.copy();
        changed.put(name, bytes);
        return changed;
    }

    @Test
    void givesBackWhatWasAppendedAfterReopening() {
        FileJournal journal = open();
        assertThat(vote(journal, 1, "a")).isEqualTo(1);
        assertThat(note(journal, 1, "b")).isEqualTo(2);
        assertThat(journal.durable()).isEqualTo(1);
        assertThat(journal.append(RecordKind.STATEMENT, 2, Bytes.EMPTY, true)).isEqualTo(3);
        assertThat(journal.durable()).isEqualTo(3);
        List<String> entries = List.of("1 VOTE 1 a", "2 NOTE 1 b", "3 STATEMENT 2 ");
        assertThat(replay(journal)).isEqualTo(entries);
        journal.close();
        FileJournal again = open();
        assertThat(replay(again)).isEqualTo(entries);
        assertThat(vote(again, 3, "c")).isEqualTo(4);
        assertThat(open().last()).isEqualTo(4);
    }

    @Test
    void goesOnInOtherSegmentsAndTakesRecordsLongerThanOne() {
        FileJournal journal = open();
        for (int i = 1; i <= 40; i++) {
            vote(journal, i, "x".repeat(i * 20));
        }
        vote(journal, 41, "y".repeat(3 * SMALL));
        vote(journal, 42, "z");
        assertThat(folder.names()).hasSizeGreaterThan(5);
        assertThat(replay(open())).hasSize(42).isEqualTo(replay(journal));
    }

    @Test
    void refusesWhatIsNoEntry() {
        FileJournal journal = open();
        assertThatThrownBy(() -> journal.append(RecordKind.CONTINUED, 1, Bytes.EMPTY, true))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> journal.append(RecordKind.NOTE, -1, Bytes.EMPTY, true))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(vote(journal, 1, "still")).isEqualTo(1);
    }

    @Test
    void forgetsWholeSegmentsOfLowerHeightsOnly() {
        FileJournal journal = open();
        for (int height = 1; height <= 60; height++) {
            vote(journal, height, "x".repeat(200));
        }
        int before = folder.names().size();
        journal.forgetBelow(30);
        assertThat(folder.names()).hasSizeLessThan(before);
        List<String> kept = replay(journal);
        assertThat(kept).hasSizeBetween(31, 50).last().asString().contains(" 60 ");
        assertThat(kept).anyMatch(it -> it.contains("VOTE 30 "));
        assertThat(replay(open())).isEqualTo(kept);
        journal.forgetBelow(1_000);
        assertThat(replay(open())).hasSizeLessThan(15);
    }

    @Test
    void carriesTheNewestStatementAlong() {
        FileJournal journal = open();
        journal.append(RecordKind.STATEMENT, 1, Bytes.utf8("old"), true);
        journal.append(RecordKind.STATEMENT, 2, Bytes.utf8("mine"), true);
        for (int round = 0; round < 4; round++) {
            for (int height = 1; height <= 60; height++) {
                vote(journal, round * 60 + height, "x".repeat(200));
            }
            journal.forgetBelow(round * 60 + 60);
            assertThat(replay(journal).stream().filter(it -> it.contains("STATEMENT")))
                    .singleElement()
                    .asString()
                    .endsWith("STATEMENT 2 mine");
            journal.close();
            journal = open();
        }
    }

    /** Every vote that was synced is there, in order, or the journal does not open. */
    private void allVotesOrRefused(FaultyFolder damaged, List<String> votes, String what) {
        List<String> found;
        try (FileJournal journal = open(damaged)) {
            found = replay(journal);
        } catch (JournalDamaged e) {
            assertThat(e.segment()).as(what).isNotEmpty();
            assertThat(e.getMessage()).contains("sequence " + e.sequence(), "offset " + e.offset());
            return;
        }
        assertThat(found).as(what).startsWith(votes.toArray(String[]::new));
    }

    private List<String> threeSegments() {
        FileJournal journal = open();
        for (int height = 1; height <= 14; height++) {
            note(journal, height, "n".repeat(height * 30));
            vote(journal, height, "v".repeat(100));
        }
        assertThat(folder.names()).containsExactly(FIRST, SECOND, "0000000003.segment");
        return replay(journal);
    }

    @Test
    void refusesAFlippedBitInEveryByteOrLosesNothing() {
        List<String> votes = threeSegments();
        Random random = new Random(1);
        for (String name : folder.names()) {
            for (int at = 0; at < SMALL; at++) {
                FaultyFolder damaged = with(name, flipped(name, at, random.nextInt(8)));
                allVotesOrRefused(damaged, votes, name + " at " + at);
            }
        }
    }

    @Test
    void refusesEachFlippedByteOfTheLastRecord() {
        FileJournal journal = open();
        vote(journal, 1, "first");
        int from = SegmentHeader.LENGTH + Frame.OVERHEAD + 33 + 5;
        vote(journal, 2, "v".repeat(900));
        int to = from + Frame.OVERHEAD + 33 + 900;
        for (int at = from; at < to; at++) {
            for (int bit = 0; bit < 8; bit++) {
                JournalDamaged refused = refused(with(FIRST, flipped(FIRST, at, bit)));
                assertThat(refused.sequence()).isEqualTo(2);
                assertThat(refused.offset()).isEqualTo(from);
                assertThat(refused.reason()).isEqualTo(Reason.RECORD);
                assertThat(refused.segment()).isEqualTo(FIRST);
            }
        }
    }

    @Test
    void refusesAFileThatWasCutOffAtAnyByte() {
        threeSegments();
        for (String name : folder.names()) {
            byte[] whole = folder.bytes(name);
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertThat(refused(with(name, cut)).reason()).isEqualTo(Reason.HEADER);
            }
            assertThat(refused(with(name, Arrays.copyOf(whole, whole.length + 1)))
                            .segment())
                    .isEqualTo(name);
        }
    }

    @Test
    void takesAnUnsyncedRecordThatEndsAtAnyByteForNothing() {
        FileJournal journal = open();
        vote(journal, 1, "first");
        byte[] before = folder.bytes(FIRST);
        vote(journal, 2, "v".repeat(1_500));
        byte[] after = folder.bytes(FIRST);
        int from = SegmentHeader.LENGTH + Frame.OVERHEAD + 33 + 5;
        int to = from + Frame.OVERHEAD + 33 + 1_500;
        for (int end = from; end < to; end++) {
            byte[] torn = before.clone();
            System.arraycopy(after, from, torn, from, end - from);
            FaultyFolder left = with(FIRST, torn);
            try (FileJournal again = open(left)) {
                assertThat(replay(again)).containsExactly("1 VOTE 1 first");
                assertThat(vote(again, 2, "other")).isEqualTo(2);
            }
            assertThat(replay(open(left))).containsExactly("1 VOTE 1 first", "2 VOTE 2 other");
        }
    }

    @Test
    void refusesALostSectorOfARecordThatALaterOneCallsDurable() {
        FileJournal journal = open();
        vote(journal, 1, "v".repeat(1_400));
        vote(journal, 2, "w");
        byte[] bytes = folder.bytes(FIRST);
        Arrays.fill(bytes, 1024, 1536, (byte) 0);
        JournalDamaged refused = refused(with(FIRST, bytes));
        assertThat(refused.sequence()).isEqualTo(1);
        assertThat(refused).hasMessageContaining("record 2").hasMessageContaining("durable");
    }

    @Test
    void dropsAllThatWasWrittenBeforeOneSyncTogether() {
        FileJournal journal = open();
        vote(journal, 1, "v");
        note(journal, 2, "n".repeat(1_400));
        vote(journal, 2, "w");
        byte[] bytes = folder.bytes(FIRST);
        Arrays.fill(bytes, 1024, 1536, (byte) 0);
        assertThat(replay(open(with(FIRST, bytes)))).containsExactly("1 VOTE 1 v");
    }

    @Test
    void refusesRemovedSegments() {
        threeSegments();
        for (String name : folder.names()) {
            FaultyFolder damaged = folder.copy();
            damaged.remove(name);
            JournalDamaged refused = refused(damaged);
            assertThat(refused.reason()).isEqualTo(Reason.MISSING_SEGMENT);
            assertThat(refused.segment()).isEqualTo(name);
        }
    }

    @Test
    void refusesSwappedSegmentsAndOneOfAnOlderTime() {
        FileJournal journal = open();
        vote(journal, 1, "v");
        byte[] old = folder.bytes(FIRST);
        for (int height = 2; height <= 30; height++) {
            vote(journal, height, "v".repeat(300));
        }
        FaultyFolder swapped = with(FIRST, folder.bytes(SECOND));
        swapped.put(SECOND, folder.bytes(FIRST));
        assertThat(refused(swapped).reason()).isEqualTo(Reason.CHAIN);
        JournalDamaged refused = refused(with(FIRST, old));
        assertThat(refused.reason()).isEqualTo(Reason.RECORD);
        assertThat(refused.sequence()).isEqualTo(2);
    }

    @Test
    void refusesSegmentsOfAnotherJournalNodeOrKey() {
        FileJournal.open(folder, "other", envelope, OptionalLong.empty(), SMALL).close();
        assertThat(refused(folder).reason()).isEqualTo(Reason.KEY);
        folder = new FaultyFolder();
        vote(open(), 1, "v");
        assertThat(damage(() -> FileJournal.open(folder, "votes", new TestEnvelope(2), OptionalLong.empty(), SMALL))
                        .reason())
                .isEqualTo(Reason.KEY);
    }

    @Test
    void refusesARecordOfAnotherHistoryWithTheSameNumber() {
        FaultyFolder copy = folder.copy();
        FileJournal one = open(folder);
        FileJournal other = open(copy);
        vote(one, 1, "one");
        vote(one, 2, "one");
        vote(other, 1, "two");
        vote(other, 2, "two");
        int second = SegmentHeader.LENGTH + Frame.OVERHEAD + 33 + 3;
        byte[] mixed = folder.bytes(FIRST);
        System.arraycopy(copy.bytes(FIRST), second, mixed, second, second - SegmentHeader.LENGTH);
        assertThat(refused(with(FIRST, mixed)).reason()).isEqualTo(Reason.CHAIN);
    }

    @Test
    void refusesAJournalThatEndsBeforeWhatIsKnownToBeDurable() {
        FileJournal journal = open();
        vote(journal, 1, "a");
        FaultyFolder old = folder.copy();
        vote(journal, 2, "b");
        JournalDamaged behind = damage(() -> open(old, OptionalLong.of(2)));
        assertThat(behind.reason()).isEqualTo(Reason.BEHIND);
        assertThat(behind.sequence()).isEqualTo(2);
        assertThat(damage(() -> open(new FaultyFolder(), OptionalLong.of(0))).reason())
                .isEqualTo(Reason.MISSING_SEGMENT);
        assertThat(replay(open(folder, OptionalLong.of(2)))).hasSize(2);
    }

    @Test
    void aFullDiskLeavesNothingHalfWritten() {
        for (int room = 0; room < 3 * SMALL; room += 7) {
            folder = new FaultyFolder();
            FileJournal journal = open();
            vote(journal, 1, "before");
            folder.room(room);
            long appended = 1;
            try {
                for (int height = 2; height < 20; height++) {
                    appended = vote(journal, height, "v".repeat(700));
                }
            } catch (JournalFailed e) {
                assertThat(e).hasMessageContaining("No space left");
                assertThatThrownBy(() -> vote(journal, 30, "more")).isInstanceOf(JournalFailed.class);
            }
            folder.room(Long.MAX_VALUE);
            FileJournal again = open(folder.copy());
            assertThat(again.last()).isGreaterThanOrEqualTo(appended);
            List<String> entries = replay(again);
            assertThat(entries.getFirst()).isEqualTo("1 VOTE 1 before");
            assertThat(entries).allMatch(it -> it.endsWith("before") || it.endsWith(" " + "v".repeat(700)));
            vote(again, 40, "goes on");
        }
    }

    @Test
    void aPowerCutAtAnyMomentLosesNothingThatWasSynced() {
        Random random = new Random(7);
        for (int run = 0; run < 3_000; run++) {
            FaultyFolder disk = new FaultyFolder();
            List<String> synced = new ArrayList<>();
            int powerCuts = 1 + random.nextInt(4);
            for (int cut = 0; cut < powerCuts; cut++) {
                disk.powerFor(random.nextInt(60));
                work(disk, random, synced);
                disk = disk.afterPowerCut(random);
            }
            try (FileJournal journal = open(disk)) {
                List<String> found = replay(journal);
                assertThat(found)
                        .as("run " + run)
                        .containsAll(synced.stream()
                                .filter(it -> found.isEmpty() || number(it) >= number(found.getFirst()))
                                .toList());
            }
        }
    }

    private static long number(String entry) {
        return Long.parseLong(entry.substring(0, entry.indexOf(' ')));
    }

    /** Appends until the power goes; notes what was synced before. */
    private void work(FaultyFolder disk, Random random, List<String> synced) {
        List<String> waiting = new ArrayList<>();
        try (FileJournal journal = open(disk)) {
            Consumer<String> write = text -> {
                boolean sync = random.nextInt(3) == 0;
                RecordKind kind = sync ? RecordKind.VOTE : RecordKind.NOTE;
                long height = journal.last() + 1;
                long sequence = journal.append(kind, height, Bytes.utf8(text), sync);
                waiting.add(sequence + " " + kind + " " + height + " " + text);
                if (sync) {
                    synced.addAll(waiting);
                    waiting.clear();
                }
            };
            for (int i = 0; i < 60; i++) {
                write.accept("x".repeat(random.nextInt(900)));
                if (random.nextInt(20) == 0) {
                    journal.forgetBelow(Math.max(0, journal.last() - 5));
                }
            }
        } catch (JournalFailed e) {
            assertThat(e).isNotNull();
        }
    }

    @Test
    void theFirstRecordsMayOnlyBeForgottenInOrder() {
        FileJournal journal = open();
        for (int height = 1; height <= 60; height++) {
            vote(journal, height, "x".repeat(200));
        }
        journal.forgetBelow(30);
        FaultyFolder damaged = folder.copy();
        damaged.remove(damaged.names().getFirst());
        assertThat(refused(damaged).reason()).isEqualTo(Reason.MISSING_SEGMENT);
    }
}
