package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Extension;
import io.cloister.consensus.Header;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Outline;
import io.cloister.consensus.Polka;
import io.cloister.consensus.SignBytes;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.Turns;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Validators with slots 1 to n at one height, and everything they may sign there. At height 2n slot r + 1 proposes in
 * round r.
 */
final class Committee {
    static final String CHAIN = "core-test";
    static final long LAST_TIME = 5_000;
    static final Bytes LAST_ID = Bytes.zeros(32);
    static final Timeouts TIMEOUTS = new Timeouts(1_000, 400, 250, 100, 10_000);

    final ValidatorSet validators;
    final long height;
    final long epoch;
    final Parent parent;

    Committee(long height, List<Long> weights) {
        this.height = height;
        this.epoch = 0;
        this.validators = TestKeys.validators(weights);
        this.parent = parent(height - 1, validators);
    }

    private Committee(long height, long epoch, ValidatorSet validators, Parent parent) {
        this.height = height;
        this.epoch = epoch;
        this.validators = validators;
        this.parent = parent;
    }

    static Committee ofFour() {
        return of(1L, 1L, 1L, 1L);
    }

    /** At the height at which slot r + 1 proposes in round r. */
    static Committee of(Long... weights) {
        return new Committee(2L * weights.length, List.of(weights));
    }

    /** The same height in another epoch with other keys. */
    Committee in(long otherEpoch, ValidatorSet others) {
        return new Committee(height, otherEpoch, others, parent);
    }

    /** The height after a block of this one. */
    Committee after(Block block) {
        Parent next = Parent.of(new CertifiedHeader(block.header(), certificate(block, all()), List.of()), validators);
        return new Committee(height + 1, epoch, validators, next);
    }

    private static Parent parent(long height, ValidatorSet set) {
        if (height == 0) {
            return new Parent(LAST_ID, LAST_TIME, 0, Optional.empty(), Optional.empty(), Optional.empty());
        }
        Header last = new Header(
                CHAIN,
                0,
                height,
                0,
                LAST_TIME,
                LAST_ID,
                Header.NONE,
                Header.NONE,
                Outline.transactionsRoot(List.of()),
                Bytes.zeros(32),
                Bytes.zeros(32),
                set.hash(),
                set.hash(),
                List.of(),
                Turns.proposer(set, List.of(), height, 0).nodeId());
        Bytes digest = SignBytes.vote(CHAIN, 0, height, 0, VoteType.PRECOMMIT, Optional.of(last.id()));
        List<CommitSignature> signatures = set.validators().stream()
                .map(it -> new CommitSignature(it.slot(), TestKeys.sign(it.voteKey(), digest)))
                .toList();
        return Parent.of(
                new CertifiedHeader(last, new Certificate(0, height, 0, last.id(), signatures), List.of()), set);
    }

    private Integer[] all() {
        return validators.validators().stream().map(Validator::slot).toArray(Integer[]::new);
    }

    HeightContext context(int slot) {
        return new HeightContext(
                CHAIN, epoch, parent, validators, validators.bySlot(slot), Optional.empty(), Optional.empty());
    }

    /** A block of round 0 that differs from others by its time and its transaction. */
    Block block(int number) {
        return madeIn(0, number);
    }

    Block madeIn(int round, int number) {
        return block(round, number, List.of(new Batch(List.of(Bytes.utf8("transaction " + number)))));
    }

    Block block(int round, int number, List<Batch> batches) {
        return new Block(
                new Header(
                        CHAIN,
                        epoch,
                        height,
                        round,
                        parent.timeMillis() + 1 + number,
                        parent.id(),
                        Outline.hash(parent.commit()),
                        Header.NONE,
                        Outline.transactionsRoot(
                                batches.stream().map(Batch::digest).toList()),
                        Bytes.zeros(32),
                        Bytes.zeros(32),
                        validators.hash(),
                        validators.hash(),
                        Turns.absent(validators, parent.absent(), height, round),
                        proposer(round).nodeId()),
                parent.commit(),
                Optional.empty(),
                batches);
    }

    /** The first block of the epoch that an opening begins. */
    Block opened(int number, Opening opening) {
        Block block = block(number);
        Header of = block.header();
        Header header = new Header(
                CHAIN,
                epoch,
                height,
                of.round(),
                of.timeMillis(),
                of.parent(),
                of.commitHash(),
                Outline.openingHash(Optional.of(opening)),
                of.transactionsRoot(),
                of.receiptsRoot(),
                of.stateRoot(),
                of.validatorsHash(),
                of.nextValidatorsHash(),
                of.absent(),
                of.proposer());
        return new Block(header, block.lastCommit(), Optional.of(opening), block.batches());
    }

    Validator proposer(int round) {
        return Turns.proposer(validators, parent.absent(), height, round);
    }

    Bytes sign(int slot, Bytes digest) {
        return TestKeys.sign(validators.bySlot(slot).orElseThrow().voteKey(), digest);
    }

    Vote vote(VoteType type, int round, Optional<Bytes> id, int basis, int slot) {
        Bytes digest = context(slot).voteDigest(type, round, id, basis);
        return new Vote(type, epoch, height, round, id, basis, slot, Optional.empty(), sign(slot, digest));
    }

    Vote vote(VoteType type, int round, Optional<Bytes> id, int slot) {
        return vote(type, round, id, -1, slot);
    }

    Vote prevote(int round, Block block, int slot) {
        return vote(VoteType.PREVOTE, round, Optional.of(block.id()), slot);
    }

    Vote prevote(int round, Block block, int basis, int slot) {
        return vote(VoteType.PREVOTE, round, Optional.of(block.id()), basis, slot);
    }

    Vote prevoteNil(int round, int slot) {
        return vote(VoteType.PREVOTE, round, Optional.empty(), slot);
    }

    Vote precommit(int round, Block block, int slot) {
        return vote(VoteType.PRECOMMIT, round, Optional.of(block.id()), slot);
    }

    /** A precommit with what the application adds. */
    Vote precommit(int round, Block block, int slot, Bytes data) {
        Vote plain = precommit(round, block, slot);
        Extension extension = new Extension(data, sign(slot, plain.extensionDigest(CHAIN, data)));
        return new Vote(
                plain.type(),
                epoch,
                height,
                round,
                plain.blockId(),
                -1,
                slot,
                Optional.of(extension),
                plain.signature());
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
                        .map(slot -> prevote(round, block, slot).prevoteSignature())
                        .toList());
    }

    Certificate certificate(Block block, Integer... slots) {
        return new Certificate(
                epoch,
                height,
                0,
                block.id(),
                Arrays.stream(slots)
                        .map(slot -> precommit(0, block, slot).commitSignature())
                        .toList());
    }

    Proposal proposal(int round, Block block) {
        return proposal(round, block, Optional.empty());
    }

    Proposal proposal(int round, Block block, Optional<Polka> polka) {
        Validator proposer = proposer(round);
        Bytes digest = context(proposer.slot())
                .proposalDigest(round, polka.map(Polka::round).orElse(-1), block.id());
        return new Proposal(epoch, round, block.outline(), polka, sign(proposer.slot(), digest));
    }
}
