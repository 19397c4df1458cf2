package io.cloister.evm;

import io.cloister.evm.LimitExceededException.Limit;
import java.util.function.LongSupplier;

/**
 * Runs simulations on the calling thread. Thread-safe; simulations share nothing but a bounded cache of analysed code.
 */
public final class LocalSimulator implements Simulator {
    private final CodeCache codes = new CodeCache();
    private final LongSupplier nanoTime;

    /** @param nanoTime a monotonic clock in nanoseconds, for the limit on running time alone */
    public LocalSimulator(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public SimulationResult simulate(SimulationRequest request, Limits limits) {
        if (request.transaction().gasLimit() > limits.gas()) {
            throw new LimitExceededException(Limit.GAS);
        }
        return new Execution(request, codes).run(limits, nanoTime);
    }
}
