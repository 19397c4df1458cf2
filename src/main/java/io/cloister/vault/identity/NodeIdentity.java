package io.cloister.vault.identity;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretScalar;
import io.cloister.crypto.SigningKey;

/** Who this node is, for the length of one boot. Closing it zeroes its keys. */
public final class NodeIdentity implements AutoCloseable {
    private final SigningKey slotKey;
    private final SecretScalar epochKey;
    private final long bootCounter;

    NodeIdentity(SigningKey slotKey, SecretScalar epochKey, long bootCounter) {
        this.slotKey = slotKey;
        this.epochKey = epochKey;
        this.bootCounter = bootCounter;
    }

    /** The compressed public slot key, 33 bytes. */
    public Bytes nodeId() {
        return slotKey.id();
    }

    public SigningKey slotKey() {
        return slotKey;
    }

    /** The secret half of the share-encryption key of the first epoch; it must be known before there is a state level. */
    public SecretScalar epochKey() {
        return epochKey;
    }

    /** 1 at the first boot, higher at each one after. */
    public long bootCounter() {
        return bootCounter;
    }

    @Override
    public void close() {
        slotKey.close();
        epochKey.close();
    }
}
