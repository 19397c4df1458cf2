package io.cloister.channel.flow;

/** A peer sent more than it was granted, or granted more than can be meant. The connection must end. */
public final class FlowViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FlowViolation(String message) {
        super(message);
    }
}
