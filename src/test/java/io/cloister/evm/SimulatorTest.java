package io.cloister.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.EthereumTransaction;
import io.cloister.evm.LimitExceededException.Limit;
import io.cloister.evm.SimulationResult.End;
import io.cloister.evm.SimulationResult.Halted;
import io.cloister.evm.SimulationResult.Revert;
import io.cloister.evm.SimulationResult.Success;
import io.cloister.evm.TransactionRejectedException.Reason;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatorTest {
    private static final Bytes SENDER = Bytes.hex("11".repeat(20));
    private static final Bytes CONTRACT = Bytes.hex("cc".repeat(20));
    private static final BigInteger CHAIN = BigInteger.ONE;
    private static final long GAS = 10_000_000;

    private final Simulator simulator = new LocalSimulator(System::nanoTime);

    @ParameterizedTest
    @CsvSource({
        "01, STACK_UNDERFLOW", // ADD
        "6001 01, STACK_UNDERFLOW", // PUSH1 ADD
        "6001 55, STACK_UNDERFLOW", // PUSH1 SSTORE
        "5f 5f 5f 5f 5f 5f f1, STACK_UNDERFLOW", // six zeros CALL
        "50, STACK_UNDERFLOW", // POP
        "6001 90, STACK_UNDERFLOW", // SWAP1
        "80, STACK_UNDERFLOW", // DUP1
        "601f 0b, STACK_UNDERFLOW", // SIGNEXTEND
        "5b 5f 5f 56, STACK_OVERFLOW", // PUSH0 for ever, see below
        "0c, INVALID_OPCODE",
        "fe, INVALID_OPCODE",
        "1e, INVALID_OPCODE", // CLZ before Osaka
        "6003 56, INVALID_JUMP",
        "6004 56 60 5b, INVALID_JUMP", // into a PUSH
        "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff 51, OUT_OF_GAS", // MLOAD far away
        "6001 5f 5f 3e, RETURN_DATA_OUT_OF_BOUNDS", // RETURNDATACOPY
        "5b 5f 56, OUT_OF_GAS" // a loop
    })
    void haltsForItsReasonAndTakesAllGas(String code, HaltReason reason) {
        SimulationResult result = run(Bytes.hex(code.replace(" ", "")));
        assertThat(result.outcome()).isEqualTo(new Halted(reason));
        assertThat(result.gasUsed()).isEqualTo(GAS);
        assertThat(result.accounts()).doesNotContainKey(CONTRACT);
    }

    @Test
    void endsQuietlyAfterATruncatedPush() {
        assertThat(run(Bytes.hex("7f01")).outcome()).isEqualTo(new Success(End.STOP, Bytes.EMPTY, Optional.empty()));
    }

    @Test
    void fillsTheStackToItsLastWordAndNoFurther() {
        assertThat(run(Bytes.hex("5f".repeat(1024))).outcome()).isInstanceOf(Success.class);
        assertThat(run(Bytes.hex("5f".repeat(1025))).outcome()).isEqualTo(new Halted(HaltReason.STACK_OVERFLOW));
        assertThat(run(Bytes.hex("5f".repeat(1024) + "80")).outcome()).isEqualTo(new Halted(HaltReason.STACK_OVERFLOW));
        assertThat(run(Bytes.hex("5f".repeat(1024) + "30")).outcome()).isEqualTo(new Halted(HaltReason.STACK_OVERFLOW));
        assertThat(run(Bytes.hex("5f".repeat(1024) + "01")).outcome()).isInstanceOf(Success.class);
    }

    @Test
    void revertsWithOutputAndKeepsTheRestOfTheGas() {
        SimulationResult result = run(Bytes.hex("60aa5f5360015ffd")); // memory[0] = aa; REVERT(0, 1)
        assertThat(result.outcome()).isEqualTo(new Revert(Bytes.hex("aa")));
        assertThat(result.gasUsed()).isLessThan(22_000);
    }

    @Test
    void takesBackWhatARevertedCallDid() {
        // The contract calls itself once with one byte: then it stores 1 and reverts. Outside it stores the call's
        // success.
        Bytes code = Bytes.hex(
                "36 6016 57 5f 5f 6001 5f 5f 30 5a f1 6005 5d 6001 6002 55 00 5b 6001 5f 55 5f 5f fd".replace(" ", ""));
        SimulationResult result = run(code);
        assertThat(result.outcome()).isInstanceOf(Success.class);
        assertThat(result.accounts().get(CONTRACT).storage()).hasSize(1).containsKey(Words.toBytes(2, 0, 0, 0));
    }

    @Test
    void createsContracts() {
        Bytes initcode = Bytes.hex("6001600c60003960016000f3" + "00"); // returns its last byte, STOP
        SimulationResult result = simulate(request(
                new MemoryState().put(SENDER, BigInteger.TEN, 0, Bytes.EMPTY, Map.of()),
                Optional.empty(),
                BigInteger.ONE,
                initcode));
        Success success = (Success) result.outcome();
        Bytes created = success.created().orElseThrow();
        assertThat(created).isEqualTo(Creations.addressOf(Address.of(SENDER), 0).bytes());
        assertThat(result.accounts().get(created)).satisfies(account -> {
            assertThat(account.code()).contains(Bytes.hex("00"));
            assertThat(account.nonce()).isEqualTo(1);
            assertThat(account.balance()).isEqualTo(BigInteger.ONE);
            assertThat(account.status().created()).isTrue();
            assertThat(account.status().loadedAsNotExisting()).isTrue();
        });
    }

    @Test
    void neverTakesUnknownStateForZero() {
        MemoryState known = new MemoryState()
                .put(SENDER, BigInteger.TEN, 0, Bytes.EMPTY, Map.of())
                .put(
                        CONTRACT,
                        BigInteger.ZERO,
                        1,
                        Bytes.hex("5f54"),
                        Map.of(Words.toBytes(9, 0, 0, 0), Words.toBytes(1, 0, 0, 0)));
        StateSource partial = new StateSource() {
            @Override
            public Optional<StoredAccount> account(Bytes address) {
                if (address.equals(SENDER) || address.equals(CONTRACT)) {
                    return known.account(address);
                }
                throw new StateNotCoveredException("account " + address);
            }

            @Override
            public Bytes storage(Bytes address, Bytes slot) {
                throw new StateNotCoveredException("slot " + slot);
            }

            @Override
            public Bytes code(Bytes codeHash) {
                return known.code(codeHash);
            }

            @Override
            public Bytes blockHash(long number) {
                throw new StateNotCoveredException("block " + number);
            }
        };
        assertThatThrownBy(() -> simulate(request(partial, Optional.of(CONTRACT), BigInteger.ZERO, Bytes.EMPTY)))
                .isInstanceOf(StateNotCoveredException.class)
                .hasMessageContaining("slot");
        assertThatThrownBy(() -> simulate(
                        request(partial, Optional.of(Bytes.hex("dd".repeat(20))), BigInteger.ONE, Bytes.EMPTY)))
                .isInstanceOf(StateNotCoveredException.class);
        assertThatThrownBy(() -> run(Bytes.hex("6001 43 03 40".replace(" ", "")))) // BLOCKHASH(number - 1)
                .isInstanceOf(StateNotCoveredException.class);
    }

    @Test
    void failsLoudlyOnAPrecompileThatIsMissing() {
        // CALL to 0x08, the pairing
        assertThatThrownBy(() -> run(Bytes.hex("5f 5f 5f 5f 5f 6008 5a f1".replace(" ", ""))))
                .isInstanceOfSatisfying(
                        UnsupportedPrecompileException.class,
                        e -> assertThat(e.address()).isEqualTo(Bytes.hex("08").padLeft(20)));
    }

    @Test
    void keepsToItsLimits() {
        Bytes loop = Bytes.hex("5b5f56");
        Bytes recursion = Bytes.hex("5f5f5f5f5f305af1");
        Bytes memory = Bytes.hex("5f620fffff52"); // one MiB
        assertLimit(Limit.GAS, memory, new Limits(GAS - 1, 64 << 20, 1024, 10_000));
        assertLimit(Limit.MEMORY, memory, new Limits(GAS, 1 << 20, 1024, 10_000));
        assertLimit(Limit.DEPTH, recursion, new Limits(GAS, 64 << 20, 10, 10_000));
        long[] clock = {0};
        Simulator hurried = new LocalSimulator(() -> clock[0] += 1_000_000);
        assertThatThrownBy(() -> hurried.simulate(contractRequest(loop), new Limits(GAS, 1 << 20, 1024, 5)))
                .isInstanceOfSatisfying(
                        LimitExceededException.class, e -> assertThat(e.limit()).isEqualTo(Limit.TIME));
        assertThat(run(recursion).outcome()).isInstanceOf(Success.class);
    }

    @Test
    void countsMemoryOfAllFramesTogetherAndGivesItBack() {
        // 64 calls one after the other, each with 64 KiB of its own: never more than two at once
        Bytes callee = Bytes.hex("5f61ffe052");
        Bytes call = Bytes.hex("5f5f5f5f5f73" + "dd".repeat(20) + "5af150");
        MemoryState state = new MemoryState()
                .put(SENDER, BigInteger.TEN, 0, Bytes.EMPTY, Map.of())
                .put(Bytes.hex("dd".repeat(20)), BigInteger.ZERO, 1, callee, Map.of())
                .put(CONTRACT, BigInteger.ZERO, 1, Bytes.hex(call.toHex().repeat(64)), Map.of());
        SimulationResult result = simulator.simulate(
                request(state, Optional.of(CONTRACT), BigInteger.ZERO, Bytes.EMPTY),
                new Limits(GAS, 128 << 10, 1024, 10_000));
        assertThat(result.outcome()).isInstanceOf(Success.class);
    }

    @Test
    void rejectsWhatNoBlockCouldContain() {
        MemoryState state = new MemoryState().put(SENDER, BigInteger.TEN, 3, Bytes.EMPTY, Map.of());
        EthereumTransaction right = EthereumTransaction.legacy(
                CHAIN, 3, BigInteger.ZERO, GAS, Optional.of(CONTRACT), BigInteger.ONE, Bytes.EMPTY);
        assertThat(simulate(with(state, right)).gasUsed()).isEqualTo(21_000);
        assertReason(
                Reason.WRONG_NONCE,
                state,
                EthereumTransaction.legacy(
                        CHAIN, 2, BigInteger.ZERO, GAS, Optional.of(CONTRACT), BigInteger.ONE, Bytes.EMPTY));
        assertReason(
                Reason.WRONG_CHAIN,
                state,
                EthereumTransaction.legacy(
                        BigInteger.TWO, 3, BigInteger.ZERO, GAS, Optional.of(CONTRACT), BigInteger.ONE, Bytes.EMPTY));
        assertReason(
                Reason.INTRINSIC_GAS,
                state,
                EthereumTransaction.legacy(
                        CHAIN, 3, BigInteger.ZERO, 20_999, Optional.of(CONTRACT), BigInteger.ONE, Bytes.EMPTY));
        assertReason(
                Reason.INSUFFICIENT_FUNDS,
                state,
                EthereumTransaction.legacy(
                        CHAIN, 3, BigInteger.ZERO, GAS, Optional.of(CONTRACT), BigInteger.valueOf(11), Bytes.EMPTY));
        assertReason(
                Reason.INSUFFICIENT_FUNDS,
                state,
                EthereumTransaction.legacy(
                        CHAIN, 3, BigInteger.ONE, GAS, Optional.of(CONTRACT), BigInteger.ONE, Bytes.EMPTY));
        assertReason(
                Reason.INITCODE_TOO_LONG,
                state,
                EthereumTransaction.legacy(
                        CHAIN, 3, BigInteger.ZERO, GAS, Optional.empty(), BigInteger.ZERO, Bytes.zeros(49_153)));
        MemoryState contract = new MemoryState().put(SENDER, BigInteger.TEN, 3, Bytes.hex("00"), Map.of());
        assertReason(Reason.SENDER_HAS_CODE, contract, right);
    }

    private void assertReason(Reason reason, StateSource state, EthereumTransaction transaction) {
        assertThatThrownBy(() -> simulate(with(state, transaction)))
                .isInstanceOfSatisfying(
                        TransactionRejectedException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private void assertLimit(Limit limit, Bytes code, Limits limits) {
        assertThatThrownBy(() -> simulator.simulate(contractRequest(code), limits))
                .isInstanceOfSatisfying(
                        LimitExceededException.class, e -> assertThat(e.limit()).isEqualTo(limit));
    }

    private SimulationResult run(Bytes code) {
        return simulate(contractRequest(code));
    }

    private SimulationResult simulate(SimulationRequest request) {
        return simulator.simulate(request, Limits.DEFAULT);
    }

    private static SimulationRequest contractRequest(Bytes code) {
        MemoryState state = new MemoryState()
                .put(SENDER, BigInteger.TEN, 0, Bytes.EMPTY, Map.of())
                .put(CONTRACT, BigInteger.ZERO, 1, code, Map.of());
        return request(state, Optional.of(CONTRACT), BigInteger.ZERO, Bytes.EMPTY);
    }

    private static SimulationRequest request(StateSource state, Optional<Bytes> to, BigInteger value, Bytes data) {
        return with(state, EthereumTransaction.legacy(CHAIN, 0, BigInteger.ZERO, GAS, to, value, data));
    }

    private static SimulationRequest with(StateSource state, EthereumTransaction transaction) {
        BlockEnvironment block = new BlockEnvironment(
                CHAIN, 1, 1, GAS, Bytes.zeros(20), Bytes.zeros(32), BigInteger.ZERO, BigInteger.ONE);
        return new SimulationRequest(Fork.PRAGUE, block, SENDER, transaction, state);
    }
}
