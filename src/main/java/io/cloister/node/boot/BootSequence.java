package io.cloister.node.boot;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs the steps in the order of {@link BootStage} on a thread of the server, and closes what they opened. */
@ApplicationScoped
public class BootSequence {
    private static final System.Logger LOG = System.getLogger(BootSequence.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Inject
    @Any
    private Instance<BootStep> steps;

    @Inject
    private BootContext context;

    @Resource
    private ManagedThreadFactory threads;

    private volatile BootStatus status = BootStatus.running(BootStage.CONFIGURATION);
    private volatile Supplier<Optional<String>> stopped = Optional::empty;
    private volatile @Nullable Thread thread;

    /** Where the boot stands now, and what of it still runs. */
    public BootStatus status() {
        BootStatus now = status;
        return now.isReady() ? stopped.get().map(BootStatus::stopped).orElse(now) : now;
    }

    void start(@Observes Startup event) {
        Thread boot = threads.newThread(() -> run(steps, context));
        boot.setName("cloister-boot");
        thread = boot;
        boot.start();
    }

    void stop(@Observes Shutdown event) {
        Thread boot = thread;
        if (boot != null) {
            boot.interrupt();
        }
        context.closeAll();
        if (boot != null) {
            try {
                if (!boot.join(PATIENCE)) {
                    LOG.log(System.Logger.Level.WARNING, "the boot thread still runs in {0}", status.stage());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void run(Iterable<BootStep> contributed, BootContext left) {
        stopped = left::stopped;
        Map<BootStage, BootStep> plan;
        try {
            plan = plan(contributed);
        } catch (RuntimeException e) {
            fail(BootStage.CONFIGURATION, e);
            return;
        }
        for (BootStage stage : BootStage.values()) {
            status = BootStatus.running(stage);
            long begun = System.nanoTime();
            try {
                step(plan, stage).run(left);
            } catch (Exception | LinkageError e) {
                fail(stage, e);
                return;
            }
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0} done in {1} ms",
                    stage,
                    Long.toString(Duration.ofNanos(System.nanoTime() - begun).toMillis()));
        }
        status = BootStatus.done();
    }

    static Map<BootStage, BootStep> plan(Iterable<BootStep> steps) {
        Map<BootStage, BootStep> plan = new EnumMap<>(BootStage.class);
        for (BootStep step : steps) {
            if (plan.put(BootStage.valueOf(step.name()), step) != null) {
                throw new IllegalStateException("two steps are named " + step.name());
            }
        }
        return plan;
    }

    private static BootStep step(Map<BootStage, BootStep> plan, BootStage stage) {
        return Optional.ofNullable(plan.get(stage))
                .orElseThrow(() -> new IllegalStateException("this build has no step " + stage));
    }

    private void fail(BootStage stage, Throwable cause) {
        if (Thread.currentThread().isInterrupted() || cause instanceof InterruptedException) {
            LOG.log(System.Logger.Level.INFO, "the boot was stopped in {0}", stage);
        } else {
            LOG.log(System.Logger.Level.ERROR, "the boot stops in " + stage, cause);
        }
        status = BootStatus.failed(stage, oneLine(cause));
    }

    /** The messages of a throwable and its causes in one line, each once. */
    static String oneLine(Throwable failure) {
        StringBuilder text = new StringBuilder();
        Throwable at = failure;
        for (int depth = 0; at != null && depth < 8; depth++) {
            String message = Optional.ofNullable(at.getMessage())
                    .orElse(at.getClass().getSimpleName())
                    .replaceAll("\\s+", " ")
                    .strip();
            if (text.indexOf(message) < 0) {
                text.append(text.isEmpty() ? "" : "; ").append(message);
            }
            at = at.getCause();
        }
        return text.length() > 500 ? text.substring(0, 500) : text.toString();
    }
}
