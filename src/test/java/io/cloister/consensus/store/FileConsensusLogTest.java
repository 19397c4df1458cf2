package io.cloister.consensus.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Polka;
import io.cloister.consensus.PrevoteSignature;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.TestStatements;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.LogRecord;
import io.cloister.vault.file.FileJournal;
import io.cloister.vault.file.JournalDamaged;
import io.cloister.vault.file.JournalDamaged.Reason;
import io.cloister.vault.file.JournalFailed;
import io.cloister.vault.file.RecordKind;
import io.cloister.vault.store.Vault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log in files under the keys of a real vault. */
class FileConsensusLogTest {
    private final TestChainDatabase database = TestChainDatabase.fresh(TestKeys.nodeId(0));
    private Vault vault = database.open();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        vault.close();
    }

    private FileJournal journal() {
        return vault.fileJournal(ConsensusTables.JOURNAL, folder);
    }

    private FileConsensusLog reopen() {
        vault.close();
        vault = database.open();
        return new FileConsensusLog(journal());
    }

    private static LogRecord voted(long height, int round) {
        return new LogRecord.Voted(new Vote(
                VoteType.PRECOMMIT, 0, height, round, Optional.empty(), -1, 1, Optional.empty(), Bytes.zeros(65)));
    }

    private static LogRecord valued(long height) {
        return new LogRecord.Valued(
                0,
                height,
                new Polka(0, Bytes.zeros(32), List.of(new PrevoteSignature(1, -1, Bytes.zeros(65)))),
                Optional.empty());
    }

    /** Any change of a registered row, as each block makes some. */
    private void changeARow() {
        vault.inTransaction(connection -> {
            vault.changes()
                    .put(ConsensusTables.APP_STATE, Bytes.utf8("key"), Bytes.utf8("entry"))
                    .write(connection);
            return true;
        });
    }

    @Test
    void givesRecordsBackInOrder() {
        FileConsensusLog log = new FileConsensusLog(journal());
        assertThat(log.replay()).isEmpty();
        log.append(valued(7), false);
        log.append(voted(7, 0), true);
        log.append(voted(8, 1), true);
        assertThat(reopen().replay()).containsExactly(valued(7), voted(7, 0), voted(8, 1));
        assertThat(journal().silentThrough()).isZero();
    }

    @Test
    void neverForgetsTheLatestStatementAndTheLatestOpening() {
        LogRecord latest = stated(3, 2);
        LogRecord opened = new LogRecord.Opened(
                3,
                TestStatements.opening(
                        4, TestStatements.statement("store-test", 2, 1, 2, Optional.empty(), Optional.empty())));
        FileConsensusLog log = new FileConsensusLog(journal());
        log.append(stated(3, 1), true);
        log.append(latest, true);
        log.append(opened, true);
        for (long height = 4; height <= 1_000; height++) {
            log.append(voted(height, 0), false);
            log.forgetBelow(height);
            if (height == 600) { // in between it starts again
                log = reopen();
                log.replay();
            }
        }
        assertThat(log.replay()).contains(latest, opened, voted(1_000, 0));
    }

    private static LogRecord stated(long height, long recovery) {
        return new LogRecord.Stated(
                height, TestStatements.statement("store-test", recovery, 0, 2, Optional.empty(), Optional.empty()));
    }

    @Test
    void tellsVotesFromNotes() {
        FileConsensusLog log = new FileConsensusLog(journal());
        log.append(voted(7, 0), true);
        log.append(valued(7), false);
        List<RecordKind> kinds = new ArrayList<>();
        journal().replay((sequence, kind, height, payload) -> {
            assertThat(height).isEqualTo(7);
            kinds.add(kind);
        });
        assertThat(kinds).containsExactly(RecordKind.VOTE, RecordKind.NOTE);
    }

    @Test
    void refusesALogThatIsOlderThanTheLastBlock() throws IOException {
        FileConsensusLog log = new FileConsensusLog(journal());
        log.append(voted(1, 0), true);
        byte[] old = Files.readAllBytes(segment());
        log.append(voted(2, 0), true);
        changeARow();
        vault.close();
        Files.write(segment(), old);
        vault = database.open();
        assertThatThrownBy(this::journal).isInstanceOfSatisfying(JournalDamaged.class, e -> {
            assertThat(e.reason()).isEqualTo(Reason.BEHIND);
            assertThat(e.sequence()).isEqualTo(2);
        });
    }

    @Test
    void refusesALogThatIsGone() throws IOException {
        new FileConsensusLog(journal()).append(voted(1, 0), true);
        vault.close();
        Files.delete(segment());
        vault = database.open();
        assertThatThrownBy(this::journal)
                .isInstanceOfSatisfying(
                        JournalDamaged.class, e -> assertThat(e.reason()).isEqualTo(Reason.MISSING_SEGMENT));
    }

    @Test
    void refusesTheLogOfAnotherNode() {
        new FileConsensusLog(journal()).append(voted(1, 0), true);
        vault.close();
        vault = TestChainDatabase.fresh(TestKeys.nodeId(1)).open();
        assertThatThrownBy(this::journal)
                .isInstanceOfSatisfying(
                        JournalDamaged.class, e -> assertThat(e.reason()).isEqualTo(Reason.KEY));
    }

    @Test
    void aSecondJournalInTheSameFolderIsTurnedAway() {
        journal();
        Vault other = TestChainDatabase.fresh(TestKeys.nodeId(1)).open();
        assertThatThrownBy(() -> other.fileJournal(ConsensusTables.JOURNAL, folder))
                .isInstanceOf(JournalFailed.class)
                .hasMessageContaining("in use");
        other.close();
    }

    private Path segment() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(it -> it.toString().endsWith(".segment"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
