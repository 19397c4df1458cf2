package io.cloister.vault.identity;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.SecretBytes;
import io.cloister.crypto.SecretScalar;
import io.cloister.crypto.SigningKey;
import io.cloister.vault.Cell;
import io.cloister.vault.Level;
import io.cloister.vault.Row;
import io.cloister.vault.Schema;
import io.cloister.vault.TamperedException;
import io.cloister.vault.hibernate.Transactions;
import io.cloister.vault.store.Vault;
import jakarta.persistence.EntityManager;
import java.util.Optional;
import org.hibernate.Session;

/** The node's identity: slot key, share-encryption key and boot counter, sealed at the identity level. */
public final class IdentityStore {
    private final Vault vault;
    private final Transactions transactions;

    public IdentityStore(Vault vault, Transactions transactions) {
        this.vault = vault;
        this.transactions = transactions;
    }

    /**
     * Loads the identity, or makes one with fresh keys when there is none, and counts this boot. The new boot counter
     * is durable when this returns. To be called once a boot, and the first thing in it: every row of the identity level
     * is checked, what is kept for peers as well.
     *
     * @throws TamperedException when the level is not what this node wrote last, or a row of it was deleted
     */
    public NodeIdentity open() {
        vault.verify(Level.IDENTITY);
        Opened opened = transactions.run(manager -> {
            durable(manager);
            return Optional.ofNullable(manager.find(IdentityEntity.class, IdentityEntity.SELF))
                    .map(this::nextBoot)
                    .orElseGet(() -> firstBoot(manager));
        });
        opened.entity().wipe();
        return opened.identity();
    }

    /** Makes the boot counter at least this, durably, so that the next boot's is higher. */
    public void raise(long counter) {
        IdentityEntity changed = transactions.run(manager -> {
            durable(manager);
            IdentityEntity entity = manager.find(IdentityEntity.class, IdentityEntity.SELF);
            if (counterOf(entity) < counter) {
                entity.bootCounter(counter(counter));
            }
            return entity;
        });
        changed.wipe();
    }

    /** The entity is wiped when the transaction is over. */
    private record Opened(NodeIdentity identity, IdentityEntity entity) {}

    private Opened firstBoot(EntityManager manager) {
        NodeIdentity identity = new NodeIdentity(SigningKey.generate(), SecretScalar.random(), 1);
        IdentityEntity entity = new IdentityEntity(
                identity.nodeId().toArray(),
                secret(identity.slotKey().export()),
                secret(identity.epochKey().export()),
                counter(1));
        manager.persist(entity);
        return new Opened(identity, entity);
    }

    private Opened nextBoot(IdentityEntity entity) {
        long counter = Math.addExact(counterOf(entity), 1);
        NodeIdentity identity = new NodeIdentity(key(entity.slotKey()), scalar(entity.epochKey()), counter);
        if (!identity.nodeId().equals(Bytes.of(entity.nodeId()))) {
            Row row = new Row(Schema.IDENTITY.name(), Bytes.utf8(IdentityEntity.SELF), entity.version());
            throw TamperedException.changed(new Cell(row, "node_id"), "is not the public half of the slot key");
        }
        entity.bootCounter(counter(counter));
        return new Opened(identity, entity);
    }

    /** Whatever the session's default is, this commit waits for the write-ahead log. */
    private static void durable(EntityManager manager) {
        manager.unwrap(Session.class).doWork(connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute("SET LOCAL synchronous_commit TO on");
            }
        });
    }

    private static long counterOf(IdentityEntity entity) {
        return new Reader(Bytes.of(entity.bootCounter())).u64();
    }

    private static byte[] counter(long value) {
        return new Writer().u64(value).toBytes().toArray();
    }

    private static byte[] secret(SecretBytes exported) {
        try (exported) {
            return exported.use(byte[]::clone);
        }
    }

    private static SigningKey key(byte[] secret) {
        try (SecretScalar scalar = scalar(secret)) {
            return SigningKey.of(scalar);
        }
    }

    private static SecretScalar scalar(byte[] secret) {
        try (SecretBytes bytes = SecretBytes.taking(secret.clone())) {
            return SecretScalar.decode(bytes);
        }
    }
}
