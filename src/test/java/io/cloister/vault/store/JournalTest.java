package io.cloister.vault.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.vault.ConflictException;
import io.cloister.vault.Journal;
import io.cloister.vault.Schema;
import io.cloister.vault.TamperedException;
import io.cloister.vault.TamperedException.Kind;
import io.cloister.vault.TestDatabase;
import io.cloister.vault.VaultException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalTest {
    private final TestDatabase.Peers peers = new TestDatabase.Peers();
    private TestDatabase database;
    private Vault vault;
    private Journal journal;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
        vault = database.openAll(Schema.VAULT, peers);
        journal = vault.journal("votes");
    }

    @AfterEach
    void close() {
        vault.close();
    }

    private void reopen() {
        vault.close();
        vault = database.openAll(Schema.VAULT, peers);
        journal = vault.journal("votes");
    }

    private void append(int count) {
        for (int i = 1; i <= count; i++) {
            journal.append(i, Bytes.utf8("entry " + i));
        }
    }

    private List<String> replay(long from) {
        List<String> found = new ArrayList<>();
        journal.replay(from, (seq, kind, entry) -> found.add(seq + ":" + kind + ":" + entry.asUtf8()));
        return found;
    }

    private void expect(Kind kind, String table, long seq) {
        assertThatThrownBy(() -> replay(0)).isInstanceOfSatisfying(TamperedException.class, e -> {
            assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
            assertThat(e.table()).isEqualTo(table);
            if (seq > 0) {
                assertThat(e.key()).contains(new Writer().u64(seq).toBytes());
                assertThat(e.getMessage()).contains("journal votes, entry " + seq + ":");
            }
        });
    }

    @Test
    void givesBackWhatWasAppendedAfterReopening() {
        append(3);
        assertThat(journal.last()).isEqualTo(3);
        reopen();
        assertThat(replay(0)).containsExactly("1:1:entry 1", "2:2:entry 2", "3:3:entry 3");
        assertThat(replay(3)).containsExactly("3:3:entry 3");
        assertThat(replay(4)).isEmpty();
        assertThat(journal.append(9, Bytes.EMPTY)).isEqualTo(4);
        assertThat(journal.last()).isEqualTo(4);
    }

    @Test
    void appendsSeveralWithOneCommit() {
        long last = journal.appendAll(IntStream.range(0, 100)
                .mapToObj(i -> new Journal.Entry(7, Bytes.utf8("e" + i)))
                .toList());
        assertThat(last).isEqualTo(100);
        assertThat(journal.appendAll(List.of())).isEqualTo(100);
        assertThat(replay(1)).hasSize(100).endsWith("100:7:e99");
        assertThat(database.value("SELECT count(DISTINCT xmin::text) FROM vault_journal"))
                .isEqualTo("1");
    }

    @Test
    void staysVerifiableAfterTruncation() {
        append(5);
        journal.truncateBefore(4);
        assertThat(replay(0)).containsExactly("4:4:entry 4", "5:5:entry 5");
        journal.truncateBefore(2);
        reopen();
        assertThat(replay(0)).hasSize(2);
        journal.truncateBefore(6);
        assertThat(replay(0)).isEmpty();
        reopen();
        assertThat(journal.append(1, Bytes.utf8("next"))).isEqualTo(6);
        assertThat(replay(0)).containsExactly("6:1:next");
        assertThatThrownBy(() -> journal.truncateBefore(8)).isInstanceOf(IllegalArgumentException.class);
        assertThat(database.value("SELECT count(*) FROM vault_journal")).isEqualTo("1");
    }

    @Test
    void refusesAMissingTail() {
        append(5);
        database.execute("DELETE FROM vault_journal WHERE seq > 3");
        reopen();
        expect(Kind.MISSING, "vault_journal", 4);
    }

    @Test
    void refusesAMissingEntryInTheMiddleAndAtTheBeginning() {
        append(5);
        database.execute("DELETE FROM vault_journal WHERE seq = 3");
        expect(Kind.MISSING, "vault_journal", 3);
        database.execute("DELETE FROM vault_journal WHERE seq = 1");
        expect(Kind.MISSING, "vault_journal", 1);
    }

    @Test
    void refusesAChangedEntry() {
        append(5);
        database.execute("UPDATE vault_journal SET entry = set_byte(entry, 20, get_byte(entry, 20) # 1) WHERE seq = 4");
        expect(Kind.CHANGED, "vault_journal", 4);
    }

    @Test
    void refusesSwappedEntries() {
        append(5);
        database.execute("UPDATE vault_journal SET seq = 100 WHERE seq = 2;"
                + " UPDATE vault_journal SET seq = 2 WHERE seq = 4; UPDATE vault_journal SET seq = 4 WHERE seq = 100");
        expect(Kind.CHANGED, "vault_journal", 2);
    }

    @Test
    void refusesAnEntryOfAnotherJournal() {
        append(3);
        vault.journal("other").append(2, Bytes.utf8("entry 2"));
        vault.journal("other").append(2, Bytes.utf8("entry 2"));
        database.execute("DELETE FROM vault_journal WHERE journal = 'votes' AND seq = 2;"
                + " UPDATE vault_journal SET journal = 'votes' WHERE journal = 'other' AND seq = 2");
        expect(Kind.CHANGED, "vault_journal", 2);
    }

    @Test
    void refusesAnOldHead() {
        append(3);
        database.execute("CREATE TABLE old_head AS TABLE vault_journal_head");
        append(2);
        database.execute("DELETE FROM vault_journal_head; INSERT INTO vault_journal_head SELECT * FROM old_head");
        expect(Kind.STALE, "vault_journal_head", 0);
        reopen();
        expect(Kind.STALE, "vault_journal_head", 0);
    }

    @Test
    void aFailedAppendLeavesAJournalThatGoesOn() {
        append(2);
        database.execute("ALTER TABLE vault_journal ADD CONSTRAINT no_more CHECK (seq < 3)");
        assertThatThrownBy(() -> journal.append(3, Bytes.utf8("entry 3"))).isInstanceOf(VaultException.class);
        database.execute("ALTER TABLE vault_journal DROP CONSTRAINT no_more");
        assertThat(journal.append(3, Bytes.utf8("entry 3"))).isEqualTo(3);
        assertThat(replay(0)).hasSize(3);
    }

    @Test
    void aLostConnectionIsReplaced() {
        append(2);
        database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND pid <> pg_backend_pid()");
        assertThatThrownBy(() -> journal.append(3, Bytes.utf8("lost"))).isInstanceOf(VaultException.class);
        assertThat(journal.append(3, Bytes.utf8("entry 3"))).isEqualTo(3);
        assertThat(replay(0)).hasSize(3);
    }

    @Test
    void aSecondWriterIsNoticed() {
        append(2);
        try (Vault second = database.openAll(Schema.VAULT, peers)) {
            second.journal("votes").append(1, Bytes.utf8("by the other"));
            assertThatThrownBy(() -> journal.append(1, Bytes.utf8("mine"))).isInstanceOf(ConflictException.class);
        }
    }

    @Test
    void numbersConcurrentAppendsWithoutGaps() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<java.util.concurrent.Future<Long>> futures = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                futures.add(threads.submit(() -> journal.append(1, Bytes.utf8("concurrent"))));
            }
            List<Long> numbers = new ArrayList<>();
            for (var future : futures) {
                numbers.add(future.get());
            }
            assertThat(numbers)
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, 60).boxed().toList());
        }
        assertThat(replay(0)).hasSize(60);
    }

    @Test
    void refusesOversizeEntriesAndBadNames() {
        assertThatThrownBy(() -> journal.append(1, Bytes.zeros(Journal.MAX_ENTRY + 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> journal.append(-1, Bytes.EMPTY)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> vault.journal("Not A Name")).isInstanceOf(IllegalArgumentException.class);
    }
}
