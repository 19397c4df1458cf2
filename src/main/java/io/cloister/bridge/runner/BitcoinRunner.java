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
import io.cloister.multichain.BlockRef;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.rpc.BitcoinRpc;
import io.cloister.multichain.rpc.BitcoinUpdate;
import io.cloister.multichain.rpc.BitcoinUpdate.Payment;
import io.cloister.multichain.rpc.BitcoinUpdate.Spend;
import io.cloister.multichain.rpc.BitcoinWatcher;
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
    private final GatewayScripts gateways;
    private final Halt halt;
    private final Rota<DepositReports.Group> rota;
    private final Set<OutPoint> coins = new HashSet<>();
    private Map<OutPoint, Long> paidAt = Map.of();
    private int steps;
    private boolean started;
    private volatile long tip;
    private volatile int leftOut;

    BitcoinRunner(Asset asset, BitcoinRpc rpc, long fromHeight, Submissions submissions, Sightings sightings) {
        this.asset = asset;
        this.rpc = rpc;
        this.fromHeight = fromHeight;
        this.watcher = new BitcoinWatcher(rpc, fromHeight);
        this.submissions = submissions;
        this.sightings = sightings;
        this.fees = new FeeStatements(asset, rpc, submissions);
        this.gateways = new GatewayScripts(asset, watcher);
        this.halt = new Halt(asset, asset.chain(), submissions);
        this.rota = new Rota<>(submissions.clock());
    }

    @Override
    public String asset() {
        return asset.symbol();
    }

    @Override
    public void requireChain() {
        rpc.requireChain();
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
    public boolean broken() {
        return halt.raised();
    }

    @Override
    public int leftOut() {
        return leftOut;
    }

    @Override
    public void step(View state, int nodes) {
        Items items = new Items();
        items.attempt(() -> broadcast(state));
        gateways.follow(state);
        followCoins(state);
        BitcoinUpdate update = watcher.poll(outPoint -> isSettled(outPoint, state));
        tip = update.tip().height();
        note(update.leftOut());
        List<BlockRef> wanted = new ArrayList<>();
        items.attempt(() -> halt.step(update.broken(), state));
        DepositReports due = new DepositReports(asset, watcher, submissions);
        List<Runnable> ends = new ArrayList<>();
        try {
            payments(update, state, wanted, due, items);
            for (Spend spend : update.spends()) {
                items.attempt(() -> settle(spend, state, nodes, wanted, ends));
            }
        } finally {
            if (!wanted.isEmpty()) {
                submissions.state(BridgeModule.OBSERVE_BLOCKS, Reports.blocks(asset.chain(), wanted));
            }
        }
        items.attempt(() -> fees.step(state));
        ends.forEach(items::attempt);
        if (BridgeState.pausedBecause(state, asset.symbol()).isEmpty()) {
            due.submit(rota, nodes, items);
        }
        items.end();
    }

    private boolean isSettled(OutPoint outPoint, View state) {
        return BridgeState.deposit(state, outPoint).isPresent()
                || submissions.hasGivenUp(BridgeModule.REPORT_DEPOSIT, Reports.about(outPoint));
    }

    private void note(int now) {
        if (now > 0 && leftOut == 0) {
            LOG.log(
                    Level.WARNING,
                    () -> "more is paid to " + now + " gateways of " + asset.symbol()
                            + " than is kept; the rest is read again when there is room");
        }
        leftOut = now;
    }

    private void payments(BitcoinUpdate update, View state, List<BlockRef> wanted, DepositReports due, Items items) {
        List<Sighting> seen = new ArrayList<>();
        Map<OutPoint, Long> heights = new HashMap<>();
        for (Payment payment : update.payments()) {
            payment.block().ifPresent(block -> heights.put(payment.outPoint(), block.height()));
            Optional<Gateway> gateway = gateways.of(payment.script());
            if (isSettled(payment.outPoint(), state) || gateway.isEmpty()) {
                watcher.forgetPayment(payment.outPoint());
            } else {
                seen.add(sighting(gateway.get(), payment));
                items.attempt(() -> {
                    if (isDue(payment, state, wanted)) {
                        due.add(gateway.get(), payment);
                    }
                });
            }
        }
        for (Payment payment : update.ignored()) {
            gateways.of(payment.script()).ifPresent(gateway -> seen.add(sighting(gateway, payment)));
        }
        paidAt = heights;
        sightings.replace(asset.symbol(), seen);
    }

    /**
     * What the state holds before the chain is read at all is watched from the first block on. Later a deposit's coin
     * comes from the block that this node saw paying it, and change from a transaction that was signed just now.
     */
    private void followCoins(View state) {
        Set<OutPoint> held = new HashSet<>();
        for (VaultOutput.Summary output : BridgeState.holdings(state, asset.symbol())) {
            OutPoint coin = output.outPoint();
            held.add(coin);
            if (!coins.add(coin)) {
                continue;
            }
            Optional<Long> paid = started ? Optional.ofNullable(paidAt.get(coin)) : Optional.of(fromHeight);
            paid.ifPresentOrElse(height -> watcher.watchCoin(coin, height), () -> watcher.watchCoin(coin));
        }
        started = true;
        coins.removeIf(coin -> {
            boolean gone = !held.contains(coin);
            if (gone) {
                watcher.forgetCoin(coin);
            }
            return gone;
        });
    }

    private Sighting sighting(Gateway gateway, Payment payment) {
        return new Sighting(
                gateway.gHash(),
                payment.outPoint(),
                payment.value(),
                payment.confirmations(),
                payment.required(),
                payment.late());
    }

    /** Whether a payment can be reported; what its report needs observed first is wanted. */
    private boolean isDue(Payment payment, View state, List<BlockRef> wanted) {
        if (!payment.isFinal() || payment.block().isEmpty()) {
            return false;
        }
        BlockRef block = payment.block().get();
        if (BridgeState.observed(state, asset.chain(), block.height()).isEmpty()) {
            wanted.add(block);
            return false;
        }
        int depth = Reports.depth(asset, payment.value());
        if (depth > 0
                && BridgeState.observed(state, asset.chain(), block.height() + depth)
                        .isEmpty()) {
            watcher.finalBlock(block.height() + depth).ifPresent(wanted::add);
            return false;
        }
        return true;
    }

    /** What a spend's report needs observed first is wanted; the report itself is added to what is done last. */
    private void settle(Spend spend, View state, int nodes, List<BlockRef> wanted, List<Runnable> ends) {
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
        if (transfer.isPresent()) {
            Bytes id = transfer.get().id();
            ends.add(() -> submissions.report(
                    BridgeModule.RELEASE_CONFIRMED,
                    id,
                    () -> Reports.confirmed(
                            id,
                            block.height(),
                            watcher.proof(block, spend.spender()),
                            watcher.headers(block.height() + 1, depth)),
                    nodes));
        } else {
            ends.add(() -> submissions.report(
                    BridgeModule.REPORT_SPEND,
                    spend.spender(),
                    () -> Reports.spend(asset.symbol(), block.height(), watcher.proof(block, spend.spender())),
                    nodes));
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
