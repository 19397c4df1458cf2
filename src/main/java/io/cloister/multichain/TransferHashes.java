package io.cloister.multichain;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;

/**
 * The four hashes that name a transfer, as RenVM's clients compute them. H is Keccak-256; {@code ||} joins bytes
 * without lengths, which is unambiguous because every part but the recipient is 32 bytes and the recipient has the
 * fixed length of its chain.
 */
public final class TransferHashes {
    private TransferHashes() {}

    /** pHash = H(payload). The empty payload has one too. */
    public static Bytes payloadHash(Bytes payload) {
        return Hashes.keccak256(payload);
    }

    /** sHash = H("ASSET/toCHAIN"), for example {@code LTC/toEthereum}. */
    public static Bytes selectorHash(String asset, ChainProfile destination) {
        return Hashes.keccak256(Bytes.utf8(asset + "/to" + destination.selectorName()));
    }

    /**
     * gHash = H(pHash || sHash || to || nonce): the gateway, and the constant pushed by its script.
     *
     * @param to recipient in the destination chain's own bytes (20 for Ethereum), not padded
     */
    public static Bytes gatewayHash(Bytes payloadHash, Bytes selectorHash, Bytes to, Bytes nonce) {
        return Hashes.keccak256(
                exactly(payloadHash, "pHash"), exactly(selectorHash, "sHash"), to, exactly(nonce, "nonce"));
    }

    /**
     * nHash = H(nonce || txid || u32be(index)): the deposit. A contract mints once for each.
     *
     * @param txid in wire order, the reverse of what explorers show
     */
    public static Bytes depositHash(Bytes nonce, Bytes txid, long index) {
        return Hashes.keccak256(
                exactly(nonce, "nonce"),
                exactly(txid, "txid"),
                new Writer().u32(index).toBytes());
    }

    private static Bytes exactly(Bytes value, String what) {
        if (value.length() != 32) {
            throw new IllegalArgumentException(what + " has 32 bytes, not " + value.length());
        }
        return value;
    }
}
