package io.cloister.api;

import io.cloister.bridge.Asset;
import io.cloister.bridge.Gateway;
import io.cloister.crypto.EthereumAddress;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.ChainProfiles;
import java.util.List;

/** A gateway with all that its address commits to. */
record GatewayView(
        String gHash,
        String asset,
        String from,
        String to,
        String recipient,
        String payload,
        String nonce,
        String address,
        String script,
        String outputScript,
        String shardKey,
        String created,
        String expiry,
        boolean expired,
        String minimum,
        FeeView fee,
        GuardiansView guardians) {
    /** Relative locks of gateways count time in units of 512 seconds (BIP-68). */
    private static final long LOCK_MASK = 0xffff;

    private static final long LOCK_UNIT_SECONDS = 512;

    record FeeView(int bridgeBps) {}

    /** @param afterSeconds age of an output at which guardians can spend it */
    record GuardiansView(int threshold, List<String> keys, long afterSeconds) {}

    static GatewayView of(Gateway gateway, Asset asset, long nowMillis) {
        BitcoinProfile home = home(asset);
        return new GatewayView(
                gateway.gHash().to0x(),
                asset.symbol(),
                asset.chain(),
                asset.evmChain(),
                EthereumAddress.checksum(gateway.recipient()),
                gateway.payload().to0x(),
                gateway.nonce().to0x(),
                gateway.script().address(home),
                gateway.script().script().to0x(),
                gateway.script().output().to0x(),
                gateway.script().shardKey().encode().to0x(),
                Chain.time(gateway.createdMillis()),
                Chain.time(gateway.expiryMillis()),
                nowMillis > gateway.expiryMillis(),
                Long.toString(asset.minimumDeposit()),
                new FeeView(asset.mintFeeBps()),
                guardians(gateway));
    }

    private static GuardiansView guardians(Gateway gateway) {
        var guardians = gateway.script().guardians();
        return new GuardiansView(
                guardians.threshold(),
                guardians.keys().stream().map(k -> k.encode().to0x()).toList(),
                (gateway.script().recoverySequence() & LOCK_MASK) * LOCK_UNIT_SECONDS);
    }

    /** Profile of the chain that the asset lives on. */
    static BitcoinProfile home(Asset asset) {
        if (ChainProfiles.named(asset.chain()) instanceof BitcoinProfile profile) {
            return profile;
        }
        throw new IllegalStateException(asset.chain() + " is not of the Bitcoin family");
    }
}
