package io.cloister.vault.identity;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;

/** Who this node is, for the length of one boot. Closing it zeroes both keys. */
public final class NodeIdentity implements AutoCloseable {
    private final SigningKey slotKey;
    private final SigningKey voteKey;
    private final long bootCounter;

    NodeIdentity(SigningKey slotKey, SigningKey voteKey, long bootCounter) {
        this.slotKey = slotKey;
        this.voteKey = voteKey;
        this.bootCounter = bootCounter;
    }

    /** The compressed public slot key, 33 bytes. */
    public Bytes nodeId() {
        return slotKey.id();
    }

    public SigningKey slotKey() {
        return slotKey;
    }

    public SigningKey voteKey() {
        return voteKey;
    }

    /** 1 at the first boot, higher at each one after. */
    public long bootCounter() {
        return bootCounter;
    }

    @Override
    public void close() {
        slotKey.close();
        voteKey.close();
    }
}
