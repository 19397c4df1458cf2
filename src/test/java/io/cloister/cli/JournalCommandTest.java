package io.cloister.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.vault.file.FileJournal;
import io.cloister.vault.file.RecordKind;
import io.cloister.vault.file.TestEnvelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalCommandTest {
    private static final String SEGMENT = "0000000001.segment";

    @TempDir
    private Path folder;

    @BeforeEach
    void write() {
        try (FileJournal journal = open()) {
            journal.append(RecordKind.NOTE, 6, Bytes.utf8("a"), false);
            journal.append(RecordKind.VOTE, 7, Bytes.utf8("b"), true);
            journal.append(RecordKind.STATEMENT, 8, Bytes.utf8("c"), true);
        }
    }

    private FileJournal open() {
        return FileJournal.open(folder, "consensus", new TestEnvelope(1), OptionalLong.empty());
    }

    private void damageTheSecondRecord() throws IOException {
        JsonNode second =
                Ran.journal("inspect", folder, "--json").json().path("records").get(1);
        byte[] bytes = Files.readAllBytes(folder.resolve(SEGMENT));
        bytes[second.path("offset").asInt() + 90] ^= 1;
        Files.write(folder.resolve(SEGMENT), bytes);
    }

    @Test
    void listsRecordsWithoutKeys() {
        assertThat(Ran.journal("inspect", folder).endsWith(0).said()).isEqualTo("""
                1 NOTE height 6, 108 bytes at 512 of 0000000001.segment
                2 VOTE synced height 7, 108 bytes at 620 of 0000000001.segment
                3 STATEMENT synced height 8, 108 bytes at 728 of 0000000001.segment
                1 segments, 3 records
                """);
        JsonNode json = Ran.journal("inspect", folder, "--json").endsWith(0).json();
        assertThat(json.path("segments").get(0).path("journal").asText()).isEqualTo("consensus");
        assertThat(json.path("records")).hasSize(3);
        assertThat(json.path("damage").isNull()).isTrue();
    }

    @Test
    void looksAtAJournalThatANodeHasOpen() {
        FileJournal journal = open();
        Ran.journal("inspect", folder).endsWith(0);
        assertThat(Ran.journal("repair", folder, "--from", 1).endsWith(2).said())
                .contains("in use");
        journal.close();
    }

    @Test
    void namesTheDamagedRecord() throws IOException {
        damageTheSecondRecord();
        assertThat(Ran.journal("inspect", folder).endsWith(1).said())
                .contains("damaged, RECORD: journal segment " + SEGMENT + ", offset 620, sequence 2");
        JsonNode damage =
                Ran.journal("inspect", folder, "--json").endsWith(1).json().path("damage");
        assertThat(damage.path("sequence").asLong()).isEqualTo(2);
        assertThat(damage.path("offset").asLong()).isEqualTo(620);
        assertThat(damage.path("segment").asText()).isEqualTo(SEGMENT);
        assertThat(damage.path("reason").asText()).isEqualTo("RECORD");
    }

    @Test
    void repairsOnlyFromTheSequenceThatIsNamedAndSaysWhatIsLost() throws IOException {
        assertThat(Ran.journal("repair", folder, "--from", 2).endsWith(1).said())
                .contains("nothing is wrong");
        damageTheSecondRecord();
        assertThat(Ran.journal("repair", folder).endsWith(2).said()).contains("--from is needed");
        assertThat(Ran.journal("repair", folder, "--from", 3).endsWith(1).said())
                .contains("from sequence 2");
        assertThat(Ran.journal("repair", folder, "--from", 2).endsWith(0).said())
                .contains("lost: 2 VOTE synced height 7")
                .contains("lost: 3 STATEMENT synced height 8")
                .contains("kept aside: " + folder.resolve(SEGMENT + ".cut-from-2"))
                .contains("signs nothing through height 8")
                .contains("binds the node for ever");
        assertThat(Ran.journal("inspect", folder).endsWith(0).said()).contains("a cut was made");
        try (FileJournal journal = open()) {
            assertThat(journal.silentThrough()).isEqualTo(8);
        }
    }

    @Test
    void refusesWhatItCannotUse() {
        assertThat(Ran.journal().endsWith(2).said()).contains("say: journal inspect FOLDER");
        assertThat(Ran.journal("look", folder).endsWith(2).said()).contains("say: journal");
        assertThat(Ran.journal("inspect", folder.resolve("absent")).endsWith(2).said())
                .contains("there is no such folder");
        assertThat(Ran.journal("repair", folder, "--from", "x").endsWith(2).said())
                .contains("not a number");
    }
}
