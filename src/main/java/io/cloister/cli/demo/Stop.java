package io.cloister.cli.demo;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tells an end that the user wants from a failure: on a signal everything that runs breaks off, and what breaks off then
 * says nothing about the demo.
 */
final class Stop {
    /** Exit status of a process that Ctrl-C has ended. */
    static final int STATUS = 130;

    private enum State {
        RUNNING,
        ENDED,
        STOPPED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    private final PrintStream out;

    Stop(PrintStream out) {
        this.out = out;
    }

    /** Says so when the process is told to end before the demo has. */
    Stop onSignal() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::signalled, "demo-stop"));
        return this;
    }

    void signalled() {
        if (state.compareAndSet(State.RUNNING, State.STOPPED)) {
            out.println();
            out.println("stopped by Ctrl-C; what the demo started is being stopped as well");
        }
    }

    /** The demo has ended by itself; what comes after is no stop. */
    void ended() {
        state.compareAndSet(State.RUNNING, State.ENDED);
    }

    boolean requested() {
        return state.get() == State.STOPPED;
    }
}
