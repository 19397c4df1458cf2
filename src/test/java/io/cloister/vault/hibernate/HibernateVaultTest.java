package io.cloister.vault.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.vault.ColumnType;
import io.cloister.vault.ConflictException;
import io.cloister.vault.Level;
import io.cloister.vault.Schema;
import io.cloister.vault.TableSpec;
import io.cloister.vault.TamperedException;
import io.cloister.vault.TestDatabase;
import io.cloister.vault.TestUnit;
import io.cloister.vault.VaultException;
import io.cloister.vault.store.LoadedRow;
import io.cloister.vault.store.Vault;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HibernateVaultTest {
    static final TableSpec NOTE = TableSpec.named("test_note", Level.STATE)
            .key("id", ColumnType.LONG)
            .authenticated("title", ColumnType.TEXT)
            .authenticated("digest", ColumnType.BYTES)
            .authenticated("pages", ColumnType.INT)
            .sealed("body")
            .build();
    static final Schema SCHEMA = Schema.VAULT.plus(Schema.of(NOTE));

    @Entity(name = "TestNote")
    @Table(name = "test_note")
    static class Note extends ProtectedEntity {
        @Id
        @Column(name = "id")
        private long id;

        @Authenticated
        @Column(name = "title")
        private String title = "";

        @Authenticated
        @Column(name = "digest")
        private byte[] digest = new byte[0];

        @Authenticated
        @Column(name = "pages")
        private int pages;

        @Sealed
        @Column(name = "body")
        private byte[] body = new byte[0];

        protected Note() {}

        Note(long id, String title, String body) {
            this.id = id;
            this.title = title;
            this.body = Bytes.utf8(body).toArray();
        }

        String body() {
            return Bytes.of(body).asUtf8();
        }
    }

    /** Claims that the body is in clear. */
    @Entity(name = "CarelessNote")
    @Table(name = "test_note")
    static class CarelessNote extends ProtectedEntity {
        @Id
        @Column(name = "id")
        private long id;

        @Authenticated
        @Column(name = "title")
        private String title = "";

        @Authenticated
        @Column(name = "digest")
        private byte[] digest = new byte[0];

        @Authenticated
        @Column(name = "pages")
        private int pages;

        @Authenticated
        @Column(name = "body")
        private byte[] body = new byte[0];
    }

    private TestDatabase database;
    private Vault vault;
    private static TestUnit unit;
    private Transactions transactions;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
        database.execute("CREATE TABLE test_note (id bigint PRIMARY KEY, title text NOT NULL, digest bytea NOT NULL,"
                + " pages integer NOT NULL, body bytea NOT NULL, version bigint NOT NULL, key_epoch integer NOT NULL,"
                + " tag bytea NOT NULL)");
        vault = database.openAll(SCHEMA, new TestDatabase.Peers());
        unit.turnTo(database);
        HibernateVault.attach(unit.factory(), vault);
        transactions = Transactions.local(unit.factory());
    }

    @AfterEach
    void close() {
        vault.close();
    }

    @BeforeAll
    static void makeUnit() {
        unit = TestUnit.with(TestDatabase.fresh().source(), Note.class);
    }

    @AfterAll
    static void closeUnit() {
        unit.close();
    }

    private void persist(long id, String title, String body) {
        transactions.run(manager -> {
            manager.persist(new Note(id, title, body));
            return id;
        });
    }

    private static Note find(EntityManager manager, long id) {
        return java.util.Optional.ofNullable(manager.find(Note.class, id)).orElseThrow();
    }

    @Test
    void sealsOnTheWayInAndOpensOnTheWayOut() {
        persist(1, "title", "the body");
        assertThat(Bytes.hex(database.value("SELECT encode(body, 'hex') FROM test_note"))
                        .length())
                .isEqualTo("the body".length() + 33);
        String body = transactions.run(manager -> find(manager, 1).body());
        assertThat(body).isEqualTo("the body");
        assertThat(unit.statements()).isNotEmpty();
    }

    @Test
    void readingWritesNothing() {
        persist(1, "one", "first body");
        persist(2, "two", "second body");
        String before = vault.head(Level.STATE).toString();
        unit.statements();
        transactions.run(manager -> {
            Note note = find(manager, 1);
            assertThat(note.body()).isEqualTo("first body");
            manager.flush();
            List<Note> all = manager.createQuery("select n from TestNote n order by n.id", Note.class)
                    .getResultList();
            assertThat(all).extracting(Note::body).containsExactly("first body", "second body");
            manager.refresh(all.getLast());
            assertThat(all.getLast().body()).isEqualTo("second body");
            return all.size();
        });
        assertThat(unit.statements()).hasSize(3).allMatch(it -> it.startsWith("select"));
        assertThat(vault.head(Level.STATE)).hasToString(before);
    }

    @Test
    void oneStatementForEachInsertAndUpdateAndNoneForFlushesAfterThem() {
        transactions.run(manager -> {
            Note note = new Note(1, "title", "body");
            manager.persist(note);
            manager.flush();
            manager.flush();
            note.title = "new title";
            manager.flush();
            manager.flush();
            assertThat(note.body()).isEqualTo("body");
            assertThat(note.version()).isEqualTo(1);
            assertThat(note.keyEpoch()).isEqualTo(1);
            return note;
        });
        assertThat(unit.statements()).extracting(it -> it.substring(0, 6)).containsExactly("insert", "update");
        vault.verify(Level.STATE);
    }

    @Test
    void keepsTheRegistryRightThroughInsertUpdateDeleteAndRollback() {
        persist(1, "one", "1");
        persist(2, "two", "2");
        persist(3, "three", "3");
        transactions.run(manager -> {
            find(manager, 1).body = new byte[] {9};
            manager.remove(find(manager, 2));
            return manager;
        });
        assertThatThrownBy(() -> transactions.run(manager -> {
                    manager.remove(find(manager, 3));
                    manager.flush();
                    throw new IllegalStateException("changed my mind");
                }))
                .isInstanceOf(IllegalStateException.class);
        vault.verify(Level.STATE);
        assertThat(database.value("SELECT count(*) FROM test_note")).isEqualTo("2");
    }

    @Test
    void rowsOfHibernateAndOfJdbcAreTheSame() {
        persist(1, "by hibernate", "body one");
        vault.inTransaction(connection -> {
            vault.changes()
                    .insert(NOTE, 2L, "by jdbc", Bytes.utf8("d"), 5, Bytes.utf8("body two"))
                    .put(NOTE, 1L, "changed by jdbc", Bytes.utf8("d"), 6, Bytes.utf8("body three"))
                    .write(connection);
            return connection;
        });
        LoadedRow row = vault.inSnapshot(connection -> vault.table(NOTE).find(connection, 1L))
                .orElseThrow();
        assertThat(row.text("title")).isEqualTo("changed by jdbc");
        List<String> bodies = transactions.run(manager -> {
            find(manager, 2).pages = 77;
            return List.of(find(manager, 1).body(), find(manager, 2).body());
        });
        assertThat(bodies).containsExactly("body three", "body two");
        vault.verify(Level.STATE);
    }

    @Test
    void bindsTheVersionIntoEveryCell() {
        persist(1, "one", "old body");
        database.execute("CREATE TEMP TABLE copy AS SELECT * FROM test_note;"
                + "CREATE TABLE stolen AS SELECT * FROM test_note");
        transactions.run(manager -> find(manager, 1).body = new byte[] {1, 2, 3});
        database.execute("UPDATE test_note SET body = (SELECT body FROM stolen)");
        assertThatThrownBy(() -> transactions.run(manager -> find(manager, 1)))
                .isInstanceOfSatisfying(TamperedException.class, e -> {
                    assertThat(e.table()).isEqualTo("test_note");
                    assertThat(e.key()).contains(Bytes.hex("0000000000000001"));
                });
    }

    @Test
    void refusesChangedClearColumns() {
        persist(1, "one", "body");
        database.execute("UPDATE test_note SET pages = 3");
        assertThatThrownBy(() -> transactions.run(manager -> find(manager, 1)))
                .isInstanceOf(TamperedException.class)
                .hasMessageContaining("test_note");
        assertThatThrownBy(() -> transactions.run(manager -> manager.createQuery("select n from TestNote n", Note.class)
                        .getResultList()))
                .isInstanceOf(TamperedException.class);
    }

    @Test
    void bulkStatementsAreNoticedByTheRegistry() {
        persist(1, "one", "body");
        persist(2, "two", "body");
        transactions.run(manager ->
                manager.createQuery("delete from TestNote n where n.id = 2").executeUpdate());
        assertThatThrownBy(() -> vault.verify(Level.STATE)).isInstanceOfSatisfying(TamperedException.class, e -> {
            assertThat(e.kind()).isEqualTo(TamperedException.Kind.MISSING);
            assertThat(e.key()).contains(Bytes.hex("0000000000000002"));
        });
    }

    @Test
    void turnsAwayTheSecondOfTwoConcurrentUpdates() {
        persist(1, "one", "body");
        assertThatThrownBy(() -> transactions.run(manager -> {
                    find(manager, 1).title = "outer";
                    Thread other =
                            Thread.ofPlatform().start(() -> transactions.run(inner -> find(inner, 1).title = "inner"));
                    try {
                        other.join();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return manager;
                }))
                .isInstanceOf(ConflictException.class);
        vault.verify(Level.STATE);
    }

    @Test
    void refusesEverythingWithoutAVault() {
        persist(1, "one", "body");
        HibernateVault.detach(unit.factory());
        assertThatThrownBy(() -> transactions.run(manager -> find(manager, 1)))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("no vault is attached");
        assertThatThrownBy(() -> persist(2, "two", "body")).isInstanceOf(VaultException.class);
        assertThat(database.value("SELECT count(*) FROM test_note")).isEqualTo("1");
    }

    @Test
    void refusesAUnitWithoutTheIntegrator() {
        try (TestUnit bare = TestUnit.withoutIntegrator(database.source())) {
            assertThatThrownBy(() -> HibernateVault.attach(bare.factory(), vault))
                    .isInstanceOf(VaultException.class)
                    .hasMessageContaining("hibernate.integrator_provider");
        }
    }

    @Test
    void refusesAnEntityThatClaimsASealedColumnIsClear() {
        try (TestUnit careless = TestUnit.with(database.source(), CarelessNote.class)) {
            assertThatThrownBy(() -> HibernateVault.attach(careless.factory(), vault))
                    .isInstanceOf(VaultException.class)
                    .hasMessageContaining("must be @Sealed");
        }
    }

    @Test
    void statementsCarryNoPlaintext() {
        persist(1, "one", "needle in the haystack");
        transactions.run(
                manager -> find(manager, 1).body = Bytes.utf8("second needle").toArray());
        assertThat(unit.statements()).noneMatch(it -> it.contains("needle"));
        assertThat(database.value("SELECT string_agg(t::text, ',') FROM test_note t"))
                .doesNotContain("needle")
                .doesNotContain(Bytes.utf8("needle").toHex());
    }
}
