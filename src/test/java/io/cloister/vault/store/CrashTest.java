package io.cloister.vault.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.vault.ColumnType;
import io.cloister.vault.Level;
import io.cloister.vault.Schema;
import io.cloister.vault.TableSpec;
import io.cloister.vault.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills PostgreSQL with SIGKILL under a writing vault; its default is a commit that does not wait. */
class CrashTest {
    private static final TableSpec ITEM = TableSpec.named("test_item", Level.STATE)
            .key("id", ColumnType.LONG)
            .sealed("value")
            .build();
    private static final Schema SCHEMA = Schema.VAULT.plus(Schema.of(ITEM));

    @TempDir
    Path data;

    private EmbeddedPostgres start(boolean fresh) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data.resolve(fresh ? "pg" : "copy"))
                .setCleanDataDirectory(false)
                .setServerConfig("synchronous_commit", "off")
                .setServerConfig("wal_writer_delay", "10s")
                .start();
    }

    @Test
    void whatWasAppendedIsThereAfterACrashAndRegistryAndRowsAgree() throws Exception {
        TestDatabase.Peers peers = new TestDatabase.Peers();
        EmbeddedPostgres first = start(true);
        TestDatabase database = TestDatabase.on(first.getPostgresDatabase());
        database.execute("CREATE TABLE test_item (id bigint PRIMARY KEY, version bigint NOT NULL,"
                + " key_epoch integer NOT NULL, tag bytea NOT NULL, value bytea NOT NULL)");
        Vault vault = database.openAll(SCHEMA, peers);
        for (long i = 1; i <= 20; i++) {
            long id = i;
            vault.inTransaction(connection -> {
                vault.changes().insert(ITEM, id, Bytes.utf8("value")).write(connection);
                return id;
            });
            vault.journal("votes").append(1, Bytes.utf8("entry " + i));
        }
        kill(data.resolve("pg"));
        copy(data.resolve("pg"), data.resolve("copy"));

        try (EmbeddedPostgres second = start(false)) {
            TestDatabase restarted = TestDatabase.on(second.getPostgresDatabase());
            try (Vault again = restarted.openAll(SCHEMA, peers)) {
                List<Long> entries = new ArrayList<>();
                again.journal("votes").replay(0, (seq, kind, entry) -> entries.add(seq));
                assertThat(entries).hasSize(20);
                again.verify(Level.STATE);
                assertThat(restarted.value("SELECT count(*) FROM test_item")).isEqualTo("20");
            }
        }
    }

    private static void kill(Path directory) throws Exception {
        long pid = Long.parseLong(Files.readAllLines(directory.resolve("postmaster.pid"))
                .getFirst()
                .trim());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(postmaster.descendants().toList());
        all.add(postmaster);
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle process : all) {
            process.onExit().get(20, TimeUnit.SECONDS);
        }
    }

    /** A crashed machine's disk, mounted elsewhere. */
    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                if (!file.endsWith("postmaster.pid") && !file.endsWith("epg-lock")) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                }
            }
        }
    }
}
