package io.cloister.evm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.EthereumTransaction;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Strangers may send any bytes as code; nothing but the declared outcomes and errors may come of it. */
class RandomCodeTest {
    private static final Bytes SENDER = Bytes.hex("11".repeat(20));
    private static final Bytes CONTRACT = Bytes.hex("00".repeat(18) + "0200"); // near what small pushes can call
    private static final long GAS = 300_000;
    private static final Limits LIMITS = new Limits(GAS, 4 << 20, 1024, 10_000);

    private final Simulator simulator = new LocalSimulator(System::nanoTime);

    @Property(tries = 3_000)
    void endsInADeclaredWay(@ForAll Random random) {
        MemoryState state = new MemoryState()
                .put(SENDER, BigInteger.valueOf(1_000), 0, Bytes.EMPTY, Map.of())
                .put(CONTRACT, BigInteger.valueOf(50), 1, code(random), Map.of());
        BlockEnvironment block = new BlockEnvironment(
                BigInteger.ONE, 7, 1, GAS, Bytes.zeros(20), Bytes.zeros(32), BigInteger.ZERO, BigInteger.ONE);
        EthereumTransaction transaction = EthereumTransaction.legacy(
                BigInteger.ONE, 0, BigInteger.ZERO, GAS, Optional.of(CONTRACT), BigInteger.valueOf(5), code(random));
        Fork fork = Fork.values()[random.nextInt(3)];
        try {
            SimulationResult result =
                    simulator.simulate(new SimulationRequest(fork, block, SENDER, transaction, state), LIMITS);
            assertThat(result.gasUsed()).isBetween(21_000L, GAS);
            BigInteger total = result.accounts().values().stream()
                    .map(SimulationResult.TouchedAccount::balance)
                    .reduce(BigInteger.ZERO, BigInteger::add);
            assertThat(total).isLessThanOrEqualTo(BigInteger.valueOf(1_050)); // no wei comes from nothing
        } catch (StateNotCoveredException | UnsupportedPrecompileException | LimitExceededException e) {
            assertThat(e.getMessage()).isNotEmpty();
        } catch (TransactionRejectedException e) {
            assertThat(e.reason()).isEqualTo(TransactionRejectedException.Reason.INTRINSIC_GAS);
        }
    }

    /** Mostly small pushes, so that many instructions find arguments that they can use. */
    private static Bytes code(Random random) {
        byte[] code = new byte[random.nextInt(200)];
        for (int i = 0; i < code.length; i++) {
            int kind = random.nextInt(10);
            if (kind < 5 && i + 1 < code.length) {
                code[i++] = 0x60;
                code[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(4));
            } else if (kind == 5 && i + 2 < code.length) {
                code[i++] = 0x61;
                code[i++] = 2;
                code[i] = 0;
            } else {
                code[i] = (byte) random.nextInt(256);
            }
        }
        return Bytes.wrap(code);
    }
}
