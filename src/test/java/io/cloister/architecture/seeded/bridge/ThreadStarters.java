package io.cloister.architecture.seeded.bridge;

import java.util.List;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Cores that start a thread or keep one waiting. */
public final class ThreadStarters {
    static final class ByThread {
        Object start() {
            return Thread.ofVirtual();
        }
    }

    static final class ByFuture {
        Object start() {
            return CompletableFuture.runAsync(() -> {});
        }
    }

    static final class ByParallelStream {
        Object start() {
            return List.of().parallelStream();
        }
    }

    static final class ByStreamMadeParallel {
        Object start() {
            return Stream.of().parallel();
        }
    }

    static final class ByExecutors {
        Object start() {
            return Executors.newVirtualThreadPerTaskExecutor();
        }
    }

    static final class ByCommonPool {
        Object start() {
            return ForkJoinPool.commonPool();
        }
    }

    static final class BySleeping {
        void start() throws InterruptedException {
            TimeUnit.SECONDS.sleep(1);
        }
    }

    record ByPool(ThreadPoolExecutor pool) {}

    record ByScheduler(ScheduledExecutorService scheduler) {}

    record ByExecutor(Executor executor) {}

    record ByFactory(ThreadFactory factory) {}

    record ByTimer(Timer timer) {}
}
