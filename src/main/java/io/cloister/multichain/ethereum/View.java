package io.cloister.multichain.ethereum;

import io.cloister.codec.Bytes;
import java.util.function.Function;

/**
 * A question to a contract that changes nothing.
 *
 * @param callData selector and arguments
 * @param decoder throws a RuntimeException for anything but an answer to this question
 */
public record View<T>(Bytes callData, Function<Bytes, T> decoder) {
    <U> View<U> map(Function<T, U> next) {
        return new View<>(callData, decoder.andThen(next));
    }
}
