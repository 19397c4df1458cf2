package io.cloister.architecture.seeded.multichain.rpc;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;

/** An adapter, which may do what a core may not. */
public final class Client {
    Object thread() {
        return new Thread(() -> {});
    }

    Object clock() {
        return Instant.now();
    }

    Object connection() {
        return URI.create("http://localhost");
    }

    Object file() {
        return Path.of(".");
    }
}
