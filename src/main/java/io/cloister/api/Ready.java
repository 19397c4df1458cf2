package io.cloister.api;

import java.util.Optional;

/** Demands what a resource needs of a node that may still be booting. */
final class Ready {
    private Ready() {}

    /** @throws ApiException 503 {@code node-not-ready} naming the step that the boot is in */
    static <T> T require(NodeServices node, Optional<T> service) {
        return service.orElseThrow(() -> ApiException.notReady(node.step()));
    }
}
