package io.cloister.bridge;

import io.cloister.ledger.Context;
import io.cloister.ledger.View;
import io.cloister.multichain.bitcoin.OutPoint;
import java.util.Optional;

/** Deposits that are given back by guardians and therefore never minted. */
final class Refunds {
    /** Age of a payment from which its mint is not ordered any more: a day before guardians can give it back. */
    static final long MAX_AGE_MILLIS = 6 * 86_400_000L;

    private Refunds() {}

    /** Whether a mint that waits is too late. What a final release has spent nobody can give back. */
    static boolean isDue(Deposit deposit, long nowMillis, View state) {
        return nowMillis - deposit.paidMillis() > MAX_AGE_MILLIS
                && BridgeState.output(state, deposit.outpoint()).isPresent();
    }

    /** Leaves a deposit to its guardians, unless a release is about to spend it. */
    static void leave(Asset asset, Deposit deposit, Context context) {
        VaultOutput output = BridgeState.output(context, deposit.outpoint()).orElseThrow();
        if (output.state() == VaultOutput.State.FREE) {
            BridgeState.remove(context, output);
            book(asset, deposit, context);
            if (BridgeState.accounts(context, asset.symbol()).deficit() > 0) {
                Safety.pause(asset.symbol(), "the fee of a refunded deposit was spent", context);
            }
        }
    }

    /** Takes note that an output was spent; false when it is no deposit whose mint waits. */
    static boolean take(Asset asset, OutPoint spent, Context context) {
        Optional<Deposit> waiting = BridgeState.deposit(context, spent).filter(d -> MintQueue.holds(asset, d, context));
        waiting.ifPresent(deposit -> book(asset, deposit, context));
        return waiting.isPresent();
    }

    private static void book(Asset asset, Deposit deposit, Context context) {
        MintQueue.remove(asset, deposit, context);
        Deposit refunded = deposit.givenBack();
        BridgeState.DEPOSITS.put(context, Ids.key(deposit.outpoint()), refunded);
        Accounts before = BridgeState.accounts(context, asset.symbol());
        BridgeState.put(context, asset.symbol(), before.refunded(deposit.amount(), deposit.fee()));
        context.emit("bridge.deposit-refunded", Deposits.encoded(refunded));
    }
}
