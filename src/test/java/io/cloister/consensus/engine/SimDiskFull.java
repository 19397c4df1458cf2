package io.cloister.consensus.engine;

/** A write finds no room: as on a real machine, an exception that the node has to live with or to stop at. */
final class SimDiskFull extends RuntimeException {
    static final String TEXT = "no space left on the simulated disk";
    private static final long serialVersionUID = 1L;

    SimDiskFull() {
        super(TEXT);
    }
}
