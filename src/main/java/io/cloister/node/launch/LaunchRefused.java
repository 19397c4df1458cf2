package io.cloister.node.launch;

/** A node cannot be started here; the message says why in one line. */
final class LaunchRefused extends Exception {
    private static final long serialVersionUID = 1L;

    LaunchRefused(String why) {
        super(why);
    }

    LaunchRefused(String why, Throwable cause) {
        super(why + " (" + cause.getMessage() + ")", cause);
    }
}
