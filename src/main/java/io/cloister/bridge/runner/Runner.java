package io.cloister.bridge.runner;

import io.cloister.ledger.View;

/** Follows one chain; called one step after the other by {@link BridgeRunner}. */
interface Runner {

    String asset();

    String chain();

    /** Height of the best block it has read. */
    long tip();

    /** Whether a block that was final has been undone since the start. */
    boolean broken();

    /** Gateways to which more was paid than there is room for. */
    int leftOut();

    /**
     * Makes sure that the node which is asked is of the right chain; called before the first step, and again after each
     * that failed.
     *
     * @throws io.cloister.multichain.rpc.RpcException WRONG_CHAIN when it is not
     */
    void requireChain();

    /**
     * Reads what is new and submits what the state lacks.
     *
     * @param nodes how many nodes take turns
     */
    void step(View state, int nodes);
}
