package io.cloister.attestation.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepRunTest {
    private enum Letter {
        A,
        B,
        C,
        D
    }

    private final StepRun<Letter> run = new StepRun<>(Letter.class);

    @Test
    void listsEachStepInOrderWithWhatItSaid() {
        run.skip(Letter.D, "nothing given");
        assertThat(run.check(Letter.C, () -> "fits")).isTrue();
        assertThat(run.run(Letter.A, () -> 7, number -> "number " + number)).contains(7);
        run.skipRest("pointless");

        assertThat(run.outcomes())
                .containsExactly(
                        Map.entry(Letter.A, new Outcome.Passed("number 7")),
                        Map.entry(Letter.B, new Outcome.Skipped("pointless")),
                        Map.entry(Letter.C, new Outcome.Passed("fits")),
                        Map.entry(Letter.D, new Outcome.Skipped("nothing given")));
        assertThat(run.anyFailed()).isFalse();
    }

    @Test
    void stepFailsByFaultAndByUnreadableBytes() {
        assertThat(run.check(Letter.A, () -> {
                    Fault.require(false, "does not hold");
                    return "";
                }))
                .isFalse();
        assertThat(run.run(
                        Letter.B,
                        () -> {
                            throw new CodecException(Reason.TRUNCATED, "too short");
                        },
                        Object::toString))
                .isEmpty();

        assertThat(run.outcomes())
                .containsEntry(Letter.A, new Outcome.Failed("does not hold"))
                .containsEntry(Letter.B, new Outcome.Failed("too short"));
        assertThat(run.anyFailed()).isTrue();
    }

    @Test
    void defectOfAStepIsNoOutcome() {
        assertThatThrownBy(() -> run.check(Letter.A, () -> {
                    throw new IllegalStateException("defect");
                }))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void forgottenStepMayBeSkippedWithTheRest() {
        run.check(Letter.A, () -> "fits");
        run.forget(Letter.A);
        run.skipRest("not proved");

        assertThat(run.skipped(Letter.A)).isTrue();
        assertThat(run.passed(Letter.A)).isFalse();
    }
}
