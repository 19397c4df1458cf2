package io.cloister.evm;

/** Runs a transaction without sending it. An implementation may run it in this process or hand it to a worker. */
public interface Simulator {
    /**
     * Simulates one transaction, to a success, a revert or a halt.
     *
     * @throws TransactionRejectedException when no block could contain it
     * @throws StateNotCoveredException when it reads what the request's state does not cover
     * @throws UnsupportedPrecompileException when it calls a precompiled contract that this release lacks
     * @throws LimitExceededException when it needs more than the limits allow
     */
    SimulationResult simulate(SimulationRequest request, Limits limits);
}
