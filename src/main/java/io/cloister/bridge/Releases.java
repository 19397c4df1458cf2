package io.cloister.bridge;

import io.cloister.bridge.BridgeState.Pending;
import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Signature;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.bitcoin.FeePolicy;
import io.cloister.multichain.bitcoin.GatewayCoin;
import io.cloister.multichain.bitcoin.GatewayScript;
import io.cloister.multichain.bitcoin.GatewaySpend;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.Payout;
import io.cloister.multichain.bitcoin.Release;
import io.cloister.multichain.bitcoin.ReleaseRefused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Carries accepted burns to final releases: plan, signatures, broadcast, finality. */
final class Releases {
    /** Most that one release may give to the miner because its change would be dust. */
    private static final long MAX_ABSORBED = 10_000;

    /** Most waiting transfers that one block looks at, and most that it plans. */
    private static final int MAX_TRIED = 256;

    private static final int MAX_PLANNED = 16;

    private Releases() {}

    /** A node has handed a ready release to its chain. */
    record Broadcast(Bytes transfer, Bytes txid) {
        Bytes encode() {
            return new Writer().fixed(transfer).fixed(txid).toBytes();
        }

        static Broadcast decode(Bytes body) {
            Reader in = new Reader(body);
            Broadcast broadcast = new Broadcast(in.fixed(32), in.fixed(32));
            in.end();
            return broadcast;
        }
    }

    /** A release stands in an observed block. */
    record Confirmed(Bytes transfer, Inclusion inclusion) {
        Bytes encode() {
            Writer out = new Writer().fixed(transfer);
            inclusion.encode(out);
            return out.toBytes();
        }

        static Confirmed decode(Bytes body) {
            Reader in = new Reader(body);
            Confirmed confirmed = new Confirmed(in.fixed(32), Inclusion.decode(in));
            in.end();
            return confirmed;
        }
    }

    /**
     * Plans what waits, oldest first, as far as there are free outputs; run at the end of every block. Of a long queue
     * each block looks at a part, at another one each time, so that what cannot be planned does not hold up the rest.
     */
    static void planWaiting(Context context, Shard shard) {
        List<Bytes> queue = BridgeState.WAITING.list(context, BridgeState.MAX_LIST);
        int from = queue.size() <= MAX_TRIED ? 0 : (int) (context.height() * MAX_TRIED % queue.size());
        Map<String, Purse> purses = new HashMap<>();
        Map<String, Optional<Long>> rates = new HashMap<>();
        int planned = 0;
        for (int i = 0; i < Math.min(queue.size(), MAX_TRIED) && planned < MAX_PLANNED; i++) {
            Bytes id = queue.get((from + i) % queue.size());
            Transfer transfer = BridgeState.transfer(context, id).orElseThrow();
            Asset asset = BridgeState.asset(context, transfer.asset()).orElseThrow();
            Optional<Long> rate = rates.computeIfAbsent(asset.chain(), chain -> Observations.current(chain, context));
            boolean paused = BridgeState.pausedBecause(context, asset.symbol()).isPresent();
            if (!paused && rate.isPresent()) {
                Purse purse = purses.computeIfAbsent(
                        asset.symbol(), symbol -> new Purse(context, symbol, Gateways.vault(asset, context, shard)));
                planned += plan(transfer, asset, rate.get(), purse, context, shard) ? 1 : 0;
            }
        }
    }

    private static boolean plan(
            Transfer transfer, Asset asset, long observedRate, Purse purse, Context context, Shard shard) {
        BitcoinProfile profile = Gateways.profile(asset);
        long rate = rate(asset, profile, observedRate);
        long feesOwed = BridgeState.accounts(context, asset.symbol()).feesOwed();
        Release release;
        try {
            release = Release.plan(
                    profile,
                    purse.candidates(
                            transfer.gone(),
                            FeePolicy.dust(profile, purse.vault().output())),
                    List.of(new Payout(transfer.recipientScript(), transfer.gone())),
                    purse.vault(),
                    rate,
                    Math.min(MAX_ABSORBED, feesOwed));
        } catch (ReleaseRefused e) {
            // It waits until outputs become free, have been joined, or the fee rate falls.
            return e.reason() == ReleaseRefused.Reason.TOO_MANY_INPUTS
                    && Consolidations.plan(profile, purse, transfer.gone(), rate, feesOwed, mostJoined(context, shard))
                            .filter(joining -> join(joining, asset, purse, context, shard))
                            .isPresent();
        }
        boolean begun = begin(transfer, release, asset, purse, context, shard);
        if (begun) {
            BridgeState.WAITING.remove(context, waitingKey(transfer));
        }
        return begun;
    }

