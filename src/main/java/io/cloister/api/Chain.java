package io.cloister.api;

import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Header;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.engine.Engine;
import java.time.Instant;
import java.util.Optional;

/** The decided chain as this node has stored it. */
interface Chain {
    /** Height of the last decided block, 0 before the first. */
    long height();

    Optional<CertifiedHeader> header(long height);

    Optional<CertifiedBlock> block(long height);

    /** Who decided that height. */
    Optional<ValidatorSet> validators(long height);

    /** The newest decided header; empty before the first block. */
    default Optional<Header> tip() {
        long height = height();
        return height == 0 ? Optional.empty() : header(height).map(CertifiedHeader::header);
    }

    /** Block time in milliseconds since 1970; 0 before the first block. */
    default long timeMillis() {
        return tip().map(Header::timeMillis).orElse(0L);
    }

    /** A time as the interface writes it: RFC 3339, UTC. */
    static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    static Chain of(NodeServices node) {
        return new Stored(Ready.require(node, node.engine()));
    }

    /** The chain of the node's engine. */
    record Stored(Engine engine) implements Chain {
        @Override
        public long height() {
            return engine.height();
        }

        @Override
        public Optional<CertifiedHeader> header(long height) {
            return engine.header(height);
        }

        @Override
        public Optional<CertifiedBlock> block(long height) {
            return engine.block(height);
        }

        @Override
        public Optional<ValidatorSet> validators(long height) {
            return engine.validators(height);
        }
    }
}
