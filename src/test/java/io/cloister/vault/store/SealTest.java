package io.cloister.vault.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.vault.ColumnType;
import io.cloister.vault.Level;
import io.cloister.vault.PeersPart;
import io.cloister.vault.Schema;
import io.cloister.vault.SealException;
import io.cloister.vault.SealException.Reason;
import io.cloister.vault.SealMetadata;
import io.cloister.vault.TableSpec;
import io.cloister.vault.TamperedException;
import io.cloister.vault.TestDatabase;
import io.cloister.vault.VaultException;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SealTest {
    private static final TableSpec ITEM = TableSpec.named("test_item", Level.STATE)
            .key("id", ColumnType.TEXT)
            .sealed("value")
            .build();
    private static final Schema SCHEMA = Schema.VAULT.plus(Schema.of(ITEM));
    private static final String DDL = "CREATE TABLE test_item (id text PRIMARY KEY, version bigint NOT NULL,"
            + " key_epoch integer NOT NULL, tag bytea NOT NULL, value bytea NOT NULL)";
    private static final SealMetadata UPDATED =
            new SealMetadata(Bytes.utf8("measurement two"), Bytes.utf8("policy two"), Bytes.utf8("tcb two"));

    private final TestDatabase.Peers peers = new TestDatabase.Peers();
    private TestDatabase database;

    @BeforeEach
    void fill() {
        database = TestDatabase.fresh();
        database.execute(DDL);
        try (Vault vault = database.openAll(SCHEMA, peers)) {
            put(vault, "a", "one");
        }
    }

    /** Peers whose part may not be replaced. */
    private class Untouched implements PeersPart {
        @Override
        public Optional<SecretBytes> fetch(Predicate<SecretBytes> fits) {
            return peers.fetch(fits);
        }

        @Override
        public void deposit(SecretBytes part) {
            throw new AssertionError("would replace the part that the old keysets need");
        }
    }

    private static void put(Vault vault, String id, String value) {
        vault.inTransaction(connection -> {
            vault.changes().put(ITEM, id, Bytes.utf8(value)).write(connection);
            return id;
        });
    }

    private static String get(Vault vault, String id) {
        return vault.inSnapshot(connection -> vault.table(ITEM).find(connection, id))
                .orElseThrow()
                .bytes("value")
                .asUtf8();
    }

    @Test
    void refusesAnotherLocalSeal() {
        String before = database.value("SELECT md5(string_agg(k::text, '')) FROM vault_keyset k");
        assertThatThrownBy(() -> database.open(SCHEMA, 2))
                .isInstanceOfSatisfying(
                        SealException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_LOCAL_SEAL))
                .hasMessageContaining("vault_keyset")
                .hasMessageContaining("IDENTITY");
        assertThat(database.value("SELECT md5(string_agg(k::text, '')) FROM vault_keyset k"))
                .isEqualTo(before);
    }

    @Test
    void refusesAnotherPartOfThePeers() {
        try (Vault vault = database.open(SCHEMA)) {
            assertThatThrownBy(() -> vault.openState(TestDatabase.NODE, TestDatabase.Peers.with(77)))
                    .isInstanceOfSatisfying(
                            SealException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_PEERS_PART))
                    .hasMessageContaining("STATE");
            assertThatThrownBy(() -> vault.envelope(Level.STATE)).isInstanceOf(VaultException.class);
            vault.openState(TestDatabase.NODE, peers);
            assertThat(get(vault, "a")).isEqualTo("one");
        }
    }

    @Test
    void refusesWhenNoPeerHasThePart() {
        try (Vault vault = database.open(SCHEMA)) {
            assertThatThrownBy(() -> vault.openState(TestDatabase.NODE, new TestDatabase.Peers()))
                    .isInstanceOfSatisfying(
                            SealException.class, e -> assertThat(e.reason()).isEqualTo(Reason.PEERS_PART_MISSING));
            vault.openState(TestDatabase.NODE, peers);
        }
    }

    @Test
    void refusesAnotherNodeAndAnotherDeployment() {
        try (Vault vault = database.open(SCHEMA)) {
            Bytes stranger = Bytes.hex("03" + "ab".repeat(32));
            assertThatThrownBy(() -> vault.openState(stranger, peers)).isInstanceOf(TamperedException.class);
        }
        try (SecretBytes seal = TestDatabase.secret(1)) {
            assertThatThrownBy(
                            () -> Vault.open("another-chain", SCHEMA, database.source(), seal, TestDatabase.METADATA))
                    .isInstanceOf(TamperedException.class)
                    .hasMessageContaining("vault_keyset");
        }
    }

    @Test
    void makesNoStateWhenThePeersDoNotTakeThePart() {
        TestDatabase empty = TestDatabase.fresh();
        empty.execute(DDL);
        PeersPart refusing = new PeersPart() {
            @Override
            public Optional<SecretBytes> fetch(Predicate<SecretBytes> fits) {
                return Optional.empty();
            }

            @Override
            public void deposit(SecretBytes part) {
                throw new VaultException("too few peers in reach");
            }
        };
        try (Vault vault = empty.open(SCHEMA)) {
            assertThatThrownBy(() -> vault.openState(TestDatabase.NODE, refusing))
                    .hasMessageContaining("too few peers");
            assertThat(vault.hasState()).isFalse();
            vault.openState(TestDatabase.NODE, peers);
            vault.enrol(Level.STATE);
            put(vault, "x", "y");
        }
    }

    @Test
    void depositsNoNewPartOverAnOldOneWhenTheKeysetsAreGone() {
        database.execute(
                "DELETE FROM vault_keyset WHERE level = 'STATE'; DELETE FROM vault_registry WHERE level = 'STATE'");
        try (Vault vault = database.open(SCHEMA)) {
            assertThatThrownBy(() -> vault.openState(TestDatabase.NODE, new Untouched()))
                    .isInstanceOf(TamperedException.class)
                    .hasMessageContaining("vault_keyset")
                    .hasMessageContaining("test_item");
        }
    }

    @Test
    void makesNoNewStateInThePlaceOfOneThatWasWiped() {
        database.execute("DELETE FROM vault_keyset WHERE level = 'STATE';"
                + " DELETE FROM vault_registry WHERE level = 'STATE'; DELETE FROM test_item");
        try (Vault vault = database.open(SCHEMA)) {
            assertThatThrownBy(() -> vault.openState(TestDatabase.NODE, new Untouched()))
                    .isInstanceOfSatisfying(TamperedException.class, e -> {
                        assertThat(e.kind()).isEqualTo(TamperedException.Kind.MISSING);
                        assertThat(e.table()).isEqualTo("vault_keyset");
                        assertThat(e.key()).contains(Bytes.utf8("STATE"));
                    });
        }
    }

    @Test
    void opensWithThePartThatFitsWhateverOthersHandOut() {
        PeersPart quarrelling = new Untouched() {
            @Override
            public Optional<SecretBytes> fetch(Predicate<SecretBytes> fits) {
                assertThat(TestDatabase.Peers.with(77).fetch(fits)).isEmpty();
                return super.fetch(fits);
            }
        };
        try (Vault vault = database.open(SCHEMA)) {
            vault.openState(TestDatabase.NODE, quarrelling);
            assertThat(get(vault, "a")).isEqualTo("one");
        }
    }

    @Test
    void rewrapsTheSameDataKeysUnderANewSeal() {
        String ciphertext = database.value("SELECT value FROM test_item");
        assertThat(Vault.sealedUnder(database.source())).contains(TestDatabase.METADATA);
        try (Vault vault = database.openAll(SCHEMA, peers);
                SecretBytes newSeal = TestDatabase.secret(2)) {
            vault.rewrap(newSeal, UPDATED);
            assertThat(vault.metadata()).isEqualTo(UPDATED);
            put(vault, "b", "two");
        }
        assertThat(database.value("SELECT value FROM test_item WHERE id = 'a'")).isEqualTo(ciphertext);
        assertThat(Vault.sealedUnder(database.source())).contains(UPDATED);
        assertThatThrownBy(() -> database.open(SCHEMA, 1)).isInstanceOf(SealException.class);
        try (Vault vault = database.open(SCHEMA, 2)) {
            vault.openState(TestDatabase.NODE, peers);
            assertThat(get(vault, "a")).isEqualTo("one");
            assertThat(get(vault, "b")).isEqualTo("two");
            vault.newKeyEpoch(Level.STATE);
            put(vault, "c", "three");
            try (SecretBytes thirdSeal = TestDatabase.secret(3)) {
                vault.rewrap(thirdSeal, TestDatabase.METADATA);
            }
        }
        try (Vault vault = database.open(SCHEMA, 3)) {
            vault.openState(TestDatabase.NODE, peers);
            vault.verify(Level.STATE);
            assertThat(get(vault, "c")).isEqualTo("three");
        }
    }

    @Test
    void refusesTheOldWrappingAfterARewrap() {
        database.execute("CREATE TABLE old_keyset AS TABLE vault_keyset");
        try (Vault vault = database.openAll(SCHEMA, peers);
                SecretBytes newSeal = TestDatabase.secret(2)) {
            vault.rewrap(newSeal, UPDATED);
        }
        database.execute("DELETE FROM vault_keyset; INSERT INTO vault_keyset SELECT * FROM old_keyset");
        assertThatThrownBy(() -> database.open(SCHEMA, 1)).isInstanceOfSatisfying(TamperedException.class, e -> {
            assertThat(e.kind()).isEqualTo(TamperedException.Kind.STALE);
            assertThat(e.table()).isEqualTo("vault_keyset");
            assertThat(e.key()).contains(Bytes.utf8("IDENTITY"));
        });
    }

    @Test
    void refusesToRewrapWhileTheStateLevelIsShut() {
        try (Vault vault = database.open(SCHEMA);
                SecretBytes newSeal = TestDatabase.secret(2)) {
            assertThatThrownBy(() -> vault.rewrap(newSeal, UPDATED)).isInstanceOf(VaultException.class);
        }
        try (Vault vault = database.openAll(SCHEMA, peers)) {
            vault.verify(Level.STATE);
        }
    }

    @Test
    void isOfNoUseAfterClosing() {
        Vault vault = database.openAll(SCHEMA, peers);
        vault.close();
        assertThatThrownBy(() -> get(vault, "a")).isInstanceOf(VaultException.class);
        assertThatThrownBy(() -> put(vault, "b", "two")).isInstanceOf(VaultException.class);
    }

    @Test
    void headMovesWithEveryChangeAndOlderStateIsNoticedUnderARunningNode() {
        try (Vault vault = database.openAll(SCHEMA, peers)) {
            var first = vault.head(Level.STATE);
            database.execute(
                    "CREATE TABLE old_registry AS TABLE vault_registry; CREATE TABLE old_item AS TABLE test_item");
            put(vault, "b", "two");
            var second = vault.head(Level.STATE);
            assertThat(second.changes()).isEqualTo(first.changes() + 1);
            assertThat(second.root()).isNotEqualTo(first.root());
            database.execute("DELETE FROM vault_registry; INSERT INTO vault_registry SELECT * FROM old_registry;"
                    + " DELETE FROM test_item; INSERT INTO test_item SELECT * FROM old_item");
            assertThatThrownBy(() -> vault.head(Level.STATE))
                    .isInstanceOfSatisfying(
                            TamperedException.class, e -> assertThat(e.kind()).isEqualTo(TamperedException.Kind.STALE));
            assertThatThrownBy(() -> put(vault, "c", "three")).isInstanceOf(TamperedException.class);
        }
    }

    @Test
    void refusesImpossibleArguments() {
        try (SecretBytes half = SecretBytes.random(16)) {
            assertThatThrownBy(() -> Vault.open("chain", SCHEMA, database.source(), half, TestDatabase.METADATA))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        try (SecretBytes seal = TestDatabase.secret(1)) {
            assertThatThrownBy(() -> Vault.open("", SCHEMA, database.source(), seal, TestDatabase.METADATA))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Vault.open("c".repeat(65), SCHEMA, database.source(), seal, TestDatabase.METADATA))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new SealMetadata(Bytes.zeros(257), Bytes.EMPTY, Bytes.EMPTY))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
