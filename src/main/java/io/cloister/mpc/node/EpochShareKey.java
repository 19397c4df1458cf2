package io.cloister.mpc.node;

import io.cloister.crypto.SecretBytes;
import io.cloister.mpc.KeyShareStore;
import io.cloister.mpc.dealing.ShareKey;
import java.util.Optional;

/** E_key: this node's share-encryption key of an epoch, made once and then read from the sealed store. */
public final class EpochShareKey {
    private static final String ID = "share-encryption";

    private EpochShareKey() {}

    /** The stored key, or a new one that is durable before this returns; its id is what membership registers. */
    public static ShareKey loadOrCreate(KeyShareStore store, long epoch) {
        Optional<SecretBytes> stored = store.get(ID, epoch);
        if (stored.isPresent()) {
            try (SecretBytes secret = stored.get()) {
                return ShareKey.restore(secret);
            }
        }
        ShareKey fresh = ShareKey.generate();
        try (SecretBytes secret = fresh.export()) {
            store.put(ID, epoch, secret);
        }
        return fresh;
    }
}
