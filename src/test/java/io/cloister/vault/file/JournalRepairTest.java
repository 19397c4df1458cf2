package io.cloister.vault.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.vault.file.JournalRepair.Cut;
import io.cloister.vault.file.JournalRepair.Order;
import io.cloister.vault.file.JournalRepair.Refused;
import io.cloister.vault.file.JournalReport.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Looking at a journal without keys, and cutting a damaged end off. */
class JournalRepairTest {
    private static final int SMALL = 4096;
    private static final String SECOND = "0000000002.segment";

    private final TestEnvelope envelope = new TestEnvelope(1);
    private final FaultyFolder folder = new FaultyFolder();

    private FileJournal open(FaultyFolder from, OptionalLong floor) {
        return FileJournal.open(from, "votes", envelope, floor, SMALL);
    }

    /** Votes of heights 1 to 30 in three segments. */
    private void fill() {
        try (FileJournal journal = open(folder, OptionalLong.empty())) {
            for (int height = 1; height <= 30; height++) {
                journal.append(RecordKind.VOTE, height, Bytes.zeros(200), true);
            }
        }
        assertThat(folder.names()).hasSize(3);
    }

    private static List<Long> replay(FileJournal journal) {
        List<Long> sequences = new ArrayList<>();
        journal.replay((sequence, kind, height, payload) -> sequences.add(sequence));
        return sequences;
    }

    private JournalReport report() throws IOException {
        return JournalReport.of(folder);
    }

    private Entry entry(long sequence) throws IOException {
        return report().entries().stream()
                .filter(it -> it.sequence() == sequence)
                .findFirst()
                .orElseThrow();
    }

    private void flip(Entry entry) {
        byte[] bytes = folder.bytes(entry.segment());
        bytes[(int) entry.offset() + 80] ^= 1;
        folder.put(entry.segment(), bytes);
    }

    private Cut cut(long from) throws Refused, IOException {
        return JournalRepair.cut(folder, new Order(from, false, OptionalLong.empty()));
    }

    @Test
    void listsWhatIsThereWithoutKeys() throws IOException {
        fill();
        JournalReport report = report();
        assertThat(report.damage()).isEmpty();
        assertThat(report.torn()).isFalse();
        assertThat(report.segments()).extracting(JournalReport.Part::index).containsExactly(1L, 2L, 3L);
        assertThat(report.entries()).hasSize(32);
        assertThat(report.entries().getFirst())
                .isEqualTo(new Entry("0000000001.segment", 512, 307, 1, RecordKind.VOTE, true, 1));
        assertThat(report.next()).isEqualTo(33);
    }

    @Test
    void refusesWhenNothingIsWrong() {
        fill();
        assertThatThrownBy(() -> cut(5)).isInstanceOf(Refused.class).hasMessageContaining("nothing is wrong");
    }

    @Test
    void refusesAnotherPlaceThanTheDamagedOneAndNamesIt() throws IOException {
        fill();
        flip(entry(20));
        for (long wrong : new long[] {1, 19, 21, 33}) {
            assertThatThrownBy(() -> cut(wrong))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("from sequence 20")
                    .hasMessageContaining(SECOND);
        }
        assertThat(report().damage()).isPresent();
    }

    @Test
    void cutsTheEndOffAndKeepsItBesideAndTheNodeGoesOn() throws IOException, Refused {
        fill();
        byte[] damaged = folder.bytes(SECOND).clone();
        flip(entry(20));
        damaged[(int) (report().damage().orElseThrow().offset() + 80)] ^= 1;
        Cut cut = cut(20);
        assertThat(cut.lost()).extracting(Entry::sequence).startsWith(20L, 21L).endsWith(32L);
        assertThat(cut.unreadable()).isFalse();
        assertThat(cut.silentThrough()).isEqualTo(30);
        assertThat(cut.aside()).containsExactly("0000000002.segment.cut-from-20", "0000000003.segment.cut-from-20");
        assertThat(folder.bytes("0000000002.segment.cut-from-20")).isEqualTo(damaged);
        assertThat(report().damage()).isEmpty();
        assertThat(report().cut()).isTrue();

        FileJournal journal = open(folder, OptionalLong.of(32));
        assertThat(journal.silentThrough()).isEqualTo(30);
        assertThat(replay(journal)).hasSize(18).endsWith(19L);
        assertThat(journal.append(RecordKind.VOTE, 31, Bytes.zeros(9), true)).isGreaterThan(32);
        journal.close();
        assertThat(folder.names()).doesNotContain(CutMark.FILE);
        FileJournal again = open(folder, OptionalLong.of(33));
        assertThat(again.silentThrough()).isEqualTo(30);
        assertThat(replay(again)).hasSize(19);
        for (int height = 32; height < 70; height++) {
            again.append(RecordKind.VOTE, height, Bytes.zeros(200), true);
        }
        again.forgetBelow(60);
        again.close();
        assertThat(open(folder, OptionalLong.of(60)).silentThrough()).isEqualTo(30);
    }

