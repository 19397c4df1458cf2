package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.SignBytes;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.VoteType;
import java.util.Optional;

/**
 * What does not change while one height is decided.
 *
 * @param self the own seat, empty for a node that only follows
 */
public record HeightContext(
        String chainId,
        long epoch,
        long height,
        ValidatorSet validators,
        Optional<Validator> self,
        ProposerRule rule,
        Timeouts timeouts) {
    Validator proposer(int round) {
        return rule.proposer(validators, height, round);
    }

    boolean proposes(int round) {
        return self.isPresent() && proposer(round).slot() == self.get().slot();
    }

    boolean isOwn(int slot) {
        return self.isPresent() && self.get().slot() == slot;
    }

    /** The digest that a vote of this height signs. */
    public Bytes voteDigest(VoteType type, int round, Optional<Bytes> blockId) {
        return SignBytes.vote(chainId, epoch, height, round, type, blockId);
    }

    /** The digest that a proposal of this height signs. */
    public Bytes proposalDigest(int round, int validRound, Bytes blockId) {
        return SignBytes.proposal(chainId, epoch, height, round, validRound, blockId);
    }
}
