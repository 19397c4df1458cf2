package io.cloister.node.boot;

import java.util.Optional;

/**
 * Where a boot stands.
 *
 * @param stage the step that runs, or ran last
 * @param phase whether it runs, has failed, or was the last
 * @param cause why it failed or what has stopped, in one line, for {@link Phase#FAILED} and {@link Phase#STOPPED}
 */
public record BootStatus(BootStage stage, Phase phase, Optional<String> cause) {

    /** The states of a boot and of what came of it. */
    public enum Phase {
        /** A step runs. */
        RUNNING,
        /** A step has failed and no further one will run. */
        FAILED,
        /** Every step has succeeded. */
        DONE,
        /** Every step has succeeded, and something that the node cannot do without has stopped since. */
        STOPPED
    }

    static BootStatus running(BootStage stage) {
        return new BootStatus(stage, Phase.RUNNING, Optional.empty());
    }

    static BootStatus failed(BootStage stage, String cause) {
        return new BootStatus(stage, Phase.FAILED, Optional.of(cause));
    }

    static BootStatus done() {
        return new BootStatus(BootStage.READY, Phase.DONE, Optional.empty());
    }

    static BootStatus stopped(String cause) {
        return new BootStatus(BootStage.READY, Phase.STOPPED, Optional.of(cause));
    }

    /** Whether every step has succeeded, whatever has stopped since. */
    boolean isStarted() {
        return phase == Phase.DONE || phase == Phase.STOPPED;
    }

    /** Whether every step has succeeded and all of it still runs. */
    boolean isReady() {
        return phase == Phase.DONE;
    }
}
