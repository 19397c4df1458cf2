package io.cloister.evm;

import java.util.EnumMap;
import java.util.Map;

/** The exceptional end of a call frame, as control flow: one instance a reason, without a stack trace. */
final class Halt extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final Map<HaltReason, Halt> INSTANCES = new EnumMap<>(HaltReason.class);

    static {
        for (HaltReason reason : HaltReason.values()) {
            INSTANCES.put(reason, new Halt(reason));
        }
    }

    static final Halt OUT_OF_GAS = of(HaltReason.OUT_OF_GAS);

    private final HaltReason reason;

    private Halt(HaltReason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    static Halt of(HaltReason reason) {
        return INSTANCES.get(reason);
    }

    HaltReason reason() {
        return reason;
    }
}