    @Test
    void asksForTheHeightWhenLostRecordsCannotBeRead() throws IOException, Refused {
        fill();
        folder.remove(SECOND);
        long from = report().damage().orElseThrow().sequence();
        assertThatThrownBy(() -> cut(from)).isInstanceOf(Refused.class).hasMessageContaining("height");
        assertThatThrownBy(() -> JournalRepair.cut(folder, new Order(from, false, OptionalLong.of(29))))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("height 30");
        Cut cut = JournalRepair.cut(folder, new Order(from, false, OptionalLong.of(31)));
        assertThat(cut.unreadable()).isTrue();
        assertThat(open(folder, OptionalLong.of(32)).silentThrough()).isEqualTo(31);
    }

    @Test
    void aJournalThatIsGoneOrBehindIsGivenUpOnTheWordOfTheOperator() throws IOException, Refused {
        assertThatThrownBy(() -> cut(1)).isInstanceOf(Refused.class);
        JournalRepair.cut(folder, new Order(1, true, OptionalLong.of(7)));
        try (FileJournal journal = open(folder, OptionalLong.of(12))) {
            assertThat(journal.silentThrough()).isEqualTo(7);
            assertThat(journal.append(RecordKind.VOTE, 8, Bytes.EMPTY, true)).isEqualTo(13);
        }
        assertThatThrownBy(() -> open(folder, OptionalLong.of(20))).isInstanceOf(JournalDamaged.class);
        JournalRepair.cut(folder, new Order(14, true, OptionalLong.of(9)));
        try (FileJournal journal = open(folder, OptionalLong.of(20))) {
            assertThat(journal.silentThrough()).isEqualTo(9);
            assertThat(journal.append(RecordKind.VOTE, 10, Bytes.EMPTY, true)).isEqualTo(21);
            assertThat(replay(journal)).containsExactly(13L, 21L);
        }
    }

    @Test
    void afterAnyRepairTheNodeOpensTheJournalOrTheRepairCanBeMadeAgain() throws IOException {
        fill();
        Random random = new Random(3);
        FaultyFolder whole = folder.copy();
        for (int run = 0; run < 400; run++) {
            FaultyFolder damaged = whole.copy();
            String name = damaged.names().get(random.nextInt(3));
            byte[] bytes = damaged.bytes(name);
            for (int i = random.nextInt(3); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            damaged.put(name, bytes);
            damaged.powerFor(random.nextInt(12));
            repair(damaged);
            FaultyFolder rest = damaged.afterPowerCut(random);
            repair(rest);
            List<Long> kept;
            try (FileJournal journal = open(rest, OptionalLong.empty())) {
                kept = replay(journal);
            }
            for (int i = 0; i < kept.size(); i++) {
                assertThat(kept.get(i)).as("run " + run).isBetween((long) i + 1, i + 3L);
            }
        }
    }

    private static void repair(FaultyFolder damaged) {
        try {
            JournalReport report = JournalReport.of(damaged);
            if (report.damage().isPresent()) {
                long from = report.damage().get().sequence();
                JournalRepair.cut(damaged, new Order(from, false, OptionalLong.of(40)));
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("power");
        } catch (Refused e) {
            throw new AssertionError(e);
        }
    }
}
