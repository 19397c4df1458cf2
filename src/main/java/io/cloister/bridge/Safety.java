package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Validator;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.View;

/** What stops an asset: its accounts out of balance, a spend nobody ordered, or the validators' word. */
final class Safety {
    static final String OUT_OF_BALANCE = "accounts out of balance";

    private Safety() {}

    /** A validator wants an asset paused or resumed. */
    record PauseVote(String asset, boolean pause) {
        Bytes encode() {
            return new Writer().string(asset).bool(pause).toBytes();
        }

        static PauseVote decode(Bytes body) {
            Reader in = new Reader(body);
            PauseVote vote = new PauseVote(in.string(32), in.bool());
            in.end();
            return vote;
        }
    }

    static void requireRunning(Asset asset, View state) throws Refusal {
        var reason = BridgeState.pausedBecause(state, asset.symbol());
        if (reason.isPresent()) {
            throw new Refusal("asset-paused", asset.symbol() + " is paused: " + reason.get());
        }
    }

    /** Validators of more than one third of the weight can pause an asset; resuming takes more than two thirds. */
    static void vote(PauseVote vote, Context context) throws Refusal {
        Asset asset = BridgeState.asset(context, vote.asset())
                .orElseThrow(() -> new Refusal("unknown-asset", "there is no asset " + vote.asset()));
        Validator sender = context.sender().orElseThrow();
        BridgeState.PAUSE_VOTES.put(context, voteKey(asset, sender), vote.pause());
        long pausing = weight(asset, true, context);
        long resuming = weight(asset, false, context);
        boolean paused = BridgeState.pausedBecause(context, asset.symbol()).isPresent();
        if (!paused && context.validators().hasHonest(pausing)) {
            pause(asset.symbol(), "validators asked for it", context);
        } else if (paused
                && context.validators().isQuorum(resuming)
                && BridgeState.accounts(context, asset.symbol()).deficit() == 0) {
            BridgeState.PAUSED.remove(context, BridgeState.name(asset.symbol()));
            forgetVotes(asset.symbol(), context);
            context.emit("bridge.resumed", Bytes.utf8(asset.symbol()));
        }
    }

    static void pause(String asset, String reason, Context context) {
        if (BridgeState.pausedBecause(context, asset).isEmpty()) {
            BridgeState.PAUSED.put(context, BridgeState.name(asset), reason);
            forgetVotes(asset, context);
            context.emit(
                    "bridge.paused", new Writer().string(asset).string(reason).toBytes());
        }
    }

    /** A vote counts towards the next change only: one from before the last change could undo what it never saw. */
    private static void forgetVotes(String asset, Context context) {
        BridgeState.PAUSE_VOTES
                .keys(context, votePrefix(asset), BridgeState.MAX_LIST)
                .forEach(key -> BridgeState.PAUSE_VOTES.remove(context, key));
    }

    /** Run at the end of every block: what the block has not touched is in balance as it was before. */
    static void checkAccounts(Context context) {
        for (Bytes changed : BridgeState.CHANGED.keys(context, Bytes.EMPTY, BridgeState.MAX_LIST)) {
            BridgeState.CHANGED.remove(context, changed);
            String asset = changed.asUtf8();
            Accounts accounts = BridgeState.accounts(context, asset);
            long held = BridgeState.holdings(context, asset).stream()
                    .mapToLong(VaultOutput.Summary::counted)
                    .sum();
            if (!accounts.balanced() || accounts.locked() != held) {
                pause(asset, OUT_OF_BALANCE, context);
            }
        }
    }

    private static long weight(Asset asset, boolean pause, Context context) {
        long weight = 0;
        for (Validator validator : context.validators().validators()) {
            boolean same = BridgeState.PAUSE_VOTES
                    .get(context, voteKey(asset, validator))
                    .filter(v -> v == pause)
                    .isPresent();
            weight += same ? validator.weight() : 0;
        }
        return weight;
    }

    private static Bytes voteKey(Asset asset, Validator validator) {
        return Bytes.concat(votePrefix(asset.symbol()), validator.nodeId());
    }

    private static Bytes votePrefix(String asset) {
        return new Writer().string(asset).toBytes();
    }
}
