package io.cloister.evm.exchange;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The keys that a node's requests may be sealed to: the present one, which its evidence binds, and the one before it, for
 * clients that asked just before the change. What was sealed to an older one is lost to everybody. Thread-safe.
 */
public final class ServingKeys implements AutoCloseable {
    /** Between two rotations; a key opens requests for twice as long. */
    public static final Duration PERIOD = Duration.ofHours(1);

    private ServingKey current = new ServingKey();
    private Optional<ServingKey> previous = Optional.empty();

    public synchronized ServingKey current() {
        return current;
    }

    /** The key of an id as {@link Exchange#keyId} gives it, in hexadecimal. */
    public synchronized Optional<ServingKey> find(String keyId) {
        return Stream.concat(Stream.of(current), previous.stream())
                .filter(key -> Exchange.keyId(key.publicKey()).toHex().equals(keyId))
                .findFirst();
    }

    public synchronized void rotate() {
        previous.ifPresent(ServingKey::close);
        previous = Optional.of(current);
        current = new ServingKey();
    }

    @Override
    public synchronized void close() {
        previous.ifPresent(ServingKey::close);
        current.close();
    }
}
