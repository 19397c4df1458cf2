package io.cloister.attestation.kds;

import java.util.List;
import java.util.Optional;

/**
 * The answer of a look-up.
 *
 * @param source who had it: {@code evidence}, {@code memory}, {@code thim}, {@code store}, {@code kds}; {@code none}
 * @param misses what the sources that were asked before it, or all of them, said
 */
public record Finding<T>(Optional<T> value, String source, List<Miss> misses) {
    public Finding {
        misses = List.copyOf(misses);
    }

    static <T> Finding<T> of(T value, String source, List<Miss> misses) {
        return new Finding<>(Optional.of(value), source, misses);
    }

    static <T> Finding<T> none(List<Miss> misses) {
        return new Finding<>(Optional.empty(), "none", misses);
    }

    /** The reasons in one line, for people. */
    public String summary() {
        return value.map(found -> "from " + source)
                .orElseGet(() ->
                        String.join("; ", misses.stream().map(Miss::toString).toList()));
    }
}