    private static int mostJoined(Context context, Shard shard) {
        return Consolidations.mostInputs(shard.room(context), shard.wholeRoom(context));
    }

    private static boolean join(Release joining, Asset asset, Purse purse, Context context, Shard shard) {
        Transfer transfer =
                Consolidations.transfer(asset, joining, purse.vault().output(), context);
        boolean begun = begin(transfer, joining, asset, purse, context, shard);
        if (begun) {
            BridgeState.OPEN.put(context, transfer.id(), transfer.id());
        }
        return begun;
    }

    /** False when the board has no room for the signatures. */
    private static boolean begin(
            Transfer transfer, Release release, Asset asset, Purse purse, Context context, Shard shard) {
        Transfer planned = transfer.planned(release);
        Optional<List<Optional<Signature>>> answers =
                requestSignatures(planned, asset, release.spend(), context, shard);
        if (answers.isEmpty()) {
            return false;
        }
        purse.reserve(release.spend().coins(), planned.id());
        release.changeCoin(purse.vault()).ifPresent(coin -> {
            BridgeState.put(context, VaultOutput.change(planned.asset(), coin, planned.id()));
            BridgeState.VAULTED.put(context, Ids.key(coin.outPoint()), true);
        });
        Accounts accounts = BridgeState.accounts(context, asset.symbol());
        BridgeState.put(context, asset.symbol(), accounts.planned(release.absorbed()));
        save(planned, context, "bridge.release-planned");
        takeAnswers(planned, answers.get(), context);
        return true;
    }

    /**
     * An input of a release was spent by another final transaction, so the release can never happen: its other inputs
     * are free again, its change will not be, and the transfer waits for another plan.
     */
    static void undo(Bytes id, Context context) {
        Transfer transfer = BridgeState.transfer(context, id).orElseThrow();
        Release release = transfer.release().orElseThrow();
        for (GatewayCoin coin : release.spend().coins()) {
            BridgeState.output(context, coin.outPoint())
                    .ifPresent(o -> BridgeState.put(context, VaultOutput.free(o.asset(), o.coin())));
        }
        BridgeState.output(context, change(release)).ifPresent(o -> BridgeState.remove(context, o));
        Accounts before = BridgeState.accounts(context, transfer.asset());
        BridgeState.put(context, transfer.asset(), before.planned(-release.absorbed()));
        Transfer undone = transfer.undone();
        if (undone.state() == Transfer.State.WAITING) {
            BridgeState.WAITING.put(context, waitingKey(undone), id);
        } else {
            BridgeState.OPEN.remove(context, id);
        }
        save(undone, context, "bridge.release-undone");
    }

    private static OutPoint change(Release release) {
        return new OutPoint(release.txid(), release.payouts());
    }

    /** The rate in force within the asset's floor and cap, and those within the chain's. */
    private static long rate(Asset asset, BitcoinProfile profile, long observed) {
        return FeePolicy.clamp(profile, Math.clamp(observed, asset.feeRateFloor(), asset.feeRateCap()));
    }

    /**
     * Asks for a signature of each input. When the board's queue is full the transfer goes on waiting: a plan that
     * misses a signature can never be assembled, so what was asked for before is harmless.
     *
     * @return what was answered before to an equal plan that was given up, by input; empty when the queue is full
     */
    private static Optional<List<Optional<Signature>>> requestSignatures(
            Transfer planned, Asset asset, GatewaySpend spend, Context context, Shard shard) {
        List<Bytes> digests = spend.digests();
        List<Optional<Signature>> answers = new ArrayList<>();
        try {
            for (int input = 0; input < digests.size(); input++) {
                Bytes request = Ids.releaseRequest(planned.id(), input, digests.get(input));
                Optional<Signature> answer =
                        shard.request(context, request, digests.get(input), path(spend, input, asset), "release");
                if (answer.isEmpty()) {
                    BridgeState.PENDING.put(context, request, new Pending(planned.id(), input));
                }
                answers.add(answer);
            }
            return Optional.of(answers);
        } catch (Refusal e) {
            return Optional.empty();
        }
    }

