package io.cloister.consensus.ingress;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/** As many threads as processors, for checks of signatures, which do not wait for anything. */
final class Workers implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Workers.class.getName());

    private final ExecutorService threads;

    Workers(String name) {
        threads = Executors.newFixedThreadPool(
                Runtime.getRuntime().availableProcessors(),
                Thread.ofPlatform().daemon().name(name, 0).factory());
    }

    /** A task that throws is logged; after the close it is dropped. */
    void run(Runnable task) {
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.log(Level.ERROR, "a task of the ingress failed", e);
                }
            });
        } catch (RejectedExecutionException closed) {
            LOG.log(Level.TRACE, "a task came after the close");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
