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
    /** What a walk has to know of a block, if other validators decide after it or an epoch begins with it. */
    public static Optional<HeaderLink> change(CertifiedBlock block, ValidatorSet next) {
        Header header = block.block().header();
        boolean other = !header.nextValidatorsHash().equals(header.validatorsHash());
        HeaderLink link =
                new HeaderLink(block.header(), block.block().opening(), other ? Optional.of(next) : Optional.empty());
        return Optional.of(link).filter(HeaderLink::isChange);
    }

    /** Whether a walk from below to above needs this step. */
    public boolean isChange() {
        return opening.isPresent() || next.isPresent();
    }

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
