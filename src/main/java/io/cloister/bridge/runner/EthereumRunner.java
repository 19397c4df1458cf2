package io.cloister.bridge.runner;

import io.cloister.bridge.Asset;
import io.cloister.bridge.BridgeModule;
import io.cloister.bridge.BridgeState;
import io.cloister.bridge.Reports;
import io.cloister.codec.Bytes;
import io.cloister.ledger.View;
import io.cloister.multichain.BlockRef;
import io.cloister.multichain.ethereum.GatewayCalls;
import io.cloister.multichain.ethereum.GatewayEvent;
import io.cloister.multichain.rpc.EthereumRpc;
import io.cloister.multichain.rpc.EthereumUpdate;
import io.cloister.multichain.rpc.EthereumUpdate.Sighting;
import io.cloister.multichain.rpc.EthereumWatcher;
import io.cloister.multichain.rpc.RpcException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Follows an asset's gateway contract: states final blocks with burns, and reports the burns. */
final class EthereumRunner implements Runner {
    private final Asset asset;
    private final EthereumRpc rpc;
    private final EthereumWatcher watcher;
    private final Submissions submissions;
    private final Halt halt;
    private final Rota<Bytes> rota;
    private volatile long tip;

    EthereumRunner(Asset asset, EthereumRpc rpc, long fromHeight, Submissions submissions) {
        this.asset = asset;
        this.rpc = rpc;
        this.watcher = new EthereumWatcher(rpc, asset.gatewayContract(), fromHeight);
        this.submissions = submissions;
        this.halt = new Halt(asset, asset.evmChain(), submissions);
        this.rota = new Rota<>(submissions.clock());
    }

    @Override
    public String asset() {
        return asset.symbol();
    }

    @Override
    public void requireChain() {
        rpc.requireChain();
        BigInteger minimum = rpc.read(asset.gatewayContract(), GatewayCalls.minimumBurn());
        if (!minimum.equals(BigInteger.valueOf(asset.minimumBurn()))) {
            throw new RpcException(
                    RpcException.Reason.WRONG_CHAIN,
                    "the gateway contract on " + asset.evmChain() + " takes burns of at least " + minimum
                            + ", the ledger of at least " + asset.minimumBurn());
        }
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
    public boolean broken() {
        return halt.raised();
    }

    @Override
    public int leftOut() {
        return 0;
    }

    @Override
    public void step(View state, int nodes) {
        EthereumUpdate update = watcher.poll();
        tip = update.tip().height();
        List<BlockRef> wanted = new ArrayList<>();
        Items items = new Items();
        items.attempt(() -> halt.step(update.broken(), state));
        Map<Bytes, Sighting> due = new HashMap<>();
        for (Sighting sighting : update.events()) {
            if (sighting.isFinal()) {
                sort(sighting, state, wanted, due);
            }
        }
        if (!wanted.isEmpty()) {
            submissions.state(BridgeModule.OBSERVE_BLOCKS, Reports.blocks(asset.evmChain(), wanted));
        }
        for (Bytes id : rota.now(due.keySet())) {
            Optional.ofNullable(due.get(id)).ifPresent(burn -> items.attempt(() -> report(id, burn, nodes)));
        }
        items.end();
    }

    /** Forgets what is done, wants observed what a report needs, and finds the burns that can be reported. */
    private void sort(Sighting sighting, View state, List<BlockRef> wanted, Map<Bytes, Sighting> due) {
        boolean done = !(sighting.event() instanceof GatewayEvent.Burned burned)
                || BridgeState.transfer(state, Reports.transferId(asset, burned.nonce()))
                        .isPresent()
                || submissions.hasGivenUp(BridgeModule.REPORT_BURN, Reports.transferId(asset, burned.nonce()));
        if (done) {
            watcher.forget(sighting.position());
            return;
        }
        GatewayEvent.Burned burn = (GatewayEvent.Burned) sighting.event();
        BlockRef block = sighting.position().block();
        if (BridgeState.observed(state, asset.evmChain(), block.height()).isEmpty()) {
            wanted.add(block);
        } else {
            due.put(Reports.transferId(asset, burn.nonce()), sighting);
        }
    }

    private void report(Bytes id, Sighting sighting, int nodes) {
        submissions.report(
                BridgeModule.REPORT_BURN,
                id,
                () -> Reports.burn(
                        asset.symbol(),
                        sighting.position().block().height(),
                        sighting.position().logIndex(),
                        watcher.proof(sighting.position())),
                nodes);
    }
}
