package io.cloister.vault.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.SecretBytes;
import io.cloister.vault.ConflictException;
import io.cloister.vault.Head;
import io.cloister.vault.KeyShares.ShareInfo;
import io.cloister.vault.Level;
import io.cloister.vault.Schema;
import io.cloister.vault.TamperedException;
import io.cloister.vault.TestDatabase;
import io.cloister.vault.TestUnit;
import io.cloister.vault.VaultException;
import io.cloister.vault.hibernate.HibernateVault;
import io.cloister.vault.hibernate.Transactions;
import io.cloister.vault.store.Vault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoresTest {
    private static final Bytes OWNER = Bytes.hex("02" + "cd".repeat(32));

    private final TestDatabase.Peers peers = new TestDatabase.Peers();
    private TestDatabase database;
    private static TestUnit unit;
    private Vault vault;
    private Transactions transactions;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
        unit.turnTo(database);
        transactions = Transactions.local(unit.factory());
        boot();
    }

    private void boot() {
        vault = database.openAll(Schema.VAULT, peers);
        HibernateVault.attach(unit.factory(), vault);
    }

    private void reboot() {
        vault.close();
        boot();
    }

    @AfterEach
    void close() {
        vault.close();
    }

    @BeforeAll
    static void makeUnit() {
        unit = TestUnit.with(TestDatabase.fresh().source());
    }

    @AfterAll
    static void closeUnit() {
        unit.close();
    }

    private static boolean holds(SecretBytes secret, int value) {
        return secret.use(bytes -> {
            boolean same = bytes.length == 32;
            for (byte each : bytes) {
                same &= each == value;
            }
            return same;
        });
    }

    @Test
    void aRaisedBootCounterIsBelowTheNextBootsAndNeverFalls() {
        IdentityStore store = new IdentityStore(vault, transactions);
        store.open().close();
        store.raise(7);
        store.raise(3);
        reboot();
        try (NodeIdentity next = new IdentityStore(vault, transactions).open()) {
            assertThat(next.bootCounter()).isEqualTo(8);
        }
    }

    @Test
    void keepsItsKeysAndCountsItsBoots() {
        IdentityStore store = new IdentityStore(vault, transactions);
        Bytes nodeId;
        Bytes epochKey;
        try (NodeIdentity first = store.open()) {
            nodeId = first.nodeId();
            epochKey = Point.base(first.epochKey()).encode();
            assertThat(first.bootCounter()).isEqualTo(1);
            assertThat(nodeId.length()).isEqualTo(33);
            assertThat(nodeId).isNotEqualTo(epochKey);
        }
        for (int boot = 2; boot <= 4; boot++) {
            reboot();
            try (NodeIdentity again = new IdentityStore(vault, transactions).open()) {
                assertThat(again.bootCounter()).isEqualTo(boot);
                assertThat(again.nodeId()).isEqualTo(nodeId);
                assertThat(Point.base(again.epochKey()).encode()).isEqualTo(epochKey);
                Bytes digest = Hashes.sha256(Bytes.utf8("signed after reboot"));
                assertThat(Ecdsa.verify(
                                again.slotKey().publicKey(),
                                digest,
                                again.slotKey().sign(digest)))
                        .isTrue();
            }
        }
        assertThat(unit.statements()).anyMatch(it -> it.startsWith("insert into vault_identity"));
        vault.verify(Level.IDENTITY);
    }

    @Test
    void refusesAnIdentityThatWasDeletedInsteadOfMakingANewOne() {
        new IdentityStore(vault, transactions).open().close();
        database.execute("DELETE FROM vault_identity");
        assertThatThrownBy(() -> new IdentityStore(vault, transactions).open())
                .isInstanceOfSatisfying(TamperedException.class, e -> {
                    assertThat(e.table()).isEqualTo("vault_identity");
                    assertThat(e.key()).contains(Bytes.utf8("self"));
                    assertThat(e.kind()).isEqualTo(TamperedException.Kind.MISSING);
                });
    }

    @Test
    void refusesAnOldIdentity() {
        new IdentityStore(vault, transactions).open().close();
        database.execute("CREATE TABLE old_identity AS TABLE vault_identity");
        new IdentityStore(vault, transactions).open().close();
        database.execute("DELETE FROM vault_identity; INSERT INTO vault_identity SELECT * FROM old_identity");
        assertThatThrownBy(() -> new IdentityStore(vault, transactions).open())
                .isInstanceOfSatisfying(TamperedException.class, e -> {
                    assertThat(e.kind()).isEqualTo(TamperedException.Kind.STALE);
                    assertThat(e.key()).contains(Bytes.utf8("self"));
                });
    }

    @Test
    void theBootRefusesAnyRowOfTheLevelThatIsNotTheLatest() {
        new IdentityStore(vault, transactions).open().close();
        PartStore parts = new PartStore(vault, transactions);
        try (SecretBytes one = TestDatabase.secret(1);
                SecretBytes two = TestDatabase.secret(2)) {
            parts.keep(OWNER, 1, one);
            database.execute("CREATE TABLE old_part AS TABLE vault_part");
            parts.keep(OWNER, 2, two);
        }
        database.execute("DELETE FROM vault_part; INSERT INTO vault_part SELECT * FROM old_part");
        assertThatThrownBy(() -> new IdentityStore(vault, transactions).open())
                .isInstanceOfSatisfying(TamperedException.class, e -> {
                    assertThat(e.kind()).isEqualTo(TamperedException.Kind.STALE);
                    assertThat(e.table()).isEqualTo("vault_part");
                    assertThat(e.key()).contains(Bytes.utf8(OWNER.toHex()));
                });
    }

    @Test
    void handsOutNoOldPartThatWasPutBackUnderARunningNode() {
        PartStore parts = new PartStore(vault, transactions);
        try (SecretBytes one = TestDatabase.secret(1);
                SecretBytes two = TestDatabase.secret(2)) {
            parts.keep(OWNER, 1, one);
            database.execute("CREATE TABLE old_part AS TABLE vault_part");
            parts.keep(OWNER, 2, two);
        }
        database.execute("DELETE FROM vault_part; INSERT INTO vault_part SELECT * FROM old_part");
        assertThatThrownBy(() -> parts.find(OWNER)).isInstanceOf(TamperedException.class);
    }

    @Test
    void keepsPartsForPeersAndOnlyNewerOnesReplaceThem() {
        PartStore store = new PartStore(vault, transactions);
        assertThat(store.find(OWNER)).isEmpty();
        try (SecretBytes one = TestDatabase.secret(1);
                SecretBytes two = TestDatabase.secret(2)) {
            store.keep(OWNER, 1, one);
            store.keep(OWNER, 1, one);
            assertThatThrownBy(() -> store.keep(OWNER, 1, two)).isInstanceOf(ConflictException.class);
            store.keep(OWNER, 5, two);
            assertThatThrownBy(() -> store.keep(OWNER, 4, one)).isInstanceOf(ConflictException.class);
            assertThatThrownBy(() -> store.keep(Bytes.zeros(32), 1, one)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.keep(OWNER, 0, one)).isInstanceOf(IllegalArgumentException.class);
        }
        reboot();
        try (PartStore.Kept kept =
                new PartStore(vault, transactions).find(OWNER).orElseThrow()) {
            assertThat(kept.generation()).isEqualTo(5);
            assertThat(holds(kept.part(), 2)).isTrue();
        }
        vault.verify(Level.IDENTITY);
        database.execute("DELETE FROM vault_part");
        assertThatThrownBy(() -> new PartStore(vault, transactions).find(OWNER)).isInstanceOf(TamperedException.class);
    }

    @Test
    void findingWritesNothing() {
        try (SecretBytes secret = TestDatabase.secret(3)) {
            new PartStore(vault, transactions).keep(OWNER, 1, secret);
            new KeyShareStore(vault, transactions).save(new ShareInfo("share", 1, "signing"), secret);
        }
        unit.statements();
        new PartStore(vault, transactions).find(OWNER).orElseThrow().close();
        new KeyShareStore(vault, transactions).find("share").orElseThrow().close();
        assertThat(unit.statements()).hasSize(2).allMatch(it -> it.startsWith("select"));
    }

    @Test
    void keepsAndReplacesKeyShares() {
        KeyShareStore store = new KeyShareStore(vault, transactions);
        try (SecretBytes one = TestDatabase.secret(1);
                SecretBytes two = TestDatabase.secret(2)) {
            store.save(new ShareInfo("a", 1, "beacon"), one);
            store.save(new ShareInfo("a", 2, "beacon"), two);
        }
        reboot();
        store = new KeyShareStore(vault, transactions);
        try (SecretBytes share = store.find("a").orElseThrow()) {
            assertThat(holds(share, 2)).isTrue();
        }
        assertThat(store.find("b")).isEmpty();
        KeyShareStore last = store;
        try (SecretBytes large = SecretBytes.random((64 << 10) + 1)) {
            assertThatThrownBy(() -> last.save(new ShareInfo("x", 1, "y"), large))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> last.save(new ShareInfo("", 1, "y"), large))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesStateWhileOnlyTheIdentityIsOpen() {
        try (SecretBytes secret = TestDatabase.secret(1)) {
            new KeyShareStore(vault, transactions).save(new ShareInfo("a", 1, "signing"), secret);
        }
        vault.close();
        vault = database.open(Schema.VAULT);
        HibernateVault.attach(unit.factory(), vault);
        new IdentityStore(vault, transactions).open().close();
        assertThatThrownBy(() -> new KeyShareStore(vault, transactions).find("a"))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("STATE is not open");
    }

    @Test
    void keepsOneHeadForEachPeerAndDropsThoseWhoAreGone() {
        Bytes other = Bytes.hex("03" + "cd".repeat(32));
        PeerHeadStore store = new PeerHeadStore(vault);
        store.keep(Map.of(OWNER, Bytes.utf8("one"), other, Bytes.utf8("another")), List.of());
        store.keep(Map.of(OWNER, Bytes.utf8("two")), List.of(other));
        reboot();
        assertThat(new PeerHeadStore(vault).load()).isEqualTo(Map.of(OWNER, Bytes.utf8("two")));
    }

    @Test
    void keepingAPeersHeadDoesNotMoveTheOwnOne() {
        Head before = vault.head(Level.STATE);
        new PeerHeadStore(vault).keep(Map.of(OWNER, Bytes.utf8("one")), List.of());
        assertThat(vault.head(Level.STATE)).isEqualTo(before);
    }

    @Test
    void refusesAnOldHeadOfAPeerAndADeletedOne() {
        PeerHeadStore store = new PeerHeadStore(vault);
        store.keep(Map.of(OWNER, Bytes.utf8("one")), List.of());
        database.execute("CREATE TABLE old_head AS TABLE vault_peer_head");
        store.keep(Map.of(OWNER, Bytes.utf8("two")), List.of());
        database.execute("DELETE FROM vault_peer_head");
        assertThatThrownBy(store::load).isInstanceOf(TamperedException.class);
        database.execute("INSERT INTO vault_peer_head SELECT * FROM old_head");
        assertThatThrownBy(store::load)
                .isInstanceOfSatisfying(
                        TamperedException.class, e -> assertThat(e.table()).isEqualTo("vault_peer_head"));
    }

    @Test
    void keepsHeadsOfSoManyPeersAndNoMore() {
        PeerHeadStore store = new PeerHeadStore(vault);
        Map<Bytes, Bytes> many = new HashMap<>();
        for (int i = 0; i < PeerHeadStore.MAX_OWNERS; i++) {
            many.put(Bytes.hex("02%064x".formatted(i)), Bytes.utf8("head"));
        }
        store.keep(many, List.of());
        assertThatThrownBy(() -> store.keep(Map.of(OWNER, Bytes.utf8("one")), List.of()))
                .isInstanceOf(VaultException.class);
        assertThat(store.load()).hasSize(PeerHeadStore.MAX_OWNERS).doesNotContainKey(OWNER);
        Bytes tooLong = Bytes.zeros(PeerHeadStore.MAX_HEAD + 1);
        assertThatThrownBy(() -> store.keep(Map.of(OWNER, tooLong), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
