package io.cloister.vault.identity;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.vault.KeyShares;
import io.cloister.vault.Schema;
import io.cloister.vault.hibernate.Transactions;
import io.cloister.vault.store.Vault;
import java.util.Optional;
import org.hibernate.Session;

/** Key shares as sealed entities at the state level. */
public final class KeyShareStore implements KeyShares {
    private static final int MAX_ID = 128;
    private static final int MAX_KIND = 32;

    private final Vault vault;
    private final Transactions transactions;

    public KeyShareStore(Vault vault, Transactions transactions) {
        this.vault = vault;
        this.transactions = transactions;
    }

    @Override
    public void save(ShareInfo info, SecretBytes share) {
        requireLength(info.id(), MAX_ID);
        requireLength(info.kind(), MAX_KIND);
        if (info.epoch() < 0 || share.length() == 0 || share.length() > MAX_SHARE) {
            throw new IllegalArgumentException("no key share");
        }
        KeyShareEntity entity = transactions.run(manager -> {
            KeyShareEntity kept = Optional.ofNullable(manager.find(KeyShareEntity.class, info.id()))
                    .orElseGet(() -> new KeyShareEntity(info.id()));
            kept.replace(info, share.use(byte[]::clone));
            if (!manager.contains(kept)) {
                manager.persist(kept);
            }
            return kept;
        });
        entity.wipe();
    }

    @Override
    public Optional<SecretBytes> find(String id) {
        Optional<SecretBytes> share = transactions.run(manager -> {
            manager.unwrap(Session.class).setDefaultReadOnly(true);
            return Optional.ofNullable(manager.find(KeyShareEntity.class, id))
                    .map(it -> SecretBytes.taking(it.share()));
        });
        if (share.isEmpty()) {
            vault.verify(Schema.KEY_SHARE);
        }
        return share;
    }

    private static void requireLength(String text, int max) {
        int length = Bytes.utf8(text).length();
        if (length == 0 || length > max) {
            throw new IllegalArgumentException("a name of " + length + " bytes, at most " + max);
        }
    }
}
