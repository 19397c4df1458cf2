package io.cloister.bridge.runner;

import io.cloister.bridge.Asset;
import io.cloister.bridge.BridgeModule;
import io.cloister.bridge.BridgeState;
import io.cloister.bridge.Reports;
import io.cloister.ledger.View;
import io.cloister.multichain.BlockRef;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * What this node does when a block that was final is no longer in the best chain: it raises the alarm once, and votes
 * to pause the asset until it is paused. Once it was, resuming is the validators' business.
 */
final class Halt {
    private static final Logger LOG = System.getLogger(Halt.class.getName());

    private final Asset asset;
    private final String chain;
    private final Submissions submissions;
    private volatile Optional<BlockRef> broken = Optional.empty();
    private boolean paused;

    Halt(Asset asset, String chain, Submissions submissions) {
        this.asset = asset;
        this.chain = chain;
        this.submissions = submissions;
    }

    /** Whether a final block was undone since this node started. */
    boolean raised() {
        return broken.isPresent();
    }

    void step(Optional<BlockRef> now, View state) {
        if (now.isPresent() && !now.equals(broken)) {
            broken = now;
            paused = false;
            BlockRef block = now.get();
            LOG.log(
                    Level.ERROR,
                    () -> "ALARM: final block " + block.height() + " of " + chain + ", "
                            + block.hash().toHex() + ", is no longer in the best chain: "
                            + asset.symbol() + " must be paused");
        }
        paused |= BridgeState.pausedBecause(state, asset.symbol()).isPresent();
        if (broken.isPresent() && !paused) {
            submissions.state(BridgeModule.PAUSE, Reports.pause(asset.symbol(), true));
        }
    }
}
