package io.cloister.bridge;

import io.cloister.bridge.BridgeState.Pending;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Signature;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.View;
import java.util.List;
import java.util.Optional;

/**
 * Accepted deposits whose mint is not ordered yet, for each asset first come first served: neither a full day nor a full
 * signing queue costs anybody a deposit. Strictly in order, because otherwise small mints could hold up a large one for
 * ever.
 */
final class MintQueue {
    /** Most mints of an asset that are ordered at one time. */
    private static final int MAX_ORDERED = 64;

    private static final long DAY_MILLIS = 86_400_000L;

    private MintQueue() {}

    static void add(Asset asset, Deposit deposit, Context context) {
        BridgeState.MINTS.put(context, key(asset.symbol(), deposit), Ids.key(deposit.outpoint()));
    }

    /** Orders what all assets have room for; run at the end of every block. */
    static void order(Context context, Shard shard) {
        for (Asset asset : BridgeState.assets(context)) {
            order(asset, context, shard);
        }
    }

    static void order(Asset asset, Context context, Shard shard) {
        for (Bytes outpoint : head(context, asset.symbol(), MAX_ORDERED)) {
            Deposit deposit = BridgeState.DEPOSITS.get(context, outpoint).orElseThrow();
            if (BridgeState.pausedBecause(context, asset.symbol()).isPresent()) {
                return;
            }
            if (Refunds.isDue(deposit, context.timeMillis(), context)) {
                Refunds.leave(asset, deposit, context);
                continue;
            }
            if (!hasRoom(asset, deposit.net(), context) || !request(deposit, outpoint, context, shard)) {
                return;
            }
            count(asset, deposit.net(), context);
            remove(asset, deposit, context);
        }
    }

    static boolean holds(Asset asset, Deposit deposit, View own) {
        return BridgeState.MINTS.get(own, key(asset.symbol(), deposit)).isPresent();
    }

    static void remove(Asset asset, Deposit deposit, Context context) {
        BridgeState.MINTS.remove(context, key(asset.symbol(), deposit));
    }

    /** Why an accepted deposit still waits; empty when its mint was ordered. */
    static Optional<String> reason(View state, Asset asset, Deposit deposit) {
        View own = state.module(BridgeState.MODULE);
        if (!holds(asset, deposit, own)) {
            return Optional.empty();
        }
        if (BridgeState.pausedBecause(state, asset.symbol()).isPresent()) {
            return Optional.of("asset-paused");
        }
        if (Refunds.isDue(deposit, BridgeState.timeMillis(state), state)) {
            return Optional.of("release-not-final");
        }
        Bytes first = head(own, asset.symbol(), 1).getFirst();
        long net = BridgeState.DEPOSITS.get(own, first).orElseThrow().net();
        long minted = minted(own, asset, BridgeState.timeMillis(state));
        return Optional.of(fits(asset, minted, net) ? "signing-queue-full" : "daily-cap");
    }

    /** False when the board's queue is full. */
    private static boolean request(Deposit deposit, Bytes outpoint, Context context, Shard shard) {
        Optional<Signature> known;
        try {
            known = shard.request(context, deposit.mintRequest(), deposit.digest(), List.of(), "mint");
        } catch (Refusal e) {
            return false;
        }
        if (known.isPresent()) {
            Deposits.signed(outpoint, known.get(), context);
        } else {
            BridgeState.PENDING.put(context, deposit.mintRequest(), new Pending(outpoint, Pending.MINT));
        }
        return true;
    }

    private static boolean hasRoom(Asset asset, long amount, Context context) {
        return fits(asset, minted(context, asset, context.timeMillis()), amount);
    }

    /** What is larger than a day's cap may have a day of its own. */
    private static boolean fits(Asset asset, long minted, long amount) {
        return minted == 0 || minted + amount <= asset.dailyCap();
    }

    private static long minted(View own, Asset asset, long nowMillis) {
        return BridgeState.DAILY.get(own, day(asset, nowMillis)).orElse(0L);
    }

    /** Counts a mint on its day; only one day is kept of each asset. */
    private static void count(Asset asset, long amount, Context context) {
        long before = minted(context, asset, context.timeMillis());
        if (before == 0) {
            BridgeState.DAILY
                    .keys(context, prefix(asset.symbol()), BridgeState.MAX_LIST)
                    .forEach(old -> BridgeState.DAILY.remove(context, old));
        }
        BridgeState.DAILY.put(context, day(asset, context.timeMillis()), before + amount);
    }

    private static List<Bytes> head(View own, String asset, int count) {
        return BridgeState.MINTS.list(own, prefix(asset), count);
    }

    private static Bytes day(Asset asset, long nowMillis) {
        return new Writer().string(asset.symbol()).u64(nowMillis / DAY_MILLIS).toBytes();
    }

    private static Bytes key(String asset, Deposit deposit) {
        return new Writer()
                .string(asset)
                .u64(deposit.acceptedHeight())
                .fixed(Ids.key(deposit.outpoint()))
                .toBytes();
    }

    private static Bytes prefix(String asset) {
        return new Writer().string(asset).toBytes();
    }
}
