package io.cloister.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.vault.Host.Victim;
import io.cloister.vault.TamperedException.Kind;
import io.cloister.vault.hibernate.HibernateVault;
import io.cloister.vault.hibernate.Transactions;
import io.cloister.vault.identity.IdentityStore;
import io.cloister.vault.identity.KeyShareStore;
import io.cloister.vault.identity.PartStore;
import io.cloister.vault.identity.PeerHeadStore;
import io.cloister.vault.store.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Everything that a host can do to the vault's own tables is refused when the node boots, with the row named. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TamperTest {
    private final TestDatabase.Peers peers = new TestDatabase.Peers();
    private TestDatabase database;
    private Host host;

    /** Two versions of everything: the older one in the host's copy. */
    @BeforeAll
    void fill() {
        database = TestDatabase.fresh();
        host = new Host(database);
        try (Vault vault = database.openAll(Schema.VAULT, peers);
                TestUnit unit = TestUnit.with(database.source())) {
            write(vault, unit, 1);
            Journal journal = vault.journal("votes");
            for (int i = 1; i <= 6; i++) {
                journal.append(i, Bytes.utf8("vote " + i));
            }
            Schema.VAULT.tables().forEach(host::copy);
            journal.truncateBefore(3);
            journal.append(7, Bytes.utf8("vote 7"));
            vault.newKeyEpoch(Level.IDENTITY);
            vault.newKeyEpoch(Level.STATE);
            write(vault, unit, 2);
        }
        database.execute("CREATE SCHEMA old");
        for (TableSpec table : Schema.VAULT.tables()) {
            database.execute("ALTER TABLE host." + table.name() + " SET SCHEMA old");
            host.copy(table);
        }
        boot();
    }

    private static void write(Vault vault, TestUnit unit, int generation) {
        HibernateVault.attach(unit.factory(), vault);
        Transactions transactions = Transactions.local(unit.factory());
        new IdentityStore(vault, transactions).open().close();
        try (SecretBytes secret = TestDatabase.secret(generation)) {
            for (String owner : List.of("02", "03", "04")) {
                new PartStore(vault, transactions).keep(Bytes.hex(owner + "cd".repeat(32)), generation, secret);
            }
            for (String owner : List.of("02", "03", "04")) {
                new PeerHeadStore(vault)
                        .keep(Map.of(Bytes.hex(owner + "cd".repeat(32)), Bytes.utf8("head " + generation)), List.of());
            }
            for (String id : List.of("share-one", "share-two", "share-three")) {
                new KeyShareStore(vault, transactions).save(new KeyShares.ShareInfo(id, generation, "signing"), secret);
            }
        }
    }

    @AfterAll
    void everythingIsAsItWas() {
        boot();
    }

    /** What a node does with its tables before it uses them. */
    private void boot() {
        try (Vault vault = database.openAll(Schema.VAULT, peers)) {
            vault.verify(Level.IDENTITY);
            vault.verify(Level.STATE);
            vault.journal("votes").replay(0, (seq, kind, entry) -> {});
        }
    }

    private void expectRefusal(String what, Victim victim, Runnable attack) {
        attack.run();
        Throwable refusal = catchThrowable(this::boot);
        host.restore(victim.table());
        assertThat(refusal).as(what).isInstanceOfAny(TamperedException.class, SealException.class);
        assertThat(refusal.getMessage())
                .as(what)
                .contains("table " + victim.table().name() + ",");
    }

    private static boolean names(Throwable refusal, Victim victim) {
        String key = victim.where().replaceAll(".*= '(.*)'", "$1");
        boolean journal = victim.table() == Schema.JOURNAL;
        return String.valueOf(refusal.getMessage()).contains(journal ? "entry " + key + ":" : "row " + key);
    }

    private void expectRowNamed(String what, Victim victim, Runnable attack) {
        attack.run();
        Throwable refusal = catchThrowable(this::boot);
        host.restore(victim.table());
        assertThat(refusal).as(what).isInstanceOfAny(TamperedException.class, SealException.class);
        assertThat(refusal.getMessage())
                .as(what)
                .contains("table " + victim.table().name() + ",");
        assertThat(names(refusal, victim))
                .as(what + ": " + refusal.getMessage())
                .isTrue();
    }

    @Test
    void refusesAFlippedBitInEveryColumnOfEveryRow() {
        int flips = 0;
        for (TableSpec table : Schema.VAULT.tables()) {
            for (Victim victim : host.rows(table)) {
                for (ColumnSpec column : Host.columns(table)) {
                    String what = victim + " " + column.name();
                    double[] places = column.type() == ColumnType.BYTES ? new double[] {0, 1} : new double[] {0};
                    for (double place : places) {
                        Runnable flip = () -> host.flip(victim, column, place);
                        if (column.protection() == ColumnSpec.Protection.KEY) {
                            // The row now bears another name: that one, or the one that is missing, is named.
                            expectRefusal(what, victim, flip);
                        } else {
                            expectRowNamed(what, victim, flip);
                        }
                        flips++;
                    }
                }
            }
        }
        System.getLogger("test").log(System.Logger.Level.INFO, flips + " flips refused");
        assertThat(flips).isGreaterThan(200);
    }

    @Test
    void refusesEveryDeletedRow() {
        for (TableSpec table : Schema.VAULT.tables()) {
            for (Victim victim : host.rows(table)) {
                expectRowNamed("deleted " + victim, victim, () -> host.delete(victim));
            }
        }
    }

    @Test
    void refusesOneOldRowPutBack() {
        List<TableSpec> restored = new ArrayList<>();
        for (TableSpec table : Schema.VAULT.tables()) {
            if (table == Schema.JOURNAL) {
                continue;
            }
            for (Victim victim : host.rows(table)) {
                expectRowNamed("old " + victim, victim, () -> {
                    host.delete(victim);
                    database.execute("INSERT INTO " + table.name() + " SELECT * FROM old." + table.name() + " WHERE "
                            + victim.where());
                });
                restored.add(table);
            }
        }
        assertThat(restored).contains(Schema.KEYSET, Schema.REGISTRY, Schema.IDENTITY, Schema.JOURNAL_HEAD);
    }

    @Test
    void refusesAnEntryThatWasForgotten() {
        Victim forgotten = new Victim(Schema.JOURNAL, "journal = 'votes' AND seq = '2'");
        expectRowNamed(
                "forgotten entry",
                forgotten,
                () -> database.execute(
                        "INSERT INTO vault_journal SELECT * FROM old.vault_journal WHERE " + forgotten.where()));
    }

    @Test
    void refusesValuesSwappedBetweenRows() {
        for (TableSpec table : Schema.VAULT.tables()) {
            List<Victim> rows = host.rows(table);
            for (int i = 1; i < rows.size(); i++) {
                Victim one = rows.get(i - 1);
                Victim other = rows.get(i);
                for (ColumnSpec column : Host.sealed(table)) {
                    expectRefusal(
                            "swapped " + column.name() + " of " + one + " and " + other,
                            one,
                            () -> host.swap(one, other, column.name()));
                }
                expectRefusal("swapped tags", one, () -> host.swap(one, other, "tag"));
            }
        }
    }

    @Test
    void refusesValuesSwappedBetweenColumns() {
        for (Victim victim : host.rows(Schema.IDENTITY)) {
            expectRowNamed("keys", victim, () -> host.swapColumns(victim, "slot_key", "epoch_key"));
            expectRowNamed("epoch key", victim, () -> host.swapColumns(victim, "slot_key", "epoch_key"));
            expectRowNamed("counter", victim, () -> host.swapColumns(victim, "boot_counter", "epoch_key"));
        }
        for (Victim victim : host.rows(Schema.KEYSET)) {
            expectRowNamed("keysets", victim, () -> host.swapColumns(victim, "aead", "prf"));
            expectRowNamed("metadata", victim, () -> host.swapColumns(victim, "measurement", "tcb"));
        }
    }

    @Test
    void refusesACompleteOldTable() {
        for (TableSpec table : List.of(Schema.PART, Schema.PEER_HEAD, Schema.KEY_SHARE, Schema.IDENTITY)) {
            Victim any = host.rows(table).getFirst();
            expectRefusal("old table " + table, any, () -> {
                database.execute("DELETE FROM " + table.name() + "; INSERT INTO " + table.name() + " SELECT * FROM old."
                        + table.name());
            });
        }
    }

    @Test
    void refusesAnOldTableTogetherWithItsOldRecord() {
        for (TableSpec table : List.of(Schema.PART, Schema.PEER_HEAD, Schema.KEY_SHARE)) {
            String key = table.name();
            database.execute("DELETE FROM " + key + "; INSERT INTO " + key + " SELECT * FROM old." + key
                    + "; DELETE FROM vault_registry WHERE name = '" + key + "'"
                    + "; INSERT INTO vault_registry SELECT * FROM old.vault_registry WHERE name = '" + key + "'");
            Throwable refusal = catchThrowable(this::boot);
            host.restore(table);
            host.restore(Schema.REGISTRY);
            assertThat(refusal).isInstanceOfSatisfying(TamperedException.class, e -> {
                assertThat(e.kind()).isEqualTo(Kind.STALE);
                assertThat(e.table()).isEqualTo("vault_registry");
                assertThat(e.key()).contains(Bytes.utf8(key));
            });
        }
    }

    @Test
    void refusesAnOldJournalPutBackWithItsHead() {
        for (TableSpec table : List.of(Schema.JOURNAL, Schema.JOURNAL_HEAD)) {
            database.execute("DELETE FROM " + table.name() + "; INSERT INTO " + table.name() + " SELECT * FROM old."
                    + table.name());
        }
        Throwable refusal = catchThrowable(this::boot);
        host.restore(Schema.JOURNAL);
        host.restore(Schema.JOURNAL_HEAD);
        assertThat(refusal).isInstanceOfSatisfying(TamperedException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.STALE);
            assertThat(e.table()).isEqualTo("vault_journal_head");
        });
    }

    @Test
    void refusesADeletedJournalWithItsHead() {
        database.execute("DELETE FROM vault_journal; DELETE FROM vault_journal_head");
        Throwable refusal = catchThrowable(this::boot);
        host.restore(Schema.JOURNAL);
        host.restore(Schema.JOURNAL_HEAD);
        assertThat(refusal)
                .isInstanceOfSatisfying(
                        TamperedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MISSING));
    }

    @Test
    void refusesAnEmptiedRegistry() {
        database.execute("DELETE FROM vault_registry");
        Throwable refusal = catchThrowable(this::boot);
        host.restore(Schema.REGISTRY);
        assertThat(refusal)
                .isInstanceOfSatisfying(
                        TamperedException.class, e -> assertThat(e.table()).isEqualTo("vault_registry"));
    }

    @Test
    void refusesDataWithoutKeysetsAndRegistry() {
        database.execute("DELETE FROM vault_registry; DELETE FROM vault_keyset");
        Throwable refusal = catchThrowable(this::boot);
        host.restore(Schema.REGISTRY);
        host.restore(Schema.KEYSET);
        assertThat(refusal).isInstanceOfSatisfying(TamperedException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.MISSING);
            assertThat(e.table()).isEqualTo("vault_keyset");
        });
    }
}