    private static void takeAnswers(Transfer planned, List<Optional<Signature>> answers, Context context) {
        List<Bytes> digests = planned.release().orElseThrow().spend().digests();
        for (int input = 0; input < answers.size(); input++) {
            if (answers.get(input).isPresent()) {
                signed(
                        planned.id(),
                        input,
                        digests.get(input),
                        answers.get(input).get(),
                        context);
            }
        }
    }

    private static List<Bytes> path(GatewaySpend spend, int input, Asset asset) {
        Bytes gHash = spend.coins().get(input).gateway().gatewayHash();
        return gHash.equals(GatewayScript.VAULT)
                ? Ids.vaultPath(asset.symbol())
                : Ids.gatewayPath(asset.symbol(), gHash);
    }

    /** The shard has signed one input; a signature for a plan that was given up does not count. */
    static void signed(Bytes id, int input, Bytes digest, Signature signature, Context context) {
        Optional<Transfer> signing =
                BridgeState.transfer(context, id).filter(transfer -> transfer.state() == Transfer.State.SIGNING);
        if (signing.isEmpty()) {
            return;
        }
        Transfer waiting = signing.get();
        List<Bytes> digests = waiting.release().orElseThrow().spend().digests();
        if (input >= digests.size() || !digests.get(input).equals(digest)) {
            return;
        }
        Transfer transfer = waiting.signed(input, signature);
        save(
                transfer,
                context,
                transfer.state() == Transfer.State.READY ? "bridge.release-ready" : "bridge.release-input-signed");
    }

    static void broadcast(Broadcast broadcast, Context context) throws Refusal {
        Transfer transfer = known(broadcast.transfer(), context);
        if (transfer.state() != Transfer.State.READY) {
            throw new Refusal("release-not-ready", "the release is " + transfer.state());
        }
        if (!transfer.txid().equals(Optional.of(broadcast.txid()))) {
            throw new Refusal("release-differs", "the release has another transaction");
        }
        save(transfer.in(Transfer.State.BROADCAST), context, "bridge.release-broadcast");
    }

    static void confirmed(Confirmed confirmed, Context context) throws Refusal {
        Transfer transfer = known(confirmed.transfer(), context);
        boolean signed = transfer.state() == Transfer.State.READY || transfer.state() == Transfer.State.BROADCAST;
        if (!signed) {
            throw new Refusal("release-not-signed", "the release is " + transfer.state());
        }
        Asset asset = BridgeState.asset(context, transfer.asset()).orElseThrow();
        Bytes txid = confirmed.inclusion().prove(asset, context).txid();
        if (!transfer.txid().equals(Optional.of(txid))) {
            throw new Refusal("release-differs", "the proof is of another transaction");
        }
        DepositRules.requireDepth(asset, transfer.gone(), confirmed.inclusion().depth(asset, context));
        settle(transfer, asset, context);
    }

    private static void settle(Transfer transfer, Asset asset, Context context) {
        Release release = transfer.release().orElseThrow();
        for (GatewayCoin coin : release.spend().coins()) {
            BridgeState.output(context, coin.outPoint()).ifPresent(spent -> BridgeState.remove(context, spent));
        }
        BridgeState.output(context, change(release))
                .ifPresent(c -> BridgeState.put(context, VaultOutput.free(transfer.asset(), c.coin())));
        Accounts before = BridgeState.accounts(context, asset.symbol());
        BridgeState.put(context, asset.symbol(), before.released(transfer.gone(), release.absorbed()));
        BridgeState.OPEN.remove(context, transfer.id());
        save(transfer.in(Transfer.State.RELEASED), context, "bridge.released");
    }

    private static Transfer known(Bytes id, Context context) throws Refusal {
        return BridgeState.transfer(context, id)
                .orElseThrow(() -> new Refusal("unknown-transfer", "no transfer has id " + id));
    }

    /** Key in the queue of what waits for outputs: in the order in which the burns were accepted. */
    static Bytes waitingKey(Transfer transfer) {
        return new Writer().u64(transfer.acceptedHeight()).fixed(transfer.id()).toBytes();
    }

    static void save(Transfer transfer, Context context, String event) {
        BridgeState.TRANSFERS.put(context, transfer.id(), transfer);
        Writer out = new Writer();
        transfer.encode(out);
        context.emit(event, out.toBytes());
    }
}
