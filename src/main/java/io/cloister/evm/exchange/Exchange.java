package io.cloister.evm.exchange;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Aead;
import io.cloister.crypto.DecryptionException;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Hpke;
import io.cloister.crypto.HpkeContext;
import io.cloister.crypto.HpkeKey;
import io.cloister.crypto.SecretBytes;

/**
 * One private request and its answer: HPKE in mode base over DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. The
 * body of a request is {@code enc || ct}, info is {@code "cloister/evm/1" || u32 length || chain id || key id}. The
 * answer is sealed once under a key that the same context exports, padded to a multiple of {@value #PADDING} bytes.
 */
public final class Exchange implements AutoCloseable {
    /** Bytes of a key id. */
    public static final int KEY_ID = 8;

    static final int PADDING = 1_024;

    private static final Bytes REQUEST = Bytes.utf8("cloister/evm-request/v1");
    private static final Bytes ANSWER = Bytes.utf8("cloister/evm-answer/v1");
    private static final int KEY = 32;

    private final HpkeContext context;
    private final Bytes request;
    private final Bytes plaintext;

    private Exchange(HpkeContext context, Bytes request, Bytes plaintext) {
        this.context = context;
        this.request = request;
        this.plaintext = plaintext;
    }

    /** The first bytes of SHA-256 over a label and the public key. */
    public static Bytes keyId(Bytes publicKey) {
        return Hashes.sha256(Bytes.utf8("cloister/evm-key/v1"), publicKey).slice(0, KEY_ID);
    }

    public static Bytes info(String chainId, Bytes publicKey) {
        return new Writer()
                .fixed(Bytes.utf8("cloister/evm/1"))
                .string(chainId)
                .fixed(keyId(publicKey))
                .toBytes();
    }

    /** The client's side: seals a request. */
    public static Exchange begin(Bytes publicKey, String chainId, Bytes plaintext) {
        HpkeContext context = Hpke.sender(publicKey, info(chainId, publicKey));
        Bytes sealed = Bytes.concat(context.encapsulated(), context.seal(REQUEST, plaintext));
        return new Exchange(context, sealed, plaintext);
    }

    /**
     * The node's side: opens a request.
     *
     * @throws DecryptionException when it was not sealed to this key for this chain
     */
    public static Exchange accept(HpkeKey key, String chainId, Bytes sealed) {
        if (sealed.length() < Hpke.ENCAPSULATED_LENGTH) {
            throw new DecryptionException("a sealed request is longer than its key");
        }
        HpkeContext context =
                Hpke.recipient(key, sealed.slice(0, Hpke.ENCAPSULATED_LENGTH), info(chainId, key.publicKey()));
        try {
            int length = sealed.length() - Hpke.ENCAPSULATED_LENGTH;
            return new Exchange(context, sealed, context.open(REQUEST, sealed.slice(Hpke.ENCAPSULATED_LENGTH, length)));
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    /** The body of the request. */
    public Bytes request() {
        return request;
    }

    public Bytes requestHash() {
        return Hashes.sha256(request);
    }

    /** What the client wants; a secret of the client. */
    public Bytes plaintext() {
        return plaintext;
    }

    /** The node's side: seals the answer. To be called once. */
    public Bytes answer(SignedResult result) {
        Bytes encoded = result.encode();
        Bytes framed = new Writer().bytes(encoded).toBytes();
        int padding = Math.floorMod(-framed.length(), PADDING);
        try (SecretBytes key = context.export(ANSWER, KEY)) {
            return new Aead(key).seal(nonce(), requestHash(), Bytes.concat(framed, Bytes.zeros(padding)));
        }
    }

    /**
     * The client's side: opens the answer.
     *
     * @throws DecryptionException when it is not the answer to this request
     */
    public SignedResult open(Bytes sealed) {
        try (SecretBytes key = context.export(ANSWER, KEY)) {
            Bytes framed = new Aead(key).open(nonce(), requestHash(), sealed);
            Reader in = new Reader(new Reader(framed).bytes(SignedResult.MAX_RESULT + PADDING));
            SignedResult result = SignedResult.decode(in);
            in.end();
            return result;
        }
    }

    /** The key is new for each request and seals one answer only. */
    private static Bytes nonce() {
        return Bytes.zeros(12);
    }

    @Override
    public void close() {
        context.close();
    }
}
