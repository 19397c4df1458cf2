package io.cloister.node.boot;

/** One step of a boot; a CDI bean. Exactly one bean exists for each {@link BootStage}. */
public interface BootStep {
    /** The name of the {@link BootStage} that this step does. */
    String name();

    /**
     * Does the step. Runs on the boot thread after every earlier step has succeeded; an interrupt means shutdown.
     *
     * @param context what earlier steps have left and where this one leaves its own
     * @throws Exception with the cause that health shows; the boot ends there
     */
    void run(BootContext context) throws Exception;
}
