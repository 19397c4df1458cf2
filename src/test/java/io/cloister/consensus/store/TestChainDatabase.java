package io.cloister.consensus.store;

import io.cloister.codec.Bytes;
import io.cloister.vault.Level;
import io.cloister.vault.Schema;
import io.cloister.vault.TestDatabase;
import io.cloister.vault.store.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A database of one node with the vault's tables and the chain's, and what opens it again. */
public final class TestChainDatabase {
    private static final Schema SCHEMA = Schema.VAULT.plus(ConsensusTables.SCHEMA);

    private final TestDatabase database;
    private final TestDatabase.Peers peers;
    private final Bytes nodeId;

    private TestChainDatabase(TestDatabase database, TestDatabase.Peers peers, Bytes nodeId) {
        this.database = database;
        this.peers = peers;
        this.nodeId = nodeId;
    }

    public static TestChainDatabase fresh(Bytes nodeId) {
        TestDatabase database = TestDatabase.fresh();
        try (InputStream sql = TestChainDatabase.class.getResourceAsStream("/db/migration/V10__consensus.sql")) {
            database.execute(new String(Objects.requireNonNull(sql).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TestChainDatabase(database, new TestDatabase.Peers(), nodeId);
    }

    /** The same database again, for who wants to spoil it. Nobody may be connected. */
    public TestChainDatabase copy() {
        return new TestChainDatabase(database.copy(), peers, nodeId);
    }

    /** The vault with both levels open. */
    public Vault open() {
        Vault vault = database.open(SCHEMA);
        try {
            vault.openState(nodeId, peers);
            vault.enrol(Level.STATE);
            return vault;
        } catch (RuntimeException e) {
            vault.close();
            throw e;
        }
    }

    public TestDatabase database() {
        return database;
    }
}
