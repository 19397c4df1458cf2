package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Header;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.VoteType;
import io.cloister.crypto.MerkleTree;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Validators with slots 1 to n at one height, and everything they may sign there. Slot s proposes where (h + r) mod n =
 * s - 1.
 */
final class Committee {
    static final String CHAIN = "core-test";
    static final long LAST_TIME = 5_000;
    static final Bytes LAST_ID = Bytes.zeros(32);

    final ValidatorSet validators;
    final long height;

    Committee(long height, List<Long> weights) {
        this.height = height;
        this.validators = TestKeys.validators(weights);
    }

    static Committee ofFour() {
        return new Committee(4, Collections.nCopies(4, 1L)); // slot r + 1 proposes in round r
    }

    HeightContext context(int slot) {
        return new HeightContext(
                CHAIN,
                0,
                height,
                validators,
                validators.bySlot(slot),
                ProposerRule.ROTATION,
                new Timeouts(1_000, 400, 250, 100, 10_000));
    }

    /** A block that differs from others by its time. */
    Block block(int number) {
        return block(height, number);
    }

    Block block(long ofHeight, int number) {
        List<Bytes> transactions = List.of(Bytes.utf8("transaction " + number));
        return new Block(
                new Header(
                        CHAIN,
                        0,
                        ofHeight,
                        LAST_TIME + 1 + number,
                        LAST_ID,
                        MerkleTree.root(transactions),
                        Bytes.zeros(32),
                        Bytes.zeros(32),
                        validators.hash(),
                        validators.hash(),
                        proposer(0).nodeId()),
                transactions);
    }

    Validator proposer(int round) {
        return ProposerRule.ROTATION.proposer(validators, height, round);
    }

    Bytes sign(int slot, Bytes digest) {
        return TestKeys.sign(validators.bySlot(slot).orElseThrow().voteKey(), digest);
    }

    Vote vote(VoteType type, int round, Optional<Bytes> id, int slot) {
        Bytes digest = context(slot).voteDigest(type, round, id);
        return new Vote(type, height, round, id, slot, sign(slot, digest));
    }

    Vote prevote(int round, Block block, int slot) {
        return vote(VoteType.PREVOTE, round, Optional.of(block.id()), slot);
    }

    Vote prevoteNil(int round, int slot) {
        return vote(VoteType.PREVOTE, round, Optional.empty(), slot);
    }

    Vote precommit(int round, Block block, int slot) {
        return vote(VoteType.PRECOMMIT, round, Optional.of(block.id()), slot);
    }

    Vote precommitNil(int round, int slot) {
        return vote(VoteType.PRECOMMIT, round, Optional.empty(), slot);
    }

    /** The polka of a round, by these slots. */
    Polka polka(int round, Block block, Integer... slots) {
        return new Polka(
                round,
                block.id(),
                Arrays.stream(slots)
                        .map(slot -> new CommitSignature(
                                slot, prevote(round, block, slot).signature()))
                        .toList());
    }

    Proposal proposal(int round, Block block) {
        return proposal(round, block, Optional.empty());
    }

    Proposal proposal(int round, Block block, Optional<Polka> polka) {
        Validator proposer = proposer(round);
        Bytes digest = context(proposer.slot())
                .proposalDigest(round, polka.map(Polka::round).orElse(-1), block.id());
        return new Proposal(round, block, polka, sign(proposer.slot(), digest));
    }
}
