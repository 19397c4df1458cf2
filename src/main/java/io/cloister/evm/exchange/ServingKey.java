package io.cloister.evm.exchange;

import io.cloister.codec.Bytes;
import io.cloister.crypto.DecryptionException;
import io.cloister.crypto.Hpke;
import io.cloister.crypto.HpkeKey;

/** One key that requests are sealed to, with what was served under it. Thread-safe. */
public final class ServingKey implements AutoCloseable {
    private final HpkeKey key = Hpke.generate();
    private final ReplayCache seen = new ReplayCache();
    private boolean closed;

    ServingKey() {}

    /** Whether a request may be served. */
    public enum Freshness {
        NEW,
        /** It was served before. */
        SEEN,
        /** The key has served all that it can remember. */
        FULL
    }

    /** 32 bytes (RFC 7748). */
    public Bytes publicKey() {
        return key.publicKey();
    }

    /**
     * Opens a request.
     *
     * @throws DecryptionException when it was not sealed to this key for this chain, or the key's time is over
     */
    public synchronized Exchange accept(String chainId, Bytes sealed) {
        if (closed) {
            throw new DecryptionException("the key is gone");
        }
        return Exchange.accept(key, chainId, sealed);
    }

    /** Remembers a request that was opened. The seal proves the sender, so strangers cannot fill the memory for others. */
    public Freshness remember(Exchange accepted) {
        return seen.add(accepted.request().slice(0, Hpke.ENCAPSULATED_LENGTH));
    }

    @Override
    public synchronized void close() {
        closed = true;
        key.close();
    }
}
