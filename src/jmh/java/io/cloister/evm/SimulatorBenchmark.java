package io.cloister.evm;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.EthereumTransaction;
import io.cloister.crypto.Hashes;
import io.cloister.evm.SimulationResult.Success;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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

/** How fast transactions are simulated: a second holds so many, and so many millions of gas. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SimulatorBenchmark {
    private static final Bytes OWNER = Bytes.hex("11".repeat(20));
    private static final Bytes RECIPIENT = Bytes.hex("22".repeat(20));
    private static final Bytes CONTRACT = Bytes.hex("cc".repeat(20));
    private static final Bytes TRANSFER = Bytes.hex("a9059cbb");

    /** Counts down from 100,000 and squares each number: 39 gas a round. */
    private static final Bytes LOOP = Bytes.hex("620186a0" + "5b" + "80800250" + "60019003" + "80600457" + "00");

    private final Simulator simulator = new LocalSimulator(System::nanoTime);
    private SimulationRequest seed;
    private SimulationRequest token;
    private SimulationRequest loop;

    /** What was used; JMH divides it by the time. */
    @State(Scope.Thread)
    @AuxCounters
    public static class Used {
        public double megaGas;
    }

    @Setup
    public void prepare() throws IOException {
        seed = SeedFormat.request(
                Bytes.utf8("{\"sender\":\"0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5\",\"amount\":\"0x2a\"}"));
        Bytes data = Bytes.concat(TRANSFER, RECIPIENT.padLeft(32), word(300));
        token = call(tokenCode(), Map.of(balanceOf(OWNER), word(1_000)), data);
        loop = call(LOOP, Map.of(), Bytes.EMPTY);
        for (SimulationRequest request : new SimulationRequest[] {seed, token, loop}) {
            if (!(simulator.simulate(request, Limits.DEFAULT).outcome() instanceof Success)) {
                throw new IllegalStateException("a transaction that is to be measured fails");
            }
        }
    }

    /** The project's own token as its constructor leaves it: without name and symbol, with eight decimals. */
    private Bytes tokenCode() throws IOException {
        try (InputStream artifact =
                Objects.requireNonNull(Simulator.class.getResourceAsStream("/contracts/CloisterAsset.json"))) {
            Bytes code = Bytes.hex(
                    new ObjectMapper().readTree(artifact).get("bytecode").textValue());
            Bytes creation = Bytes.concat(code, word(0x60), word(0x80), word(8), word(0), word(0));
            SimulationResult created =
                    simulator.simulate(request(new MemoryState(), Optional.empty(), creation), Limits.DEFAULT);
            Bytes address = ((Success) created.outcome()).created().orElseThrow();
            return Objects.requireNonNull(created.accounts().get(address))
                    .code()
                    .orElseThrow();
        }
    }

    private SimulationRequest call(Bytes code, Map<Bytes, Bytes> storage, Bytes data) {
        MemoryState state = new MemoryState().put(CONTRACT, BigInteger.ZERO, 1, code, storage);
        return request(state, Optional.of(CONTRACT), data);
    }

    /** In the seed's block and under its fork. */
    private SimulationRequest request(MemoryState state, Optional<Bytes> to, Bytes data) {
        BlockEnvironment block = seed.block();
        EthereumTransaction transaction = EthereumTransaction.legacy(
                block.chainId(), 0, BigInteger.ZERO, block.gasLimit(), to, BigInteger.ZERO, data);
        return new SimulationRequest(seed.fork(), block, OWNER, transaction, state);
    }

    /** The token keeps balances in a mapping at slot 0. */
    private static Bytes balanceOf(Bytes owner) {
        return Hashes.keccak256(owner.padLeft(32), Bytes.zeros(32));
    }

    private static Bytes word(long value) {
        return Words.toBytes(value, 0, 0, 0);
    }

    private SimulationResult run(SimulationRequest request, Used used) {
        SimulationResult result = simulator.simulate(request, Limits.DEFAULT);
        used.megaGas += result.gasUsed() / 1e6;
        return result;
    }

    @Benchmark
    public SimulationResult seedTransfer(Used used) {
        return run(seed, used);
    }

    @Benchmark
    public SimulationResult tokenTransfer(Used used) {
        return run(token, used);
    }

    @Benchmark
    public SimulationResult tightLoop(Used used) {
        return run(loop, used);
    }
}
