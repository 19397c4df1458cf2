package io.cloister.node.boot;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * What the steps of a boot leave to each other and to the resources, by type. Reading is safe from every thread; only
 * the boot thread provides.
 */
@ApplicationScoped
public class BootContext {
    private static final System.Logger LOG = System.getLogger(BootContext.class.getName());

    private final Map<Class<?>, Object> provided = new ConcurrentHashMap<>();
    private final Deque<Closing> closings = new ArrayDeque<>();
    private final List<Supplier<Optional<String>>> watched = new CopyOnWriteArrayList<>();
    private boolean closed;

    private record Closing(String what, AutoCloseable resource) {}

    /**
     * Leaves a value for later steps and for the resources.
     *
     * @throws IllegalStateException when there is one of this type already
     */
    public <T> void provide(Class<T> type, T value) {
        if (provided.putIfAbsent(type, value) != null) {
            throw new IllegalStateException("a " + type.getName() + " was provided already");
        }
    }

    /** The value of a type, when the step that provides it has run. */
    public <T> Optional<T> find(Class<T> type) {
        return Optional.ofNullable(provided.get(type)).map(type::cast);
    }

    /**
     * The value of a type that an earlier step must have provided.
     *
     * @throws IllegalStateException when none has
     */
    public <T> T get(Class<T> type) {
        return find(type).orElseThrow(() -> new IllegalStateException("no step has provided a " + type.getName()));
    }

    /**
     * Has a resource closed when the node stops, the latest first. After the stop it is closed at once.
     *
     * @param what names the resource in the log
     */
    public void closeAtStop(String what, AutoCloseable resource) {
        synchronized (closings) {
            if (!closed) {
                closings.push(new Closing(what, resource));
                return;
            }
        }
        close(new Closing(what, resource));
    }

    /**
     * Watches what a step has started and the node cannot do without.
     *
     * @param what names it in the cause
     * @param ended why it does not run any more, if so; asked often and from any thread
     */
    public void watch(String what, Supplier<Optional<String>> ended) {
        watched.add(() -> ended.get().map(cause -> what + " stopped: " + cause));
    }

    /** What has stopped that must run, and why. */
    Optional<String> stopped() {
        return watched.stream().map(Supplier::get).flatMap(Optional::stream).findFirst();
    }

    /**
     * For a step that waits.
     *
     * @throws IllegalStateException when something has stopped that must run
     */
    public void requireRunning() {
        stopped().ifPresent(cause -> {
            throw new IllegalStateException(cause);
        });
    }

    void closeAll() {
        while (true) {
            Closing next;
            synchronized (closings) {
                closed = true;
                next = closings.poll();
            }
            if (next == null) {
                return;
            }
            close(next);
        }
    }

    private static void close(Closing closing) {
        try {
            closing.resource().close();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.WARNING, "closing " + closing.what() + " failed", e);
        }
    }
}
