package io.cloister.consensus.core;

import io.cloister.consensus.Header;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.ValidatorSet;
import java.util.List;
import java.util.Optional;

/**
 * Which set a block's header has to name: the one that the block before named next, in the same epoch; or that set with
 * the keys of the opening that begins a later epoch.
 */
public final class Succession {
    private Succession() {}

    /**
     * @param before epoch of the block before
     * @param named the set that the parent names next
     * @param opening that the block carries
     * @return empty when the header's epoch does not follow or the opening proves nothing
     */
    public static Optional<ValidatorSet> validators(
            long before, ValidatorSet named, Header header, Optional<Opening> opening, SignatureCheck check) {
        if (opening.isEmpty()) {
            return header.opens() || header.epoch() != before
                    ? Optional.empty()
                    : Optional.of(named).filter(it -> it.hash().equals(header.validatorsHash()));
        }
        Opening opens = opening.get();
        boolean follows = opens.epoch() == header.epoch()
                && header.epoch() > before
                && opens.hash().equals(header.openingHash())
                && opens.baseHeight() < header.height();
        return follows
                ? validators(named, header.chainId(), opens, check)
                        .filter(it -> it.hash().equals(header.validatorsHash()))
                : Optional.empty();
    }

    /** The set that an opening makes of the one that would have been, if statements of a quorum of it are there. */
    public static Optional<ValidatorSet> validators(
            ValidatorSet named, String chainId, Opening opening, SignatureCheck check) {
        List<KeyClaim> claims = opening.claims();
        long weight = claims.stream()
                .flatMap(claim -> named.bySlot(claim.slot()).stream())
                .mapToLong(it -> it.weight())
                .sum();
        return named.isQuorum(weight)
                ? KeyClaim.apply(named, chainId, opening.epoch(), claims, check)
                : Optional.empty();
    }
}
