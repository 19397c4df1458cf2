package io.cloister.attestation;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;

/**
 * The public keys of one boot of one node, all bound by each of its reports.
 *
 * @param chainId the network's name, 1 to 64 characters of printable ASCII
 * @param nodeId compressed secp256k1 slot key, 33 bytes
 * @param bootCounter strictly rising over the boots of a node
 * @param tlsSpki SHA-256 of the TLS certificate's SubjectPublicKeyInfo, 32 bytes
 * @param voteKey33 compressed secp256k1 key that signs votes
 * @param shareKey33 compressed secp256k1 key that presignature dealings are encrypted to
 * @param hpkeKey32 X25519 key that clients seal requests to
 * @param resultKey33 compressed secp256k1 key that signs results
 */
public record BootKeySet(
        String chainId,
        Bytes nodeId,
        long bootCounter,
        Bytes tlsSpki,
        Bytes voteKey33,
        Bytes shareKey33,
        Bytes hpkeKey32,
        Bytes resultKey33) {
    /** Characters of a chain id, at most. */
    public static final int MAX_CHAIN_ID = 64;

    private static final Bytes LABEL = Bytes.utf8("cloister/boot-keys/v1");

    public BootKeySet {
        if (chainId.isEmpty()
                || chainId.length() > MAX_CHAIN_ID
                || !chainId.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new CodecException(Reason.BAD_TEXT, "a chain id has 1 to 64 printable ASCII characters");
        }
        if (bootCounter < 0) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a boot counter of " + bootCounter);
        }
        requireLength(nodeId, 33, "node id");
        requireLength(tlsSpki, 32, "TLS key digest");
        requireLength(voteKey33, 33, "vote key");
        requireLength(shareKey33, 33, "share-encryption key");
        requireLength(hpkeKey32, 32, "HPKE key");
        requireLength(resultKey33, 33, "result-signing key");
    }

    private static void requireLength(Bytes key, int length, String what) {
        if (key.length() != length) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a " + what + " of " + key.length() + " bytes");
        }
    }

    /** The same boot with the HPKE key of another hour. */
    public BootKeySet withHpkeKey(Bytes key32) {
        return new BootKeySet(chainId, nodeId, bootCounter, tlsSpki, voteKey33, shareKey33, key32, resultKey33);
    }

    /** The canonical encoding: string, 33, u64, 32, 33, 33, 32, 33. */
    public Bytes encode() {
        Writer writer = new Writer();
        encode(writer);
        return writer.toBytes();
    }

    public void encode(Writer writer) {
        writer.string(chainId)
                .fixed(nodeId)
                .u64(bootCounter)
                .fixed(tlsSpki)
                .fixed(voteKey33)
                .fixed(shareKey33)
                .fixed(hpkeKey32)
                .fixed(resultKey33);
    }

    public static BootKeySet decode(Reader reader) {
        return new BootKeySet(
                reader.string(MAX_CHAIN_ID),
                reader.fixed(33),
                reader.u64(),
                reader.fixed(32),
                reader.fixed(33),
                reader.fixed(33),
                reader.fixed(32),
                reader.fixed(33));
    }

    /** SHA-256("cloister/boot-keys/v1" || encoding): H(keys) of the report layout. */
    public Bytes hash() {
        return Hashes.sha256(LABEL, encode());
    }
}
