package io.cloister.bridge.runner;

import io.cloister.bridge.Asset;
import io.cloister.bridge.BridgeModule;
import io.cloister.bridge.BridgeState;
import io.cloister.bridge.Gateway;
import io.cloister.bridge.Reports;
import io.cloister.bridge.Transfer;
import io.cloister.bridge.VaultOutput;
import io.cloister.codec.Bytes;
import io.cloister.ledger.View;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.rpc.BitcoinRpc;
import io.cloister.multichain.rpc.BitcoinUpdate;
import io.cloister.multichain.rpc.BitcoinUpdate.Payment;
import io.cloister.multichain.rpc.BitcoinUpdate.Spend;
import io.cloister.multichain.rpc.BitcoinWatcher;
import io.cloister.multichain.rpc.BlockRef;
import io.cloister.multichain.rpc.RpcException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Follows an asset's home chain: states final blocks, reports deposits, broadcasts releases and reports their end. */
final class BitcoinRunner implements Runner {
    private static final Logger LOG = System.getLogger(BitcoinRunner.class.getName());

    private static final int STEPS_BETWEEN_BROADCASTS = 120;

    private final Asset asset;
    private final BitcoinRpc rpc;
    private final BitcoinWatcher watcher;
    private final long fromHeight;
    private final Submissions submissions;
    private final Sightings sightings;
    private final FeeStatements fees;
    private final Map<Bytes, Gateway> scripts = new HashMap<>();
    private final Set<Bytes> known = new HashSet<>();
    private int steps;
    private volatile long tip;

    BitcoinRunner(Asset asset, BitcoinRpc rpc, long fromHeight, Submissions submissions, Sightings sightings) {
        this.asset = asset;
        this.rpc = rpc;
        this.fromHeight = fromHeight;
        this.watcher = new BitcoinWatcher(rpc, fromHeight);
        this.submissions = submissions;
        this.sightings = sightings;
        this.fees = new FeeStatements(asset, rpc, submissions);
    }

    @Override
    public String chain() {
        return asset.chain();
    }

    @Override
    public long tip() {
        return tip;
    }

    @Override
    public void step(View state, int nodes) {
        watch(state);
        BitcoinUpdate update = watcher.poll();
        tip = update.tip().height();
        List<BlockRef> wanted = new ArrayList<>();
        List<Sighting> seen = new ArrayList<>();
        for (Payment payment : update.payments()) {
            Gateway gateway = scripts.get(payment.script());
            if (BridgeState.deposit(state, payment.outPoint()).isPresent()) {
                watcher.forgetPayment(payment.outPoint());
            } else if (gateway != null) {
                seen.add(sighting(gateway, payment));
                report(gateway, payment, state, nodes, wanted);
            }
        }
        sightings.replace(seen);
        for (Spend spend : update.spends()) {
            settle(spend, update, state, nodes, wanted);
        }
        if (!wanted.isEmpty()) {
            submissions.state(BridgeModule.OBSERVE_BLOCKS, Reports.blocks(asset.chain(), wanted));
        }
        broadcast(state);
        fees.step(state);
    }

    private void watch(View state) {
        Set<Bytes> present = new HashSet<>(BridgeState.gatewayHashes(state));
        for (Bytes gHash : present) {
            if (known.add(gHash)) {
                BridgeState.gateway(state, gHash)
                        .filter(g -> g.asset().equals(asset.symbol()))
                        .ifPresent(this::watch);
            }
        }
        if (known.retainAll(present)) {
            scripts.values().stream()
                    .filter(g -> !present.contains(g.gHash()))
                    .map(g -> g.script().output())
                    .toList()
                    .forEach(this::unwatch);
        }
        for (VaultOutput.Summary output : BridgeState.holdings(state, asset.symbol())) {
            watcher.watchCoin(output.outPoint(), fromHeight);
        }
    }

    private void watch(Gateway gateway) {
        scripts.put(gateway.script().output(), gateway);
        watcher.watchScript(gateway.script().output(), fromHeight);
    }

