package io.cloister.api;

import io.cloister.bridge.Asset;
import io.cloister.bridge.BridgeState;
import io.cloister.bridge.runner.BridgeRunner;
import io.cloister.consensus.Header;
import io.cloister.crypto.EthereumAddress;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.Members;
import io.cloister.multichain.ChainProfiles;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The network: where its chain stands, its assets with limits and fees, the foreign chains. */
record NetworkView(
        String chainId,
        long height,
        long epoch,
        @Nullable String time,
        long recoveries,
        int validators,
        List<AssetView> assets,
        List<ForeignChainView> chains) {

    record AssetView(
            String symbol,
            String chain,
            String evmChain,
            long evmChainId,
            String gatewayContract,
            String tokenContract,
            int mintFeeBps,
            int burnFeeBps,
            String minimumDeposit,
            String minimumBurn,
            String dailyCap,
            @Nullable String paused) {

        static AssetView of(Asset asset, View state) {
            return new AssetView(
                    asset.symbol(),
                    asset.chain(),
                    asset.evmChain(),
                    asset.evmChainId(),
                    EthereumAddress.checksum(asset.gatewayContract()),
                    EthereumAddress.checksum(asset.tokenContract()),
                    asset.mintFeeBps(),
                    asset.burnFeeBps(),
                    Long.toString(asset.minimumDeposit()),
                    Long.toString(asset.minimumBurn()),
                    Long.toString(asset.dailyCap()),
                    BridgeState.pausedBecause(state, asset.symbol()).orElse(null));
        }
    }

    /** @param tip 0 while this node has not read the chain */
    record ForeignChainView(
            String name,
            long tip,
            long observedTip,
            int confirmations,
            @Nullable String feeRate) {

        static ForeignChainView of(String name, Map<String, Long> tips, View state) {
            return new ForeignChainView(
                    name,
                    tips.getOrDefault(name, 0L),
                    BridgeState.observedTip(state, name),
                    ChainProfiles.named(name).confirmations().floor(),
                    BridgeState.feeRate(state, name).map(Object::toString).orElse(null));
        }
    }

    static NetworkView of(NodeServices node) {
        Ledger ledger = Ready.require(node, node.ledger());
        Optional<Header> tip = Chain.of(node).tip();
        return of(
                node.chainId(),
                ledger.state(),
                tip,
                node.runner().map(BridgeRunner::tips).orElse(Map.of()));
    }

    static NetworkView of(String chainId, View state, Optional<Header> tip, Map<String, Long> tips) {
        List<Asset> assets = BridgeState.assets(state);
        return new NetworkView(
                chainId,
                tip.map(Header::height).orElse(0L),
                tip.map(Header::epoch).orElse(0L),
                tip.map(h -> Chain.time(h.timeMillis())).orElse(null),
                Members.recoveries(state),
                Members.all(state).size(),
                assets.stream().map(a -> AssetView.of(a, state)).toList(),
                assets.stream()
                        .flatMap(a -> Stream.of(a.chain(), a.evmChain()))
                        .distinct()
                        .map(name -> ForeignChainView.of(name, tips, state))
                        .toList());
    }
}
