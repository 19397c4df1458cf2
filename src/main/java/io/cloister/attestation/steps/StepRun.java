package io.cloister.attestation.steps;

import io.cloister.codec.CodecException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One run of some steps. A step fails by throwing {@link Fault} or {@link CodecException} with the reason; the run goes
 * on. Not thread-safe.
 *
 * @param <S> the steps, in their order
 */
public final class StepRun<S extends Enum<S>> {
    private final Class<S> steps;
    private final Map<S, Outcome> outcomes;

    public StepRun(Class<S> steps) {
        this.steps = steps;
        this.outcomes = new EnumMap<>(steps);
    }

    /** Runs a step whose result is the detail of its outcome; whether it passed. */
    public boolean check(S step, Supplier<String> test) {
        return run(step, test, detail -> detail).isPresent();
    }

    /** Runs a step; empty when it failed. */
    public <T> Optional<T> run(S step, Supplier<T> test, Function<T, String> detail) {
        try {
            T result = test.get();
            outcomes.put(step, new Outcome.Passed(detail.apply(result)));
            return Optional.of(result);
        } catch (Fault | CodecException e) {
            outcomes.put(step, new Outcome.Failed(String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    public void fail(S step, String why) {
        outcomes.put(step, new Outcome.Failed(why));
    }

    public void skip(S step, String why) {
        outcomes.put(step, new Outcome.Skipped(why));
    }

    /** Skips each step that has no outcome yet. */
    public void skipRest(String why) {
        for (S step : steps.getEnumConstants()) {
            outcomes.putIfAbsent(step, new Outcome.Skipped(why));
        }
    }

    /** As if the step had not been run. */
    public void forget(S step) {
        outcomes.remove(step);
    }

    public boolean passed(S step) {
        return outcomes.get(step) instanceof Outcome.Passed;
    }

    public boolean skipped(S step) {
        return outcomes.get(step) instanceof Outcome.Skipped;
    }

    public boolean anyFailed() {
        return outcomes.values().stream().anyMatch(Outcome.Failed.class::isInstance);
    }

    /** A copy of the outcomes so far, in the steps' order. */
    public Map<S, Outcome> outcomes() {
        return new EnumMap<>(outcomes);
    }
}
