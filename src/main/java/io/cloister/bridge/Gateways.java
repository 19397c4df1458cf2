package io.cloister.bridge;

import io.cloister.bridge.BridgeState.Unused;
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
import java.util.Optional;

/** Registers gateways: what an address means is on the ledger before anybody pays to it. */
final class Gateways {
    /** How long after its expiry a gateway without a deposit is kept: the week after which guardians can spend. */
    static final long GRACE_MILLIS = 7 * 86_400_000L;

    /** Most bytes of gateways without a deposit that one node may have registered. */
    static final long MAX_UNUSED_BYTES = 4L << 20;

    private static final int MAX_PRUNED = 64;

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
            Register register = new Register(in.string(32), in.fixed(20), in.bytes(Gateway.MAX_PAYLOAD), in.fixed(32));
            in.end();
            return register;
        }
    }

    /** What registering would make, or why it is refused. */
    static Gateway plan(Register register, View state, Shard shard, long timeMillis) throws Refusal {
        Asset asset = BridgeState.asset(state, register.asset())
                .orElseThrow(() -> new Refusal("unknown-asset", "there is no asset " + register.asset()));
        requireRecipient(register);
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
        Optional<Gateway> expired = requireNone(gateway.gHash(), context, context.timeMillis());
        if (expired.isEmpty()) {
            remember(gateway, context);
        } else {
            renew(expired.get(), gateway.expiryMillis(), context);
        }
        context.emit("bridge.gateway-registered", gateway.gHash());
    }

    /**
     * Refuses what takes deposits already.
     *
     * @return the gateway, if it has expired: registered again it takes deposits again
     */
    static Optional<Gateway> requireNone(Bytes gHash, View state, long nowMillis) throws Refusal {
        Optional<Gateway> known = BridgeState.gateway(state, gHash);
        if (known.isPresent() && nowMillis <= known.get().expiryMillis()) {
            throw new Refusal("gateway-known", "the gateway is registered already");
        }
        return known;
    }

    /** One that nobody has paid to counts from now on as the renewing node's. */
    private static void renew(Gateway expired, long expiryMillis, Context context) throws Refusal {
        Gateway renewed = expired.until(expiryMillis);
        Optional<Unused> unused = BridgeState.UNUSED.get(context, unusedKey(expired));
        if (unused.isPresent()) {
            release(unused.get(), unusedKey(expired), context);
            remember(renewed, context);
        } else {
            BridgeState.GATEWAYS.put(context, renewed.gHash(), renewed);
        }
    }

    static void requireRecipient(Register register) throws Refusal {
        if (register.recipient().equals(Bytes.zeros(20))) {
            throw new Refusal("recipient-is-zero", "nobody holds the zero address");
        }
    }

    /** A gateway costs its owner nothing, so each node may have only so many bytes of them that nobody has paid to. */
    private static void remember(Gateway gateway, Context context) throws Refusal {
        Bytes node = context.sender().orElseThrow().nodeId();
        BridgeState.GATEWAYS.put(context, gateway.gHash(), gateway);
        Writer encoded = new Writer();
        gateway.encode(encoded);
        Unused unused = new Unused(gateway.gHash(), node, encoded.toBytes().length());
        long quota = BridgeState.QUOTAS.get(context, node).orElse(0L) + unused.size();
        if (quota > MAX_UNUSED_BYTES) {
            throw new Refusal("too-many-gateways", "this node has too many gateways that nobody has paid to");
        }
        BridgeState.QUOTAS.put(context, node, quota);
        BridgeState.UNUSED.put(context, unusedKey(gateway), unused);
    }

    /** A gateway that was paid to stays for ever. */
    static void use(Gateway gateway, Context context) {
        BridgeState.UNUSED
                .get(context, unusedKey(gateway))
                .ifPresent(unused -> release(unused, unusedKey(gateway), context));
    }

    /** Forgets gateways that expired long ago without a deposit, a few in each block; they can be registered again. */
    static void prune(Context context) {
        for (Bytes key : BridgeState.UNUSED.keys(context, Bytes.EMPTY, MAX_PRUNED)) {
            if (new Reader(key.slice(0, Long.BYTES)).u64() + GRACE_MILLIS >= context.timeMillis()) {
                return;
            }
            Unused unused = BridgeState.UNUSED.get(context, key).orElseThrow();
            release(unused, key, context);
            BridgeState.GATEWAYS.remove(context, unused.gHash());
        }
    }

    private static void release(Unused unused, Bytes key, Context context) {
        BridgeState.UNUSED.remove(context, key);
        long quota = BridgeState.QUOTAS.get(context, unused.node()).orElse(0L) - unused.size();
        if (quota == 0) {
            BridgeState.QUOTAS.remove(context, unused.node());
        } else {
            BridgeState.QUOTAS.put(context, unused.node(), quota);
        }
    }

    private static Bytes unusedKey(Gateway gateway) {
        return new Writer().u64(gateway.expiryMillis()).fixed(gateway.gHash()).toBytes();
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
