package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Header;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.ValidatorSet;
import java.util.Optional;

/**
 * A block that is believed to be the chain's, and the set that it names next. From there a light walk goes on: a later
 * header is believed when that set certified it. Heights in which nothing changes are left out; each change of the set
 * and each opening needs a step of its own.
 *
 * @param own the set of the block itself; empty where the walk begins
 * @param block empty where the walk begins
 */
record Trust(
        long height,
        Bytes id,
        long timeMillis,
        long epoch,
        Optional<ValidatorSet> own,
        ValidatorSet named,
        Optional<CertifiedHeader> block) {
    static Trust of(Parent parent, ValidatorSet named) {
        return new Trust(
                parent.height(),
                parent.id(),
                parent.timeMillis(),
                parent.epoch(),
                Optional.empty(),
                named,
                Optional.empty());
    }

    /** The trust after a step; empty when the step proves nothing. */
    Optional<Trust> follow(String chainId, HeaderLink link, SignatureCheck check) {
        Header header = link.block().header();
        boolean later = header.chainId().equals(chainId)
                && header.height() > height
                && header.timeMillis() > timeMillis
                && (header.height() > height + 1 || header.parent().equals(id));
        if (!later) {
            return Optional.empty();
        }
        return Succession.validators(epoch, named, header, link.opening(), check)
                .filter(set -> link.block()
                        .certificate()
                        .flaw(header, set, link.block().keys(), check)
                        .isEmpty())
                .flatMap(set -> next(link, set)
                        .map(next -> new Trust(
                                header.height(),
                                header.id(),
                                header.timeMillis(),
                                header.epoch(),
                                Optional.of(set),
                                next,
                                Optional.of(link.block()))));
    }

    private static Optional<ValidatorSet> next(HeaderLink link, ValidatorSet own) {
        ValidatorSet next = link.next().orElse(own);
        return Optional.of(next)
                .filter(it -> it.hash().equals(link.block().header().nextValidatorsHash()));
    }
}
