package io.cloister.api;

import io.cloister.consensus.Header;
import io.cloister.consensus.engine.Engine;
import java.time.Instant;
import java.util.Optional;

/** The decided chain as this node has stored it. */
record Chain(Engine engine) {

    static Chain of(NodeServices node) {
        return new Chain(Ready.require(node, node.engine()));
    }

    /** The newest decided header; empty before the first block. */
    Optional<Header> tip() {
        long height = engine.height();
        return height == 0 ? Optional.empty() : header(height);
    }

    Optional<Header> header(long height) {
        return engine.header(height).map(h -> h.header());
    }

    /** Block time in milliseconds since 1970; 0 before the first block. */
    long timeMillis() {
        return tip().map(Header::timeMillis).orElse(0L);
    }

    /** A time as the interface writes it: RFC 3339, UTC. */
    static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
