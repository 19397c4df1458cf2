package io.cloister.bridge.runner;

import io.cloister.multichain.rpc.RpcException;
import org.jspecify.annotations.Nullable;

/**
 * Does a step's items one by one: one that fails keeps no other from being done. Only a node that does not answer at all
 * ends the step at once, because every further question would wait for its deadline too.
 */
final class Items {
    private @Nullable RuntimeException failure;

    void attempt(Runnable item) {
        try {
            item.run();
        } catch (RpcException e) {
            if (!e.isAboutTheAnswer()) {
                throw e;
            }
            note(e);
        } catch (RuntimeException e) {
            note(e);
        }
    }

    private void note(RuntimeException e) {
        if (failure == null) {
            failure = e;
        } else {
            failure.addSuppressed(e);
        }
    }

    /** Throws what failed first, now that the rest is done. */
    void end() {
        if (failure != null) {
            throw failure;
        }
    }
}
