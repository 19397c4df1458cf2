package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.multichain.bitcoin.OutPoint;
import java.util.List;

/** Ids and key paths of the bridge, each under a label of its own. */
final class Ids {
    private Ids() {}

    /** 36 bytes: txid in wire order and the index. */
    static Bytes key(OutPoint outpoint) {
        Writer out = new Writer();
        outpoint.encode(out);
        return out.toBytes();
    }

    /** A burn is named by its number at the gateway contract, which counts every burn once. */
    static Bytes transfer(Asset asset, long burnNonce) {
        return Hashes.sha256(new Writer()
                .string("cloister/transfer/v1")
                .u64(asset.evmChainId())
                .fixed(asset.gatewayContract())
                .u64(burnNonce)
                .toBytes());
    }

    static Bytes consolidation(Asset asset, Bytes txid) {
        return Hashes.sha256(new Writer()
                .string("cloister/consolidation/v1")
                .string(asset.symbol())
                .fixed(txid)
                .toBytes());
    }

    /** The digest is part of the id, so a plan that is made anew asks anew. */
    static Bytes releaseRequest(Bytes transfer, int input, Bytes digest) {
        return Hashes.sha256(new Writer()
                .string("cloister/release-request/v1")
                .fixed(transfer)
                .u32(input)
                .fixed(digest)
                .toBytes());
    }

    static Bytes mintRequest(Bytes nHash) {
        return Hashes.sha256(
                new Writer().string("cloister/mint-request/v1").fixed(nHash).toBytes());
    }

    /** Path of the key that a gateway's outputs are locked under. */
    static List<Bytes> gatewayPath(String asset, Bytes gHash) {
        return List.of(Bytes.utf8("cloister/gateway/v1"), Bytes.utf8(asset), gHash);
    }

    /** Path of the key of an asset's vault, where change goes. */
    static List<Bytes> vaultPath(String asset) {
        return List.of(Bytes.utf8("cloister/vault/v1"), Bytes.utf8(asset));
    }
}
