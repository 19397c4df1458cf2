package io.cloister.mpc.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.mpc.Fault;
import io.cloister.mpc.protocol.Effect;
import org.junit.jupiter.api.Test;

class OnceTest {
    private final Once once = new Once();

    @Test
    void aRepetitionIsNotNewAndAnotherSlotFaultOrInstanceIs() {
        assertThat(once.isNew(new Effect.Report(1, Fault.BAD_SHARE, "instance 1")))
                .isTrue();
        assertThat(once.isNew(new Effect.Report(1, Fault.BAD_SHARE, "instance 1")))
                .isFalse();
        assertThat(once.isNew(new Effect.Report(2, Fault.BAD_SHARE, "instance 1")))
                .isTrue();
        assertThat(once.isNew(new Effect.Report(1, Fault.BAD_SUPPORT, "instance 1")))
                .isTrue();
        assertThat(once.isNew(new Effect.Report(1, Fault.BAD_SHARE, "instance 2")))
                .isTrue();
    }

    @Test
    void forgetsTheOldestOfMany() {
        for (int i = 0; i <= 1_024; i++) {
            assertThat(once.isNew(i)).isTrue();
        }
        assertThat(once.isNew(1_024)).isFalse();
        assertThat(once.isNew(0)).isTrue();
    }
}
