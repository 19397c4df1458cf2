package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.Outline;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The core alone: one height of one validator, and the messages of a round as bytes. No signature is made or checked. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HeightBenchmark {
    @Param({"105", "1129"})
    private int transactionBytes;

    private final Committee committee = Committee.ofFour();
    private Block block = committee.block(1);
    private List<Batch> batches = List.of();
    private Message.Proposed proposal = new Message.Proposed(committee.proposal(0, committee.block(1)));
    private Message.Votes vote = new Message.Votes(List.of());
    private Bytes proposalBytes = Bytes.EMPTY;
    private Bytes voteBytes = Bytes.EMPTY;
    private List<Vote> votes = List.of();

    @Setup
    public void prepare() {
        List<Bytes> transactions = IntStream.range(0, 160)
                .mapToObj(i -> Bytes.concat(Bytes.utf8("%05d".formatted(i)), Bytes.zeros(transactionBytes - 5)))
                .toList();
        batches = List.of(new Batch(transactions));
        block = committee.block(0, 1, batches);
        proposal = new Message.Proposed(committee.proposal(0, block));
        votes = new ArrayList<>();
        for (VoteType type : VoteType.values()) {
            for (int slot = 1; slot <= 4; slot++) {
                votes.add(committee.vote(type, 0, Optional.of(block.id()), slot));
            }
        }
        vote = new Message.Votes(votes.subList(0, 1));
        proposalBytes = MessageCodec.encode(proposal);
        voteBytes = MessageCodec.encode(vote);
    }

    /** Proposal and eight votes through driver, round machine and vote keeper, up to the decision. */
    @Benchmark
    public List<Effect> driver() {
        Driver driver = new Driver(committee.context(4), Timeouts.DEFAULT, Timeouts.DEFAULT::proposeBase);
        driver.step(new Input.Start());
        driver.step(new Input.ProposalArrived(proposal.proposal(), true));
        driver.step(new Input.BodyReady(block));
        driver.step(new Input.Judged(committee.height, block.id(), true));
        List<Effect> last = List.of();
        for (Vote each : votes) {
            last = driver.step(new Input.VoteArrived(each));
        }
        return last;
    }

    @Benchmark
    public Bytes encodeProposal() {
        return MessageCodec.encode(proposal);
    }

    @Benchmark
    public Message decodeProposal() {
        return MessageCodec.decode(proposalBytes);
    }

    @Benchmark
    public Bytes encodeVote() {
        return MessageCodec.encode(vote);
    }

    @Benchmark
    public Message decodeVote() {
        return MessageCodec.decode(voteBytes);
    }

    @Benchmark
    public Bytes transactionsRoot() {
        return Outline.transactionsRoot(batches.stream().map(Batch::digest).toList());
    }
}
