package io.cloister.evm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.Vectors;
import io.cloister.codec.ethereum.EthereumTransaction;
import io.cloister.codec.ethereum.Log;
import io.cloister.crypto.Hashes;
import io.cloister.evm.SimulationResult.End;
import io.cloister.evm.SimulationResult.Revert;
import io.cloister.evm.SimulationResult.SlotChange;
import io.cloister.evm.SimulationResult.Success;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The benchmark scenarios with the gas that other machines measured, and single ERC-20 calls on their token. */
class ScenariosTest {
    private static final Bytes SENDER = Bytes.hex("11".repeat(20));
    private static final Bytes TOKEN = Bytes.hex("cc".repeat(20));
    private static final Bytes RECIPIENT = Bytes.hex("22".repeat(20));
    private static final Bytes TRANSFER = Bytes.hex("a9059cbb");
    private static final Bytes TRANSFERRED = Hashes.keccak256(Bytes.utf8("Transfer(address,address,uint256)"));
    private static final long GAS_LIMIT = 1_000_000_000;
    private static final Limits LIMITS = new Limits(GAS_LIMIT, 64 << 20, 1024, 60_000);

    private final Simulator simulator = new LocalSimulator(System::nanoTime);

    /** Gas without the transaction's own cost; evmone, revm and Besu agree on it, here to the digits they published. */
    @ParameterizedTest
    @CsvSource({
        "transfer, 0, 0",
        "loop_sub_1M, 26000000, 50000",
        "loop_muladd_1M, 46000000, 50000",
        "fibonacci-calldata, 63000, 500",
        "hash_10k, 2550000, 5000",
        "erc20_transfer, 13508786, 0",
        "snailtracer, 205000000, 500000"
    })
    void usesTheGasThatOtherMachinesUse(String name, long expected, long rounding) {
        JsonNode scenario = scenario(name);
        SimulationRequest request = request(
                state(scenario),
                Bytes.hex(scenario.get("sender").asText()),
                Bytes.hex(scenario.get("to").asText()),
                number(scenario.get("value")),
                Bytes.hex(scenario.get("data").asText()));
        SimulationResult result = simulator.simulate(request, LIMITS);
        assertThat(result.outcome()).isInstanceOf(Success.class);
        long ownCost =
                IntrinsicGas.of(request.transaction(), Fork.CANCUN.rules()).charged();
        assertThat(result.gasUsed() + result.gasRefunded() - ownCost)
                .isBetween(expected - rounding, expected + rounding);
    }

    @Test
    void transfersTokens() {
        SimulationResult result = simulator.simulate(transfer(1_000, 300), LIMITS);
        assertThat(result.outcome()).isEqualTo(new Success(End.RETURN, word(1), Optional.empty()));
        assertThat(result.logs())
                .containsExactly(
                        new Log(TOKEN, List.of(TRANSFERRED, SENDER.padLeft(32), RECIPIENT.padLeft(32)), word(300)));
        assertThat(result.accounts().get(TOKEN).storage())
                .hasSize(2)
                .containsEntry(balanceOf(SENDER), new SlotChange(word(1_000), word(700)))
                .containsEntry(balanceOf(RECIPIENT), new SlotChange(word(0), word(300)));
        assertThat(result.accounts().get(SENDER).nonce()).isEqualTo(1);
    }

    @Test
    void refundsASlotThatIsCleared() {
        SimulationResult some = simulator.simulate(transfer(1_000, 300), LIMITS);
        SimulationResult all = simulator.simulate(transfer(300, 300), LIMITS);
        assertThat(some.gasRefunded()).isZero();
        assertThat(all.gasRefunded()).isEqualTo(4_800);
        assertThat(all.gasUsed()).isEqualTo(some.gasUsed() - 4_800);
    }

    @Test
    void revertsWithoutTraceWhenTokensAreMissing() {
        SimulationResult result = simulator.simulate(transfer(100, 300), LIMITS);
        assertThat(result.outcome())
                .isInstanceOfSatisfying(
                        Revert.class,
                        revert -> assertThat(revert.output().startsWith(Bytes.hex("08c379a0"))) // Error(string)
                                .isTrue());
        assertThat(result.logs()).isEmpty();
        assertThat(result.accounts()).doesNotContainKey(TOKEN);
        assertThat(result.accounts().get(SENDER).nonce()).isEqualTo(1);
    }

    private static SimulationRequest transfer(long owned, long sent) {
        JsonNode scenario = scenario("erc20_transfer");
        Bytes code = Bytes.hex(scenario.get("pre").get(TOKEN.to0x()).get("code").asText());
        MemoryState state = new MemoryState()
                .put(SENDER, BigInteger.ZERO, 0, Bytes.EMPTY, Map.of())
                .put(TOKEN, BigInteger.ZERO, 1, code, Map.of(balanceOf(SENDER), word(owned)));
        Bytes data = Bytes.concat(TRANSFER, RECIPIENT.padLeft(32), word(sent));
        return request(state, SENDER, TOKEN, BigInteger.ZERO, data);
    }

    /** The token keeps balances in a mapping at slot 0. */
    private static Bytes balanceOf(Bytes owner) {
        return Hashes.keccak256(owner.padLeft(32), Bytes.zeros(32));
    }

    private static SimulationRequest request(StateSource state, Bytes sender, Bytes to, BigInteger value, Bytes data) {
        BigInteger zero = BigInteger.ZERO;
        BlockEnvironment block = new BlockEnvironment(
                BigInteger.ONE, 1, 1, GAS_LIMIT, Bytes.zeros(20), Bytes.zeros(32), zero, BigInteger.ONE);
        EthereumTransaction transaction =
                EthereumTransaction.legacy(BigInteger.ONE, 0, zero, GAS_LIMIT, Optional.of(to), value, data);
        return new SimulationRequest(Fork.CANCUN, block, sender, transaction, state);
    }

    private static StateSource state(JsonNode scenario) {
        MemoryState state = new MemoryState();
        scenario.get("pre").properties().forEach(entry -> {
            Map<Bytes, Bytes> storage = new HashMap<>();
            entry.getValue()
                    .get("storage")
                    .properties()
                    .forEach(slot -> storage.put(
                            padded(slot.getKey()), padded(slot.getValue().asText())));
            state.put(
                    Bytes.hex(entry.getKey()),
                    number(entry.getValue().get("balance")),
                    number(entry.getValue().get("nonce")).longValueExact(),
                    Bytes.hex(entry.getValue().get("code").asText()),
                    storage);
        });
        return state;
    }

    private static JsonNode scenario(String name) {
        for (JsonNode scenario : Vectors.json("evm/bench-scenarios.json")) {
            if (scenario.get("name").asText().equals(name)) {
                return scenario;
            }
        }
        throw new IllegalArgumentException(name);
    }

    private static BigInteger number(JsonNode node) {
        return new BigInteger(node.asText().substring(2), 16);
    }

    private static Bytes padded(String hex) {
        String digits = hex.substring(2);
        return Bytes.hex("0".repeat(64 - digits.length()) + digits);
    }

    private static Bytes word(long value) {
        return Words.toBytes(value, 0, 0, 0);
    }
}