    private void unwatch(Bytes script) {
        scripts.remove(script);
        watcher.unwatchScript(script);
    }

    private Sighting sighting(Gateway gateway, Payment payment) {
        return new Sighting(
                gateway.gHash(), payment.outPoint(), payment.value(), payment.confirmations(), payment.required());
    }

    private void report(Gateway gateway, Payment payment, View state, int nodes, List<BlockRef> wanted) {
        boolean worthIt = payment.value() >= asset.minimumDeposit();
        if (!payment.isFinal() || payment.block().isEmpty() || !worthIt) {
            return;
        }
        BlockRef block = payment.block().get();
        if (BridgeState.observed(state, asset.chain(), block.height()).isEmpty()) {
            wanted.add(block);
            return;
        }
        int depth = Reports.depth(asset, payment.value());
        if (depth > 0
                && BridgeState.observed(state, asset.chain(), block.height() + depth)
                        .isEmpty()) {
            watcher.finalBlock(block.height() + depth).ifPresent(wanted::add);
            return;
        }
        Bytes body = Reports.deposit(
                gateway.gHash(),
                block.height(),
                List.of(payment.outPoint().index()),
                watcher.proof(payment),
                watcher.headers(block.height() + 1, depth));
        submissions.report(BridgeModule.REPORT_DEPOSIT, Reports.about(payment.outPoint()), body, nodes);
    }

    private void settle(Spend spend, BitcoinUpdate update, View state, int nodes, List<BlockRef> wanted) {
        if (spend.block().isEmpty()
                || spend.confirmations() < rpc.profile().confirmations().floor()) {
            return;
        }
        BlockRef block = spend.block().get();
        Optional<VaultOutput> output = BridgeState.output(state, spend.coin());
        if (output.isEmpty()) {
            watcher.forgetCoin(spend.coin());
            return;
        }
        if (BridgeState.observed(state, asset.chain(), block.height()).isEmpty()) {
            wanted.add(block);
            return;
        }
        Optional<Transfer> transfer = BridgeState.transfer(state, output.get().transfer())
                .filter(t -> t.txid().equals(Optional.of(spend.spender())));
        int depth = transfer.map(t -> Reports.depth(asset, t.gone())).orElse(0);
        if (depth > 0
                && BridgeState.observed(state, asset.chain(), block.height() + depth)
                        .isEmpty()) {
            watcher.finalBlock(block.height() + depth).ifPresent(wanted::add);
            return;
        }
        var proof = watcher.proof(block, spend.spender());
        if (transfer.isPresent()) {
            submissions.report(
                    BridgeModule.RELEASE_CONFIRMED,
                    transfer.get().id(),
                    Reports.confirmed(
                            transfer.get().id(), block.height(), proof, watcher.headers(block.height() + 1, depth)),
                    nodes);
        } else {
            submissions.report(
                    BridgeModule.REPORT_SPEND,
                    spend.spender(),
                    Reports.spend(asset.symbol(), block.height(), proof),
                    nodes);
        }
    }

    /**
     * Every node hands every ready release to its chain node; who gets through first reports it. Others' word for it is
     * not enough, and a mempool forgets, so each node does it again now and then until the release is final.
     */
    private void broadcast(View state) {
        boolean again = steps++ % STEPS_BETWEEN_BROADCASTS == 0;
        for (Transfer transfer : BridgeState.openTransfers(state)) {
            boolean ready =
                    transfer.state() == Transfer.State.READY || again && transfer.state() == Transfer.State.BROADCAST;
            if (ready && transfer.asset().equals(asset.symbol())) {
                broadcast(transfer);
            }
        }
    }

    private void broadcast(Transfer transfer) {
        try {
            Bytes txid = rpc.send(BitcoinTransaction.decode(transfer.raw()));
            if (transfer.state() == Transfer.State.READY) {
                submissions.state(BridgeModule.RELEASE_BROADCAST, Reports.broadcast(transfer.id(), txid));
            }
        } catch (RpcException e) {
            LOG.log(Level.WARNING, () -> "release " + transfer.id() + " was not taken: " + e.getMessage());
        }
    }
}
