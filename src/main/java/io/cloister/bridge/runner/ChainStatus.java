package io.cloister.bridge.runner;

import java.util.Optional;

/**
 * How this node gets on with one chain of one asset.
 *
 * @param tip height of the best block read
 * @param state what it is doing
 * @param trouble what stands in the way, without names of endpoints
 * @param broken whether a block that was final has been undone since the start
 * @param leftOut gateways to which more was paid than there is room for
 */
public record ChainStatus(
        String asset, String chain, long tip, State state, Optional<String> trouble, boolean broken, int leftOut) {

    /** What a runner is doing. */
    public enum State {
        /** The last step succeeded, or there was none yet. */
        FOLLOWING,
        /** The last step failed; it is tried again. */
        FAILING,
        /** The node that was asked is of another chain; it is asked again and not believed before it is right. */
        WRONG_CHAIN,
        /** The thread has ended and only a restart helps. */
        ENDED
    }

    /** Whether this needs somebody who sets it right: it does not pass by itself. */
    public boolean isDown() {
        return state == State.WRONG_CHAIN || state == State.ENDED;
    }
}
