package io.cloister.bridge.runner;

import io.cloister.bridge.Asset;
import io.cloister.bridge.BridgeModule;
import io.cloister.bridge.BridgeState;
import io.cloister.bridge.Reports;
import io.cloister.codec.Bytes;
import io.cloister.ledger.View;
import io.cloister.multichain.BlockRef;
import io.cloister.multichain.ethereum.GatewayEvent;
import io.cloister.multichain.rpc.EthereumRpc;
import io.cloister.multichain.rpc.EthereumUpdate;
import io.cloister.multichain.rpc.EthereumUpdate.Sighting;
import io.cloister.multichain.rpc.EthereumWatcher;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Follows an asset's gateway contract: states final blocks with burns, and reports the burns. */
final class EthereumRunner implements Runner {
    private static final Logger LOG = System.getLogger(EthereumRunner.class.getName());

    private final Asset asset;
    private final EthereumWatcher watcher;
    private final Submissions submissions;
    private final Set<Long> hopeless = ConcurrentHashMap.newKeySet();
    private volatile long tip;

    EthereumRunner(Asset asset, EthereumRpc rpc, long fromHeight, Submissions submissions) {
        this.asset = asset;
        this.watcher = new EthereumWatcher(rpc, asset.gatewayContract(), fromHeight);
        this.submissions = submissions;
    }

    @Override
    public String chain() {
        return asset.evmChain();
    }

    @Override
    public long tip() {
        return tip;
    }

    @Override
    public void step(View state, int nodes) {
        EthereumUpdate update = watcher.poll();
        tip = update.tip().height();
        List<BlockRef> wanted = new ArrayList<>();
        for (Sighting sighting : update.events()) {
            if (sighting.isFinal()) {
                handle(sighting, state, nodes, wanted);
            }
        }
        if (!wanted.isEmpty()) {
            submissions.state(BridgeModule.OBSERVE_BLOCKS, Reports.blocks(asset.evmChain(), wanted));
        }
    }

    private void handle(Sighting sighting, View state, int nodes, List<BlockRef> wanted) {
        boolean done = !(sighting.event() instanceof GatewayEvent.Burned burned)
                || BridgeState.transfer(state, Reports.transferId(asset, burned.nonce()))
                        .isPresent()
                || hopeless.contains(burned.nonce());
        if (done) {
            watcher.forget(sighting.position());
            return;
        }
        GatewayEvent.Burned burn = (GatewayEvent.Burned) sighting.event();
        BlockRef block = sighting.position().block();
        if (BridgeState.observed(state, asset.evmChain(), block.height()).isEmpty()) {
            wanted.add(block);
            return;
        }
        Bytes body = Reports.burn(
                asset.symbol(), block.height(), sighting.position().logIndex(), watcher.proof(sighting.position()));
        Bytes about = Reports.transferId(asset, burn.nonce());
        submissions.report(BridgeModule.REPORT_BURN, about, body, nodes, code -> giveUp(burn, code));
    }

    /** A burn that the module refuses for what it is will not become better. */
    private void giveUp(GatewayEvent.Burned burn, String code) {
        boolean forGood = Set.of("recipient-refused", "amount-below-minimum", "amount-above-supply")
                .contains(code);
        if (forGood) {
            LOG.log(
                    Level.WARNING,
                    () -> "burn " + burn.nonce() + " of " + asset.symbol() + " cannot be released: " + code);
            hopeless.add(burn.nonce());
        }
    }
}
