package io.cloister.consensus;

import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.Optional;

/**
 * One step of a light walk along the chain: a certified header, and what a node has to know besides to trust the set
 * after it.
 *
 * @param opening that the block carries, when it begins an epoch
 * @param next the set that the header names next, when that is another than its own
 */
public record HeaderLink(CertifiedHeader block, Optional<Opening> opening, Optional<ValidatorSet> next) {
    public long height() {
        return block.header().height();
    }

    public void encode(Writer writer) {
        block.encode(writer);
        writer.optional(opening, (w, it) -> it.encode(w)).optional(next, (w, it) -> it.encode(w));
    }

    public static HeaderLink decode(Reader reader) {
        return new HeaderLink(
                CertifiedHeader.decode(reader),
                reader.optional(Opening::decode),
                reader.optional(ValidatorSet::decode));
    }
}
