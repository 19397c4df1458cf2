package io.cloister.bridge;

import io.cloister.bridge.BridgeState.Pending;
import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Signature;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.bitcoin.GatewayCoin;
import io.cloister.multichain.bitcoin.GatewayScript;
import io.cloister.multichain.bitcoin.GatewaySpend;
import io.cloister.multichain.bitcoin.Payout;
import io.cloister.multichain.bitcoin.Release;
import io.cloister.multichain.bitcoin.ReleaseRefused;
import io.cloister.multichain.bitcoin.SpvProof;
import java.util.List;
import java.util.Optional;

/** Carries accepted burns to final releases: plan, signatures, broadcast, finality. */
final class Releases {
    /** Most that one release may give to the miner because its change would be dust. */
    private static final long MAX_ABSORBED = 10_000;

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
    record Confirmed(Bytes transfer, long height, SpvProof proof) {
        Bytes encode() {
            Writer out = new Writer().fixed(transfer).u64(height);
            proof.encode(out);
            return out.toBytes();
        }

        static Confirmed decode(Bytes body) {
            Reader in = new Reader(body);
            Confirmed confirmed = new Confirmed(in.fixed(32), in.u64(), SpvProof.decode(in));
            in.end();
            return confirmed;
        }
    }

    /** Plans what waits, oldest first, as long as there are free outputs; run at the end of every block. */
    static void planWaiting(Context context, Shard shard) {
        for (Bytes id : BridgeState.WAITING.list(context, BridgeState.MAX_LIST)) {
            Transfer transfer = BridgeState.transfer(context, id).orElseThrow();
            Asset asset = BridgeState.asset(context, transfer.asset()).orElseThrow();
            Optional<Long> rate = BridgeState.feeRate(context, asset.chain());
            boolean paused =
                    BridgeState.pausedBecause(context, asset.symbol()).isPresent();
            if (!paused && rate.isPresent()) {
                plan(transfer, asset, rate.get(), context, shard);
            }
        }
    }

    private static void plan(Transfer transfer, Asset asset, long observedRate, Context context, Shard shard) {
        BitcoinProfile profile = Gateways.profile(asset);
        GatewayScript vault = Gateways.vault(asset, context, shard);
        List<GatewayCoin> free = BridgeState.outputs(context).stream()
                .filter(o -> o.asset().equals(asset.symbol()) && o.state() == VaultOutput.State.FREE)
                .map(VaultOutput::coin)
                .toList();
        long rate = Math.clamp(
                observedRate,
                Math.max(asset.feeRateFloor(), profile.minimumFeeRate()),
                Math.min(asset.feeRateCap(), profile.maximumFeeRate()));
        long absorbable = Math.min(
                MAX_ABSORBED, BridgeState.accounts(context, asset.symbol()).feesOwed());
        Release release;
        try {
            Payout payout = new Payout(transfer.recipientScript(), transfer.gone());
            release = Release.plan(profile, free, List.of(payout), vault, rate, absorbable);
        } catch (ReleaseRefused e) {
            return; // It waits until outputs become free or the fee rate falls.
        }
        Transfer planned = transfer.planned(release);
        if (requestSignatures(planned, asset, release.spend(), context, shard)) {
            reserve(planned, release, vault, context);
            BridgeState.WAITING.remove(context, waitingKey(transfer));
            save(planned, context, "bridge.release-planned");
        }
    }

    /**
     * Asks for a signature of each input. When the board's queue is full the transfer goes on waiting: a plan that misses
     * a signature can never be assembled, so what was asked for before is harmless.
     */
    private static boolean requestSignatures(
            Transfer planned, Asset asset, GatewaySpend spend, Context context, Shard shard) {
        List<Bytes> digests = spend.digests();
        try {
            for (int input = 0; input < digests.size(); input++) {
                Bytes request = Ids.releaseRequest(planned.id(), input, digests.get(input));
                shard.request(context, request, digests.get(input), path(spend, input, asset), "release");
                BridgeState.PENDING.put(context, request, new Pending(planned.id(), input));
            }
            return true;
        } catch (Refusal e) {
            return false;
        }
    }

    private static void reserve(Transfer planned, Release release, GatewayScript vault, Context context) {
        for (GatewayCoin coin : release.spend().coins()) {
            Bytes key = Ids.key(coin.outPoint());
            VaultOutput output = BridgeState.OUTPUTS.get(context, key).orElseThrow();
            BridgeState.OUTPUTS.put(context, key, output.spentBy(planned.id()));
        }
        release.changeCoin(vault)
                .ifPresent(change -> BridgeState.OUTPUTS.put(
                        context,
                        Ids.key(change.outPoint()),
                        VaultOutput.change(planned.asset(), change, planned.id())));
    }

    private static List<Bytes> path(GatewaySpend spend, int input, Asset asset) {
        Bytes gHash = spend.coins().get(input).gateway().gatewayHash();
        return gHash.equals(GatewayScript.VAULT)
                ? Ids.vaultPath(asset.symbol())
                : Ids.gatewayPath(asset.symbol(), gHash);
    }

    /** The shard has signed one input; a signature for a plan that was given up does not count. */
    static void signed(Bytes id, int input, Bytes digest, Signature signature, Context context) {
        Transfer waiting = BridgeState.transfer(context, id).orElseThrow();
        boolean current = waiting.state() == Transfer.State.SIGNING
                && waiting.release().orElseThrow().spend().digests().get(input).equals(digest);
        if (!current) {
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
        Bytes txid = Deposits.prove(confirmed.proof(), asset, confirmed.height(), context)
                .txid();
        if (!transfer.txid().equals(Optional.of(txid))) {
            throw new Refusal("release-differs", "the proof is of another transaction");
        }
        settle(transfer, asset, context);
    }

    private static void settle(Transfer transfer, Asset asset, Context context) {
        Release release = transfer.release().orElseThrow();
        release.spend().coins().forEach(c -> BridgeState.OUTPUTS.remove(context, Ids.key(c.outPoint())));
        release.changeCoin(release.spend().coins().getFirst().gateway()).ifPresent(change -> {
            Bytes key = Ids.key(change.outPoint());
            VaultOutput pending = BridgeState.OUTPUTS.get(context, key).orElseThrow();
            BridgeState.OUTPUTS.put(context, key, VaultOutput.free(transfer.asset(), pending.coin()));
        });
        Accounts before = BridgeState.accounts(context, asset.symbol());
        Deposits.update(asset, context, before.released(transfer.gone(), release.absorbed()));
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
