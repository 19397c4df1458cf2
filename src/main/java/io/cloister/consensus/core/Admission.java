package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.Header;
import io.cloister.consensus.Outline;
import io.cloister.consensus.Polka;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.Vote;
import java.util.Optional;

/**
 * The door before the core: signatures and everything about a message that is right or wrong on its face. What
 * execution decides is asked later, by {@link Effect.Validate}.
 */
final class Admission {
    private final SignatureCheck check;
    private final ExtensionCheck extensions;

    Admission(SignatureCheck check, ExtensionCheck extensions) {
        this.check = check;
        this.extensions = extensions;
    }

    Optional<Refusal> refusal(HeightContext context, Vote vote) {
        Optional<Validator> from = context.validators().bySlot(vote.slot());
        if (from.isEmpty()) {
            return Optional.of(Refusal.UNKNOWN_VALIDATOR);
        }
        boolean extended = vote.extension().isPresent();
        if (extended
                && !extensions.accepts(
                        vote.height(), from.get(), vote.extension().get().data())) {
            return Optional.of(Refusal.BAD_EXTENSION);
        }
        return vote.isGenuine(context.chainId(), context.validators(), check)
                ? Optional.empty()
                : Optional.of(Refusal.BAD_SIGNATURE);
    }

    Optional<Refusal> refusal(HeightContext context, Proposal proposal) {
        Outline outline = proposal.outline();
        Header header = outline.header();
        Validator proposer = context.proposer(proposal.round());
        if (!header.chainId().equals(context.chainId())
                || header.height() != context.height()
                || !header.parent().equals(context.parent().id())
                || !isInPlace(context, proposal, header)) {
            return Optional.of(Refusal.BAD_PROPOSAL);
        }
        Bytes id = header.id();
        if (context.required().filter(it -> !it.equals(id)).isPresent()) {
            return Optional.of(Refusal.BAD_PROPOSAL);
        }
        Bytes digest = context.proposalDigest(proposal.round(), proposal.validRound(), id);
        if (!check.genuine(proposer.voteKey(), digest, proposal.signature())) {
            return Optional.of(Refusal.BAD_SIGNATURE);
        }
        if (!outline.isIntact() || !isProper(context, outline)) {
            return Optional.of(Refusal.BAD_PROPOSAL);
        }
        return proposal.polka().filter(polka -> !proves(context, polka, id)).map(polka -> Refusal.BAD_POLKA);
    }

    /** A block is made in the round that first proposes it, by its proposer; only a recovery brings an older one. */
    private static boolean isInPlace(HeightContext context, Proposal proposal, Header header) {
        if (context.required().isPresent()) {
            return true;
        }
        boolean fresh = proposal.polka().isEmpty();
        return header.epoch() == context.epoch()
                && (fresh ? header.round() == proposal.round() : header.round() < proposal.round())
                && header.proposer().equals(context.proposer(header.round()).nodeId());
    }

    /** The parts that are the same for whoever checks: the proof of the block before, and the opening. */
    private boolean isProper(HeightContext context, Outline outline) {
        boolean opens = context.required().isPresent() || outline.opening().equals(context.opening());
        return opens && context.parent().isProvedBy(outline.lastCommit(), check);
    }

    /** The second half of L28: Q prevotes for id(v) in round vr. */
    private boolean proves(HeightContext context, Polka polka, Bytes id) {
        return polka.blockId().equals(id)
                && polka.isGenuine(context.chainId(), context.epoch(), context.height(), context.validators(), check);
    }

    /**
     * A decided block of a peer: it must follow the own last one and carry a certificate of its set.
     *
     * @param named the set that the own last block names next
     */
    Optional<Refusal> refusal(HeightContext context, ValidatorSet named, CertifiedBlock certified) {
        Block block = certified.block();
        Header header = block.header();
        Parent parent = context.parent();
        boolean follows = header.chainId().equals(context.chainId())
                && header.height() == context.height()
                && header.parent().equals(parent.id())
                && header.timeMillis() > parent.timeMillis()
                && block.isIntact();
        if (!follows) {
            return Optional.of(Refusal.BAD_BLOCK);
        }
        Optional<ValidatorSet> set = Succession.validators(parent.epoch(), named, header, block.opening(), check);
        return set.filter(it -> certified
                                .certificate()
                                .flaw(header, it, certified.keys(), check)
                                .isEmpty())
                        .isPresent()
                ? Optional.empty()
                : Optional.of(Refusal.BAD_BLOCK);
    }
}
