package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.View;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.ChainProfile;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.TransferHashes;
import io.cloister.multichain.bitcoin.GatewayScript;
import io.cloister.multichain.bitcoin.Guardians;

/** Registers gateways: what an address means is on the ledger before anybody pays to it. */
final class Gateways {
    private Gateways() {}

    /** Asks for a gateway. Everything that its hash covers is in it. */
    record Register(String asset, Bytes recipient, Bytes payload, Bytes nonce) {
        Bytes encode() {
            return new Writer()
                    .string(asset)
                    .fixed(recipient)
                    .bytes(payload)
                    .fixed(nonce)
                    .toBytes();
        }

        static Register decode(Bytes body) {
            Reader in = new Reader(body);
            Register register =
                    new Register(in.string(32), in.fixed(20), in.bytes(Gateway.MAX_PAYLOAD), in.fixed(32));
            in.end();
            return register;
        }
    }

    /** What registering would make, or why it is refused. */
    static Gateway plan(Register register, View state, Shard shard, long timeMillis) throws Refusal {
        Asset asset = BridgeState.asset(state, register.asset())
                .orElseThrow(() -> new Refusal("unknown-asset", "there is no asset " + register.asset()));
        if (register.recipient().equals(Bytes.zeros(20))) {
            throw new Refusal("recipient-is-zero", "nobody holds the zero address");
        }
        Point root = shard.rootKey(state)
                .orElseThrow(() -> new Refusal("shard-not-ready", "the shard's key has not been generated yet"));
        Bytes gHash = hash(asset, register);
        Point key = shard.derivedKey(root, Ids.gatewayPath(asset.symbol(), gHash));
        GatewayScript script = GatewayScript.of(profile(asset), gHash, key, guardians(asset));
        return new Gateway(
                gHash,
                asset.symbol(),
                register.recipient(),
                register.payload(),
                register.nonce(),
                timeMillis,
                timeMillis + asset.gatewayLifetimeMillis(),
                script);
    }

    static void register(Register register, Context context, Shard shard) throws Refusal {
        Gateway gateway = plan(register, context, shard, context.timeMillis());
        if (BridgeState.gateway(context, gateway.gHash()).isPresent()) {
            throw new Refusal("gateway-known", "the gateway is registered already");
        }
        BridgeState.GATEWAYS.put(context, gateway.gHash(), gateway);
        context.emit("bridge.gateway-registered", gateway.gHash());
    }

    static Bytes hash(Asset asset, Register register) {
        return TransferHashes.gatewayHash(
                TransferHashes.payloadHash(register.payload()),
                TransferHashes.selectorHash(asset.symbol(), destination(asset)),
                register.recipient(),
                register.nonce());
    }

    /** Script of the asset's vault. */
    static GatewayScript vault(Asset asset, View state, Shard shard) {
        Point root = shard.rootKey(state).orElseThrow();
        return GatewayScript.vault(
                profile(asset), shard.derivedKey(root, Ids.vaultPath(asset.symbol())), guardians(asset));
    }

    static BitcoinProfile profile(Asset asset) {
        if (ChainProfiles.named(asset.chain()) instanceof BitcoinProfile profile) {
            return profile;
        }
        throw new IllegalArgumentException(asset.chain() + " is not of the Bitcoin family");
    }

    static ChainProfile destination(Asset asset) {
        return ChainProfiles.named(asset.evmChain());
    }

    static Guardians guardians(Asset asset) {
        return new Guardians(
                asset.guardianThreshold(),
                asset.guardians().stream().map(Point::decode).toList());
    }
}
