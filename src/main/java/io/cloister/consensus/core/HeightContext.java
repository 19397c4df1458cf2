package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Opening;
import io.cloister.consensus.SignBytes;
import io.cloister.consensus.Turns;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.VoteType;
import java.util.Optional;

/**
 * What does not change while one height is decided in one epoch.
 *
 * @param self the own seat, empty for a node that only follows
 * @param opening of the epoch, as long as no block of the chain carries it
 * @param required the one block that may be decided here, after a recovery that found a polka for it
 */
public record HeightContext(
        String chainId,
        long epoch,
        Parent parent,
        ValidatorSet validators,
        Optional<Validator> self,
        Optional<Opening> opening,
        Optional<Bytes> required) {
    public long height() {
        return parent.height() + 1;
    }

    public Validator proposer(int round) {
        return Turns.proposer(validators, parent.absent(), height(), round);
    }

    boolean proposes(int round) {
        return self.isPresent() && proposer(round).slot() == self.get().slot();
    }

    boolean isOwn(int slot) {
        return self.isPresent() && self.get().slot() == slot;
    }

    /** The digest that a vote of this height signs. */
    public Bytes voteDigest(VoteType type, int round, Optional<Bytes> blockId, int basis) {
        return SignBytes.vote(chainId, epoch, height(), round, type, blockId, basis);
    }

    /** The digest that a vote extension of this height signs. */
    public Bytes extensionDigest(int round, Bytes blockId, Bytes data) {
        return SignBytes.extension(chainId, epoch, height(), round, blockId, data);
    }

    /** The digest that a proposal of this height signs. */
    public Bytes proposalDigest(int round, int validRound, Bytes blockId) {
        return SignBytes.proposal(chainId, epoch, height(), round, validRound, blockId);
    }
}
