package io.cloister.crypto;

import io.cloister.codec.Bytes;

/**
 * One direction of an HPKE session (RFC 9180 section 5.2): messages in order under counter nonces, and exported
 * secrets. A message that does not open leaves the sequence where it was. Thread-safe; its keys are zeroed on close.
 */
public final class HpkeContext implements AutoCloseable {
    private final Bytes encapsulated;
    private final SecretBytes key;
    private final SecretBytes baseNonce;
    private final SecretBytes exporter;
    private final Aead aead;
    private long sequence;

    HpkeContext(Bytes encapsulated, SecretBytes key, SecretBytes baseNonce, SecretBytes exporter) {
        this.encapsulated = encapsulated;
        this.key = key;
        this.baseNonce = baseNonce;
        this.exporter = exporter;
        this.aead = new Aead(key);
    }

    /** The 32 bytes that the recipient needs to set its side up. */
    public Bytes encapsulated() {
        return encapsulated;
    }

    public synchronized Bytes seal(Bytes associatedData, Bytes plaintext) {
        Bytes sealed = aead.seal(nonce(), associatedData, plaintext);
        sequence++;
        return sealed;
    }

    synchronized Bytes sealSecret(Bytes associatedData, SecretBytes plaintext) {
        Bytes sealed = aead.sealSecret(nonce(), associatedData, plaintext);
        sequence++;
        return sealed;
    }

    /** @throws DecryptionException when this is not the next message of the session */
    public synchronized Bytes open(Bytes associatedData, Bytes ciphertext) {
        Bytes plaintext = aead.open(nonce(), associatedData, ciphertext);
        sequence++;
        return plaintext;
    }

    synchronized SecretBytes openSecret(Bytes associatedData, Bytes ciphertext) {
        SecretBytes plaintext = aead.openSecret(nonce(), associatedData, ciphertext);
        sequence++;
        return plaintext;
    }

    /** A secret both sides share, for a purpose named by the context: keys of the answering direction, for one. */
    public SecretBytes export(Bytes context, int length) {
        return Hpke.export(exporter, context, length);
    }

    private Bytes nonce() {
        return baseNonce.use(base -> {
            byte[] nonce = base.clone();
            for (int i = 0; i < 8; i++) {
                nonce[nonce.length - 1 - i] ^= (byte) (sequence >>> (8 * i));
            }
            return Bytes.wrap(nonce);
        });
    }

    @Override
    public void close() {
        key.close();
        baseNonce.close();
        exporter.close();
    }
}
