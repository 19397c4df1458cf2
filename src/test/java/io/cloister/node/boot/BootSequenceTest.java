package io.cloister.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BootSequenceTest {
    private final List<String> ran = new ArrayList<>();
    private final BootContext context = new BootContext();
    private final BootSequence boot = new BootSequence();

    @Test
    void runsTheStepsInTheirFixedOrderWhoeverContributesThemFirst() {
        List<BootStep> steps = all();
        Collections.reverse(steps);

        boot.run(steps, context);

        assertThat(ran)
                .containsExactlyElementsOf(
                        Arrays.stream(BootStage.values()).map(BootStage::name).toList());
        assertThat(boot.status()).isEqualTo(BootStatus.done());
    }

    @Test
    void stopsAtAFailedStepAndNamesItsCause() {
        List<BootStep> steps = all();
        steps.set(
                BootStage.STATE.ordinal(),
                new Step(
                        BootStage.STATE,
                        new IllegalStateException(
                                "the keyset does not open", new IOException("tag mismatch\n at byte 3"))));

        boot.run(steps, context);

        assertThat(ran).doesNotContain(BootStage.MIGRATION.name()).endsWith(BootStage.STATE.name());
        assertThat(boot.status())
                .isEqualTo(BootStatus.failed(BootStage.STATE, "the keyset does not open; tag mismatch at byte 3"));
    }

    @Test
    void stopsAtAStepThatNobodyContributes() {
        List<BootStep> steps = all();
        steps.remove(BootStage.SELF_VERIFICATION.ordinal());

        boot.run(steps, context);

        assertThat(boot.status())
                .isEqualTo(BootStatus.failed(BootStage.SELF_VERIFICATION, "this build has no step SELF_VERIFICATION"));
    }

    @Test
    void refusesTwoStepsOfOneName() {
        List<BootStep> steps = all();
        steps.add(new Step(BootStage.PEERS, null));

        boot.run(steps, context);

        assertThat(ran).isEmpty();
        assertThat(boot.status().cause()).hasValue("two steps are named PEERS");
    }

    @Test
    void namesTheStepThatRuns() {
        List<BootStatus> seen = new ArrayList<>();
        List<BootStep> steps = all();
        steps.set(0, new BootStep() {
            @Override
            public String name() {
                return BootStage.CONFIGURATION.name();
            }

            @Override
            public void run(BootContext ignored) {
                seen.add(boot.status());
            }
        });

        boot.run(steps, context);

        assertThat(seen).containsExactly(BootStatus.running(BootStage.CONFIGURATION));
    }

    @Test
    void handsOnWhatAStepProvidesOnceOnly() {
        context.provide(String.class, "one");

        assertThat(context.get(String.class)).isEqualTo("one");
        assertThat(context.find(Integer.class)).isEmpty();
        assertThatThrownBy(() -> context.get(Integer.class)).hasMessageContaining("java.lang.Integer");
        assertThatThrownBy(() -> context.provide(String.class, "two")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void isReadyNoLongerWhenSomethingThatMustRunHasStopped() {
        AtomicReference<Optional<String>> ended = new AtomicReference<>(Optional.empty());
        context.watch("the engine", ended::get);

        boot.run(all(), context);
        assertThat(boot.status()).isEqualTo(BootStatus.done());
        assertThat(boot.status().isReady()).isTrue();

        ended.set(Optional.of("no memory"));
        assertThat(boot.status()).isEqualTo(BootStatus.stopped("the engine stopped: no memory"));
        assertThat(boot.status().isStarted()).isTrue();
        assertThat(boot.status().isReady()).isFalse();
    }

    @Test
    void aStepThatWaitsEndsWhenSomethingThatMustRunHasStopped() {
        AtomicReference<Optional<String>> ended = new AtomicReference<>(Optional.empty());
        context.watch("this boot", ended::get);
        context.requireRunning();

        ended.set(Optional.of("rollback detected"));
        assertThatThrownBy(context::requireRunning)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this boot stopped: rollback detected");
    }

    @Test
    void closesTheLatestFirstEvenWhenOneFails() {
        context.closeAtStop("first", () -> ran.add("first"));
        context.closeAtStop("second", () -> {
            throw new IOException("already gone");
        });
        context.closeAtStop("third", () -> ran.add("third"));

        context.closeAll();
        context.closeAtStop("late", () -> ran.add("late"));

        assertThat(ran).containsExactly("third", "first", "late");
    }

    private List<BootStep> all() {
        List<BootStep> steps = new ArrayList<>();
        for (BootStage stage : BootStage.values()) {
            steps.add(new Step(stage, null));
        }
        return steps;
    }

    private final class Step implements BootStep {
        private final BootStage stage;
        private final Exception failure;

        Step(BootStage stage, Exception failure) {
            this.stage = stage;
            this.failure = failure;
        }

        @Override
        public String name() {
            return stage.name();
        }

        @Override
        public void run(BootContext ignored) throws Exception {
            ran.add(stage.name());
            if (failure != null) {
                throw failure;
            }
        }
    }
}
