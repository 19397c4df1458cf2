package io.cloister.bridge.runner;

import io.cloister.bridge.Asset;
import io.cloister.bridge.BridgeModule;
import io.cloister.bridge.BridgeState;
import io.cloister.bridge.Reports;
import io.cloister.bridge.Transfer;
import io.cloister.ledger.View;
import io.cloister.multichain.rpc.BitcoinRpc;
import io.cloister.multichain.rpc.FeeEstimate;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * States this node's fee estimate when a release waits for a rate, when the estimate has moved by a tenth, and before
 * the last statement is too old to count.
 */
final class FeeStatements {
    private static final Logger LOG = System.getLogger(FeeStatements.class.getName());
    private static final int WITHIN_BLOCKS = 6;
    private static final int STEPS_BETWEEN_ESTIMATES = 30;

    private final Asset asset;
    private final BitcoinRpc rpc;
    private final Submissions submissions;
    private long stated;
    private long statedHeight;
    private int steps;

    FeeStatements(Asset asset, BitcoinRpc rpc, Submissions submissions) {
        this.asset = asset;
        this.rpc = rpc;
        this.submissions = submissions;
    }

    void step(View state) {
        boolean needed = BridgeState.feeRate(state, asset.chain()).isEmpty()
                && BridgeState.openTransfers(state).stream().anyMatch(t -> t.state() == Transfer.State.WAITING);
        boolean due = steps++ % STEPS_BETWEEN_ESTIMATES == 0;
        if (!needed && !due) {
            return;
        }
        FeeEstimate estimate = rpc.estimateFee(WITHIN_BLOCKS);
        long change = Math.abs(estimate.ratePerKvb() - stated);
        boolean old = submissions.height() - statedHeight > BridgeState.FEE_LIFETIME / 2;
        if (needed || old || stated == 0 || 10 * change >= stated) {
            LOG.log(
                    Level.INFO,
                    () -> "fee rate of " + asset.chain() + ": " + estimate.ratePerKvb() + " by " + estimate.source()
                            + ", " + estimate.detail());
            stated = estimate.ratePerKvb();
            statedHeight = submissions.height();
            submissions.state(BridgeModule.OBSERVE_FEE_RATE, Reports.feeRate(asset.chain(), stated));
        }
    }
}
