package io.cloister.cli.demo;

/** One step of the demo. */
interface Step {

    /** Few words. */
    String title();

    /** Does the step and reports each thing that it checked; throws when a check fails. */
    void run(Demo demo, Progress progress) throws Exception;
}
