package io.cloister.evm;

import java.util.stream.Stream;

/** The exceptional end of a call frame, as control flow: one instance a reason, without a stack trace. */
final class Halt extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final Halt[] INSTANCES =
            Stream.of(HaltReason.values()).map(Halt::new).toArray(Halt[]::new);

    static final Halt OUT_OF_GAS = of(HaltReason.OUT_OF_GAS);

    private final HaltReason reason;

    private Halt(HaltReason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    static Halt of(HaltReason reason) {
        return INSTANCES[reason.ordinal()];
    }

    HaltReason reason() {
        return reason;
    }
}
