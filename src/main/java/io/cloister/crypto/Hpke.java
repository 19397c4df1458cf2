package io.cloister.crypto;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;

/**
 * HPKE (RFC 9180) in mode base with DHKEM(X25519, HKDF-SHA256) 0x0020, HKDF-SHA256 0x0001 and AES-256-GCM 0x0002. A
 * single shot is the 32-byte encapsulated key followed by the ciphertext.
 */
public final class Hpke {
    /** Length of the encapsulated key in front of a sealed message. */
    public static final int ENCAPSULATED_LENGTH = 32;

    private static final Bytes VERSION = Bytes.utf8("HPKE-v1");
    private static final Bytes KEM_SUITE = Bytes.concat(Bytes.utf8("KEM"), Bytes.hex("0020"));
    private static final Bytes SUITE = Bytes.concat(Bytes.utf8("HPKE"), Bytes.hex("002000010002"));

    private Hpke() {}

    public static HpkeKey generate() {
        return HpkeKey.generate();
    }

    /** Seals one message to a public key of 32 bytes: enc || ct, 48 bytes more than the plaintext. */
    public static Bytes seal(Bytes publicKey, Bytes info, Bytes associatedData, Bytes plaintext) {
        try (HpkeContext context = sender(publicKey, info)) {
            return Bytes.concat(context.encapsulated(), context.seal(associatedData, plaintext));
        }
    }

    /** Seals one secret, which stays open. */
    public static Bytes sealSecret(Bytes publicKey, Bytes info, Bytes associatedData, SecretBytes plaintext) {
        try (HpkeContext context = sender(publicKey, info)) {
            return Bytes.concat(context.encapsulated(), context.sealSecret(associatedData, plaintext));
        }
    }

    /** @throws DecryptionException when the message was not sealed to this key with this info and associated data */
    public static Bytes open(HpkeKey key, Bytes info, Bytes associatedData, Bytes sealed) {
        try (HpkeContext context = recipient(key, encapsulated(sealed), info)) {
            return context.open(associatedData, ciphertext(sealed));
        }
    }

    /** Opens one secret, with the same error as {@link #open}. */
    public static SecretBytes openSecret(HpkeKey key, Bytes info, Bytes associatedData, Bytes sealed) {
        try (HpkeContext context = recipient(key, encapsulated(sealed), info)) {
            return context.openSecret(associatedData, ciphertext(sealed));
        }
    }

    /** The sender's side of a session with a fresh ephemeral key. */
    public static HpkeContext sender(Bytes publicKey, Bytes info) {
        try (HpkeKey ephemeral = HpkeKey.generate()) {
            return sender(publicKey, info, ephemeral);
        }
    }

    static HpkeContext sender(Bytes publicKey, Bytes info, HpkeKey ephemeral) {
        Scalar.requireLength(publicKey, ENCAPSULATED_LENGTH);
        try (SecretBytes shared = sharedSecret(ephemeral, publicKey, ephemeral.publicKey(), publicKey)) {
            return schedule(shared, info, ephemeral.publicKey());
        }
    }

    /** The recipient's side of a session, from the encapsulated key that its sender gave. */
    public static HpkeContext recipient(HpkeKey key, Bytes encapsulated, Bytes info) {
        Scalar.requireLength(encapsulated, ENCAPSULATED_LENGTH);
        try (SecretBytes shared = sharedSecret(key, encapsulated, encapsulated, key.publicKey())) {
            return schedule(shared, info, encapsulated);
        }
    }

    // RFC 9180 section 4.1, ExtractAndExpand
    static SecretBytes sharedSecret(HpkeKey own, Bytes peer, Bytes encapsulated, Bytes recipient) {
        try (SecretBytes agreed = own.agree(peer);
                SecretBytes extracted = extract(KEM_SUITE, Bytes.EMPTY, "eae_prk", agreed)) {
            return expand(KEM_SUITE, extracted, "shared_secret", Bytes.concat(encapsulated, recipient), 32);
        }
    }

    // RFC 9180 section 5.1, KeySchedule with mode 0 and no pre-shared key
    private static HpkeContext schedule(SecretBytes shared, Bytes info, Bytes encapsulated) {
        Bytes noKeyId = publicExtract("psk_id_hash", Bytes.EMPTY);
        Bytes context = Bytes.concat(Bytes.zeros(1), noKeyId, publicExtract("info_hash", info));
        try (SecretBytes none = SecretBytes.taking(new byte[0]);
                SecretBytes secret = shared.use(salt -> extract(SUITE, Bytes.of(salt), "secret", none))) {
            SecretBytes key = expand(SUITE, secret, "key", context, Aead.KEY_LENGTH);
            SecretBytes nonce = expand(SUITE, secret, "base_nonce", context, Aead.NONCE_LENGTH);
            SecretBytes exporter = expand(SUITE, secret, "exp", context, 32);
            return new HpkeContext(encapsulated, key, nonce, exporter);
        }
    }

    /** Session secrets for other uses (RFC 9180 section 5.3). */
    static SecretBytes export(SecretBytes exporter, Bytes context, int length) {
        return expand(SUITE, exporter, "sec", context, length);
    }

    // LabeledExtract
    private static SecretBytes extract(Bytes suite, Bytes salt, String label, SecretBytes keyMaterial) {
        byte[] prefix = Bytes.concat(VERSION, suite, Bytes.utf8(label)).toArray();
        return keyMaterial.use(secret -> SecretBytes.taking(Hkdf.extract(salt.toArray(), prefix, secret)));
    }

    private static Bytes publicExtract(String label, Bytes keyMaterial) {
        byte[] prefix = Bytes.concat(VERSION, SUITE, Bytes.utf8(label)).toArray();
        return Bytes.wrap(Hkdf.extract(new byte[0], prefix, keyMaterial.toArray()));
    }

    // LabeledExpand
    private static SecretBytes expand(Bytes suite, SecretBytes secret, String label, Bytes info, int length) {
        Bytes labeled = new Writer()
                .u16(length)
                .fixed(VERSION)
                .fixed(suite)
                .fixed(Bytes.utf8(label))
                .fixed(info)
                .toBytes();
        return secret.use(key -> SecretBytes.taking(Hkdf.expand(key, labeled.toArray(), length)));
    }

    private static Bytes encapsulated(Bytes sealed) {
        if (sealed.length() < ENCAPSULATED_LENGTH + Aead.TAG_LENGTH) {
            throw new DecryptionException("a sealed message of only " + sealed.length() + " bytes");
        }
        return sealed.slice(0, ENCAPSULATED_LENGTH);
    }

    private static Bytes ciphertext(Bytes sealed) {
        return sealed.slice(ENCAPSULATED_LENGTH, sealed.length() - ENCAPSULATED_LENGTH);
    }
}
