package io.cloister.attestation;

import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.ProductLine;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a node spends on the evidence of a peer: report, chain of certificates, binding and policy. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EvidenceBenchmark {
    private static final Leaf LEAF = new Leaf(Purpose.PEER_CHANNEL, List.of(TestChips.filled(32, 1)));

    private final EvidenceVerifier verifier = new EvidenceVerifier();
    private Policy policy;
    private Evidence evidence;

    @Setup
    public void prepare() {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        policy = TestChips.policy(ProductLine.GENOA);
        evidence = TestChips.evidence(chip, TestChips.report(chip, 3), TestChips.keys(), LEAF);
        if (!verify().accepted()) {
            throw new IllegalStateException("the evidence that is to be measured is refused");
        }
    }

    @Benchmark
    public Verdict verify() {
        return verifier.verify(evidence, LEAF, policy, TestChips.AT);
    }
}
