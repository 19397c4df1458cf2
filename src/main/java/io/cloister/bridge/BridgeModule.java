package io.cloister.bridge;

import io.cloister.bridge.BridgeState.Pending;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.ledger.Context;
import io.cloister.ledger.Module;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.View;
import io.cloister.mpc.board.Board;
import io.cloister.mpc.board.SignatureSink;
import io.cloister.mpc.board.SigningRequest;
import java.util.List;
import java.util.Optional;

/** The deterministic part of the bridge: routes its transactions and keeps the accounts true in every block. */
public final class BridgeModule implements Module, SignatureSink {
    /** Kinds of transactions; numbers are on the wire. */
    public static final int REGISTER_GATEWAY = 1;

    public static final int OBSERVE_BLOCKS = 2;
    public static final int OBSERVE_FEE_RATE = 3;
    public static final int REPORT_DEPOSIT = 4;
    public static final int REPORT_BURN = 5;
    public static final int RELEASE_BROADCAST = 6;
    public static final int RELEASE_CONFIRMED = 7;
    public static final int REPORT_SPEND = 8;
    public static final int PAUSE = 9;
    public static final int RECAPITALISE = 10;

    private final List<Asset> assets;
    private final Shard shard;

    /** @param assets written into the state by the first block; what counts later is what the state holds */
    public BridgeModule(List<Asset> assets, Board board) {
        this.assets = List.copyOf(assets);
        this.shard = new Shard(board);
    }

    @Override
    public int id() {
        return BridgeState.MODULE;
    }

    @Override
    public void genesis(Context context) {
        requireApart();
        for (Asset asset : assets) {
            AssetRules.requireUsable(asset);
            BridgeState.ASSETS.put(context, BridgeState.name(asset.symbol()), asset);
            BridgeState.ACCOUNTS.put(context, BridgeState.name(asset.symbol()), Accounts.ZERO);
        }
    }

    /** Burns are named by contract, so no two assets may share one. */
    private void requireApart() {
        long symbols = assets.stream().map(Asset::symbol).distinct().count();
        long contracts = assets.stream()
                .map(a -> a.evmChainId() + "/" + a.gatewayContract())
                .distinct()
                .count();
        if (symbols < assets.size() || contracts < assets.size()) {
            throw new IllegalArgumentException("two assets share a symbol or a gateway contract");
        }
    }

    @Override
    public void check(Transaction transaction, View state) throws Refusal {
        try {
            DoorCheck.check(transaction.kind(), transaction.body(), state);
        } catch (CodecException | IllegalArgumentException e) {
            throw new Refusal("malformed", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void execute(Transaction transaction, Context context) throws Refusal {
        try {
            route(transaction.kind(), transaction.body(), context);
        } catch (CodecException | IllegalArgumentException e) {
            throw new Refusal("malformed", String.valueOf(e.getMessage()));
        }
    }

    private void route(int kind, Bytes body, Context context) throws Refusal {
        switch (kind) {
            case REGISTER_GATEWAY -> Gateways.register(Gateways.Register.decode(body), context, shard);
            case OBSERVE_BLOCKS -> Observations.state(Observations.Blocks.decode(body), context);
            case OBSERVE_FEE_RATE -> Observations.state(Observations.FeeRate.decode(body), context);
            case REPORT_DEPOSIT -> Deposits.report(Deposits.Report.decode(body), context, shard);
            case REPORT_BURN -> Burns.report(Burns.Report.decode(body), context, shard);
            case RELEASE_BROADCAST -> Releases.broadcast(Releases.Broadcast.decode(body), context);
            case RELEASE_CONFIRMED -> Releases.confirmed(Releases.Confirmed.decode(body), context);
            case REPORT_SPEND -> Spends.report(Spends.Report.decode(body), context);
            case PAUSE -> Safety.vote(Safety.PauseVote.decode(body), context);
            case RECAPITALISE -> Recapitalisations.report(Recapitalisations.Report.decode(body), context, shard);
            default -> throw new Refusal("unknown-kind", "the bridge has no transaction of kind " + kind);
        }
    }

    @Override
    public int module() {
        return BridgeState.MODULE;
    }

    @Override
    public void signatureProduced(Context context, SigningRequest request, Point publicKey, Signature signature) {
        Optional<Pending> pending = BridgeState.PENDING.get(context, request.requestId());
        if (pending.isEmpty()) {
            return;
        }
        BridgeState.PENDING.remove(context, request.requestId());
        Pending waiting = pending.get();
        if (waiting.input() == Pending.MINT) {
            Deposits.signed(waiting.outpointOrTransfer(), signature, context);
        } else {
            Releases.signed(waiting.outpointOrTransfer(), waiting.input(), request.digest(), signature, context);
        }
    }

    /** Each part for itself: a defect of one must not keep the accounts from being checked. */
    @Override
    public void endBlock(Context context) {
        BridgeState.CLOCK.put(context, Bytes.EMPTY, context.timeMillis());
        context.attempt(() -> Gateways.prune(context));
        context.attempt(() -> Releases.planWaiting(context, shard));
        context.attempt(() -> MintQueue.order(context, shard));
        context.attempt(() -> Safety.checkAccounts(context));
    }
}
