package io.cloister.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.evm.SimulationResult.End;
import io.cloister.evm.SimulationResult.Status;
import io.cloister.evm.SimulationResult.Success;
import io.cloister.evm.SimulationResult.TouchedAccount;
import io.cloister.evm.TransactionRejectedException.Reason;
import java.math.BigInteger;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeedFormatTest {
    private static final String REQUEST =
            "{\"sender\":\"0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5\",\"amount\":\"0x2a\"}";
    private static final String EMPTY_CODE = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";

    private final Simulator simulator = new LocalSimulator(System::nanoTime);

    @Test
    void givesTheSeedsAnswer() {
        SimulationResult result = simulate(REQUEST);
        assertThat(result.outcome()).isEqualTo(new Success(End.STOP, Bytes.EMPTY, Optional.empty()));
        assertThat(result.gasUsed()).isEqualTo(21_000);
        assertThat(result.gasRefunded()).isZero();
        assertThat(result.logs()).isEmpty();
        assertThat(result.accounts())
                .hasSize(3)
                .containsEntry(Bytes.zeros(20), account(0, 0, true))
                .containsEntry(SeedFormat.CALLER, account(0x45, 1, false))
                .containsEntry(Bytes.hex("dafea492d9c6733ae3d56b7ed1adb60692c98bc5"), account(0x2a, 0, true));
    }

    @Test
    void rendersTheSeedsAnswer() {
        assertThat(SeedFormat.render(simulate(REQUEST)))
                .isEqualTo("{\"result\":{\"Success\":{\"reason\":\"Stop\",\"gas_used\":21000,\"gas_refunded\":0,"
                        + "\"logs\":[],\"output\":{\"Call\":\"0x\"}}},\"state\":{"
                        + "\"0x0000000000000000000000000000000000000000\":" + rendered("0x0", 0, true) + ","
                        + "\"0x4838b106fce9647bdf1e7877bf73ce8b0bad5f97\":" + rendered("0x45", 1, false) + ","
                        + "\"0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5\":" + rendered("0x2a", 0, true) + "}}");
    }

    @Test
    void rejectsAnAmountAboveTheCallersFunds() {
        assertThat(simulate(REQUEST.replace("0x2a", "0x6f"))
                        .accounts()
                        .get(SeedFormat.CALLER)
                        .balance())
                .isEqualTo(BigInteger.ZERO);
        assertThatThrownBy(() -> simulate(REQUEST.replace("0x2a", "0x70")))
                .isInstanceOfSatisfying(
                        TransactionRejectedException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.INSUFFICIENT_FUNDS));
    }

    @Test
    void creditsTheCallerItselfAndTheCoinbase() {
        SimulationResult self = simulate(REQUEST.replace(
                "0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5", "0x4838b106fce9647bdf1e7877bf73ce8b0bad5f97"));
        assertThat(self.accounts().get(SeedFormat.CALLER).balance()).isEqualTo(BigInteger.valueOf(111));
        SimulationResult zero = simulate(REQUEST.replace("dafea492d9c6733ae3d56b7ed1adb60692c98bc5", "0".repeat(40)));
        assertThat(zero.accounts().get(Bytes.zeros(20)).balance()).isEqualTo(BigInteger.valueOf(42));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "42",
                "{}",
                "{\"sender\":\"0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5\"}",
                "{\"sender\":\"0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5\",\"amount\":42}",
                "{\"sender\":\"0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5\",\"amount\":\"42\"}",
                "{\"sender\":\"0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5\",\"amount\":\"0x\"}",
                "{\"sender\":\"0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5\",\"amount\":\"0x-1\"}",
                "{\"sender\":\"dafea492d9c6733ae3d56b7ed1adb60692c98bc5\",\"amount\":\"0x2a\"}",
                "{\"sender\":\"0xdafea492d9c6733ae3d56b7ed1adb60692c98b\",\"amount\":\"0x2a\"}",
                "{\"sender\":\"0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5\",\"amount\":\"0x2a\",\"x\":1}",
                "{\"sender\":\"0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5\",\"amount\":\"0x2a\",\"amount\":\"0x2b\"}",
                "{\"sender\":\"0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5\",\"amount\":\"0x2a\"} {}",
                "[[[[[[[[[[[[[[[[[[[[[[[[",
            })
    void refusesEveryOtherDocument(String document) {
        assertThatThrownBy(() -> SeedFormat.request(Bytes.utf8(document))).isInstanceOf(CodecException.class);
    }

    @Test
    void refusesLongDocumentsAmountsAndBadText() {
        assertThatThrownBy(() -> SeedFormat.request(Bytes.utf8(REQUEST + " ".repeat(1024))))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> SeedFormat.request(Bytes.utf8(REQUEST.replace("0x2a", "0x" + "f".repeat(65)))))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> SeedFormat.request(Bytes.hex("c328"))).isInstanceOf(CodecException.class);
    }

    private SimulationResult simulate(String request) {
        return simulator.simulate(SeedFormat.request(Bytes.utf8(request)), Limits.DEFAULT);
    }

    private static TouchedAccount account(long balance, long nonce, boolean unknownBefore) {
        return new TouchedAccount(
                BigInteger.valueOf(balance),
                nonce,
                Bytes.hex(EMPTY_CODE),
                Optional.empty(),
                new TreeMap<>(),
                new Status(true, unknownBefore, false, false));
    }

    private static String rendered(String balance, long nonce, boolean unknownBefore) {
        return "{\"info\":{\"balance\":\"" + balance + "\",\"nonce\":" + nonce + ",\"code_hash\":\"" + EMPTY_CODE
                + "\"},\"storage\":{},\"status\":[\"Touched\"" + (unknownBefore ? ",\"LoadedAsNotExisting\"" : "")
                + "]}";
    }
}
