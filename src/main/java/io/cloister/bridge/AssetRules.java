package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Point;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.EthereumProfile;
import io.cloister.multichain.bitcoin.FeePolicy;
import io.cloister.multichain.bitcoin.GatewayCoin;
import io.cloister.multichain.bitcoin.GatewayScript;
import io.cloister.multichain.bitcoin.OutPoint;
import java.util.List;

/** What an asset must be to be carried at all. */
final class AssetRules {
    /** Forms of the longest scripts with the highest dust limits: a key hash, and the longest witness program. */
    private static final List<Bytes> COSTLY = List.of(
            Bytes.concat(Bytes.hex("76a914"), Bytes.zeros(20), Bytes.hex("88ac")),
            Bytes.concat(Bytes.hex("6028"), Bytes.zeros(40)));

    private AssetRules() {}

    /** @throws IllegalArgumentException naming what does not fit together */
    static void requireUsable(Asset asset) {
        BitcoinProfile home = Gateways.profile(asset);
        home.requireServable();
        if (!(Gateways.destination(asset) instanceof EthereumProfile evm) || evm.chainId() != asset.evmChainId()) {
            throw new IllegalArgumentException(asset.evmChain() + " is no EVM chain with id " + asset.evmChainId());
        }
        evm.requireServable();
        if (home.confirmations().cap() - home.confirmations().floor() > Inclusion.MAX_ABOVE) {
            throw new IllegalArgumentException(asset.chain() + " asks for more headers than a report may carry");
        }
        if (asset.feeRateCap() < home.minimumFeeRate() || asset.feeRateFloor() > home.maximumFeeRate()) {
            throw new IllegalArgumentException("no fee rate suits both " + asset.symbol() + " and " + asset.chain());
        }
        GatewayScript vault = GatewayScript.vault(home, Point.G, Gateways.guardians(asset));
        if (asset.minimumDeposit() < FeePolicy.dust(home, vault.output())) {
            throw new IllegalArgumentException("the minimum deposit of " + asset.symbol() + " is dust");
        }
        long least = COSTLY.stream()
                .mapToLong(script -> cost(asset, home, vault, script))
                .max()
                .orElseThrow();
        if (asset.minimumBurn() - asset.burnFee(asset.minimumBurn()) < least) {
            throw new IllegalArgumentException("the minimum burn of " + asset.symbol() + " leaves less than " + least
                    + ", what a release costs at the highest fee rate");
        }
    }

    /** Of a release of one input with change, and of an output that is no dust, at the highest fee rate. */
    private static long cost(Asset asset, BitcoinProfile home, GatewayScript vault, Bytes script) {
        GatewayCoin coin = new GatewayCoin(new OutPoint(Bytes.zeros(32), 0), asset.minimumDeposit(), vault);
        long size = FeePolicy.virtualSize(List.of(coin), List.of(script, vault.output()));
        return FeePolicy.fee(size, FeePolicy.clamp(home, asset.feeRateCap())) + FeePolicy.dust(home, script);
    }
}
