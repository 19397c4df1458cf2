package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.Header;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.Validator;
import io.cloister.consensus.VoteType;
import java.util.Optional;

/**
 * The door before the core: signatures and everything about a message that is right or wrong on its face. What
 * execution decides is asked later, by {@link Effect.Validate}.
 */
final class Admission {
    private final SignatureCheck check;

    Admission(SignatureCheck check) {
        this.check = check;
    }

    Optional<Refusal> refusal(HeightContext context, Vote vote) {
        Optional<Validator> signer = context.validators().bySlot(vote.slot());
        if (signer.isEmpty()) {
            return Optional.of(Refusal.UNKNOWN_VALIDATOR);
        }
        Bytes digest = context.voteDigest(vote.type(), vote.round(), vote.blockId());
        return check.genuine(signer.get().voteKey(), digest, vote.signature())
                ? Optional.empty()
                : Optional.of(Refusal.BAD_SIGNATURE);
    }

    Optional<Refusal> refusal(HeightContext context, Proposal proposal) {
        Header header = proposal.block().header();
        Validator proposer = context.proposer(proposal.round());
        boolean fresh = proposal.polka().isEmpty();
        if (!header.chainId().equals(context.chainId())
                || header.epoch() != context.epoch()
                || header.height() != context.height()
                || (fresh && !header.proposer().equals(proposer.nodeId()))) {
            return Optional.of(Refusal.BAD_PROPOSAL);
        }
        Bytes id = header.id();
        Bytes digest = context.proposalDigest(proposal.round(), proposal.validRound(), id);
        if (!check.genuine(proposer.voteKey(), digest, proposal.signature())) {
            return Optional.of(Refusal.BAD_SIGNATURE);
        }
        if (!proposal.block().isIntact()) {
            return Optional.of(Refusal.BAD_PROPOSAL);
        }
        return proposal.polka().filter(polka -> !proves(context, polka, id)).map(polka -> Refusal.BAD_POLKA);
    }

    /** The second half of L28: Q prevotes for id(v) in round vr. */
    private boolean proves(HeightContext context, Polka polka, Bytes id) {
        Bytes digest = context.voteDigest(VoteType.PREVOTE, polka.round(), Optional.of(id));
        return polka.blockId().equals(id)
                && Certificate.flaw(digest, polka.signatures(), context.validators(), check)
                        .isEmpty();
    }

    /** A decided block of a peer: it must follow the own last one and carry the certificate of this height's set. */
    Optional<Refusal> refusal(HeightContext context, Bytes lastId, long lastTimeMillis, CertifiedBlock certified) {
        Block block = certified.block();
        Header header = block.header();
        boolean follows = header.chainId().equals(context.chainId())
                && header.epoch() == context.epoch()
                && header.height() == context.height()
                && header.parent().equals(lastId)
                && header.timeMillis() > lastTimeMillis
                && block.isIntact();
        return follows
                        && certified
                                .certificate()
                                .flaw(header, context.validators(), check)
                                .isEmpty()
                ? Optional.empty()
                : Optional.of(Refusal.BAD_BLOCK);
    }
}
