package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.SignBytes;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.Proposal;
import io.cloister.consensus.core.Vote;

/** The sign-bytes of one chain and epoch. */
record Digests(String chainId, long epoch) {
    Bytes of(Proposal proposal) {
        return SignBytes.proposal(
                chainId,
                epoch,
                proposal.height(),
                proposal.round(),
                proposal.validRound(),
                proposal.block().id());
    }

    Bytes of(Vote vote) {
        return SignBytes.vote(chainId, epoch, vote.height(), vote.round(), vote.type(), vote.blockId());
    }

    static SafeSigner.Ballot ballot(VoteType type) {
        return type == VoteType.PREVOTE ? SafeSigner.Ballot.PREVOTE : SafeSigner.Ballot.PRECOMMIT;
    }
}
