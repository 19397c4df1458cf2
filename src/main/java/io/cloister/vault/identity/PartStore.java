package io.cloister.vault.identity;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.vault.ConflictException;
import io.cloister.vault.Schema;
import io.cloister.vault.VaultException;
import io.cloister.vault.hibernate.Transactions;
import io.cloister.vault.store.Vault;
import jakarta.persistence.EntityManager;
import java.security.MessageDigest;
import java.util.Optional;
import org.hibernate.Session;

/** What this node keeps for its peers, under its own local seal. */
public final class PartStore {
    /** The longest part, in bytes. */
    public static final int MAX_PART = 1024;

    /** The most peers that parts are kept for. */
    public static final int MAX_OWNERS = 1024;

    private final Vault vault;
    private final Transactions transactions;

    public PartStore(Vault vault, Transactions transactions) {
        this.vault = vault;
        this.transactions = transactions;
    }

    /** A part as it is kept; the caller closes it. */
    public record Kept(long generation, SecretBytes part) implements AutoCloseable {
        @Override
        public void close() {
            part.close();
        }
    }

    /**
     * Keeps a part durably, in the place of one of an older generation. The same part once more changes nothing.
     *
     * @param owner the peer's node id, 33 bytes
     * @param generation 1 or higher; the owner counts it
     * @param part stays the caller's to close
     * @throws ConflictException when a part of this generation with other content, or a newer one, is kept already
     */
    public void keep(Bytes owner, long generation, SecretBytes part) {
        if (owner.length() != 33 || generation < 1 || part.length() == 0 || part.length() > MAX_PART) {
            throw new IllegalArgumentException("no part of a peer");
        }
        PartEntity entity = transactions.run(manager -> {
            PartEntity kept = Optional.ofNullable(manager.find(PartEntity.class, owner.toHex()))
                    .orElseGet(() -> fresh(manager, owner));
            if (generation < kept.generation()) {
                throw new ConflictException("generation " + kept.generation() + " is kept already");
            }
            boolean same = part.use(bytes -> MessageDigest.isEqual(bytes, kept.part()));
            if (generation == kept.generation() && !same) {
                throw new ConflictException("another part of generation " + generation + " is kept already");
            }
            if (generation > kept.generation()) {
                kept.replace(generation, part.use(byte[]::clone));
                if (!manager.contains(kept)) {
                    manager.persist(kept);
                }
            }
            return kept;
        });
        entity.wipe();
    }

    /**
     * The part kept for a peer. The whole table is checked, so that neither a deleted part is taken for one never kept
     * nor an old one for the latest.
     *
     * @throws io.cloister.vault.TamperedException with the row that is not what this node wrote last
     */
    public Optional<Kept> find(Bytes owner) {
        vault.verify(Schema.PART);
        return transactions.run(manager -> {
            manager.unwrap(Session.class).setDefaultReadOnly(true);
            return Optional.ofNullable(manager.find(PartEntity.class, owner.toHex()))
                    .map(it -> new Kept(it.generation(), SecretBytes.taking(it.part())));
        });
    }

    private static PartEntity fresh(EntityManager manager, Bytes owner) {
        long owners = manager.createQuery("select count(p) from VaultPart p", Long.class)
                .getSingleResult();
        if (owners >= MAX_OWNERS) {
            throw new VaultException("parts are kept for " + owners + " peers, no more are taken");
        }
        return new PartEntity(owner.toHex());
    }
}
