package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.BlockContext;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Execution;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Outline;
import io.cloister.consensus.SignBytes;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.Turns;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.Parent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Makes the blocks of a chain by hand, as its validators would, each in round 0 and certified by all of them. */
final class TestChain {
    final Genesis genesis;
    final TestApplication application = new TestApplication();
    private Parent parent;
    private ValidatorSet named;
    private long epoch;
    private Optional<Opening> opening = Optional.empty();

    TestChain(Genesis genesis) {
        this.genesis = genesis;
        application.restore(genesis.state(), Optional.empty());
        parent = Parent.of(genesis);
        named = genesis.validators();
        epoch = genesis.epoch();
    }

    Parent parent() {
        return parent;
    }

    ValidatorSet named() {
        return named;
    }

    /** The next block begins the epoch of this opening. */
    void open(Opening opened) {
        opening = Optional.of(opened);
        epoch = opened.epoch();
    }

    /** Who signs the next block. */
    ValidatorSet voters() {
        return opening.map(it -> KeyClaim.replaced(named, it.claims()).orElseThrow())
                .orElse(named);
    }

    /** An honest block on top of the last one; it is not part of the chain yet. */
    Block propose(long timeMillis, String... transactions) {
        List<Batch> batches = transactions.length == 0
                ? List.of()
                : List.of(new Batch(Arrays.stream(transactions).map(Bytes::utf8).toList()));
        ValidatorSet voters = voters();
        long height = parent.height() + 1;
        List<Integer> absent = parent.header().map(Header::absent).orElse(List.of());
        Bytes proposer = Turns.proposer(voters, absent, height, 0).nodeId();
        BlockContext context =
                new BlockContext(epoch, height, timeMillis, proposer, parent.id(), parent.commit(), opening);
        Execution execution = executed(context, batches);
        Header header = new Header(
                genesis.chainId(),
                epoch,
                height,
                0,
                timeMillis,
                parent.id(),
                Outline.hash(parent.commit()),
                Outline.openingHash(opening),
                Outline.transactionsRoot(batches.stream().map(Batch::digest).toList()),
                execution.receiptsRoot(),
                execution.stateRoot(),
                voters.hash(),
                execution.nextValidators().hash(),
                Turns.absent(voters, absent, height, 0),
                proposer);
        return new Block(header, parent.commit(), opening, batches);
    }

    private Execution executed(BlockContext context, List<Batch> batches) {
        List<Bytes> transactions =
                batches.stream().flatMap(it -> it.transactions().stream()).toList();
        try {
            return application.process(context, transactions);
        } catch (InvalidBlock e) {
            return new Execution(Bytes.zeros(32), Bytes.zeros(32), List.of(), named, "");
        }
    }

    Certificate certificate(Block block) {
        Header header = block.header();
        Bytes digest = SignBytes.vote(
                header.chainId(), epoch, header.height(), 0, VoteType.PRECOMMIT, Optional.of(block.id()));
        return new Certificate(
                epoch,
                header.height(),
                0,
                block.id(),
                voters().validators().stream()
                        .map(it -> new CommitSignature(it.slot(), TestKeys.sign(it.voteKey(), digest)))
                        .toList());
    }

    /** Another block of the chain. */
    StoreTail.Entry next(String... transactions) {
        return take(propose(parent.timeMillis() + 100, transactions));
    }

    /** A proposed block is decided. */
    StoreTail.Entry take(Block block) {
        Execution execution = executed(BlockContext.of(block), block.batches());
        CertifiedBlock certified = new CertifiedBlock(block, certificate(block));
        ValidatorSet voters = voters();
        application.finalizeBlock(block, certified.certificate(), execution);
        parent = Parent.of(certified.header(), voters);
        named = execution.nextValidators();
        opening = Optional.empty();
        return new StoreTail.Entry(certified, execution.changes(), execution.nextValidators());
    }
}
