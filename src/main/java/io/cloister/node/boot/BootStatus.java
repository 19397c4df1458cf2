package io.cloister.node.boot;

import java.util.Optional;

/**
 * Where a boot stands.
 *
 * @param stage the step that runs, or ran last
 * @param phase whether it runs, has failed, or was the last
 * @param cause why it failed, in one line, for {@link Phase#FAILED}
 */
public record BootStatus(BootStage stage, Phase phase, Optional<String> cause) {

    /** The three states of a boot. */
    public enum Phase {
        /** A step runs. */
        RUNNING,
        /** A step has failed and no further one will run. */
        FAILED,
        /** Every step has succeeded. */
        DONE
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
}
