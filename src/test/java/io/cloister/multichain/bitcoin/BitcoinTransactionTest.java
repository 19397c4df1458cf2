package io.cloister.multichain.bitcoin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import fr.acinq.bitcoin.Transaction;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.multichain.Vectors;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BitcoinTransactionTest {
    private static final BitcoinTransaction SAMPLE = new BitcoinTransaction(
            2,
            List.of(new TxInput(
                    new OutPoint(Bytes.zeros(32), 7), Bytes.EMPTY, TxInput.REPLACEABLE, List.of(Bytes.zeros(72)))),
            List.of(new TxOutput(5_000, Bytes.zeros(34))),
            0);

    @Test
    void readsAndWritesTheTransactionsOfBitcoinCoresTests() {
        int read = 0;
        for (JsonNode test : Vectors.json("multichain/bitcoin/tx_valid.json")) {
            if (test.size() < 3) {
                continue;
            }
            Bytes raw = Bytes.hex(test.get(1).asText());
            BitcoinTransaction transaction = BitcoinTransaction.decode(raw);
            assertThat(transaction.encode()).isEqualTo(raw);
            Transaction other = Transaction.read(raw.toArray());
            assertThat(transaction.displayTxid()).isEqualTo(other.txid.toString());
            assertThat(transaction.weight()).isEqualTo(Transaction.weight(other));
            read++;
        }
        assertThat(read).isGreaterThan(100);
    }

    @Test
    void stripsWitnessesAndRefusesThemWhereNoneMayBe() {
        Bytes whole = SAMPLE.encode();
        Bytes stripped = SAMPLE.encodeStripped();
        assertThat(BitcoinTransaction.decode(whole)).isEqualTo(SAMPLE);
        assertThat(BitcoinTransaction.decodeStripped(stripped).txid()).isEqualTo(SAMPLE.txid());
        refuses(() -> BitcoinTransaction.decodeStripped(whole), Reason.NOT_CANONICAL);
    }

    @Test
    void readsScriptsThatNobodyWillEverRun() {
        TxOutput data = new TxOutput(0, Bytes.concat(Bytes.hex("6a4e11270000"), Bytes.zeros(10_001)));
        TxInput input = new TxInput(new OutPoint(Bytes.zeros(32), 7), Bytes.zeros(10_001), 0, List.of());
        BitcoinTransaction transaction = new BitcoinTransaction(2, List.of(input), List.of(data), 0);
        assertThat(BitcoinTransaction.decode(transaction.encode())).isEqualTo(transaction);
    }

    @Test
    void refusesWhatIsNotTheOneEncoding() {
        Bytes stripped = SAMPLE.encodeStripped();
        refuses(() -> BitcoinTransaction.decode(Bytes.concat(stripped, Bytes.zeros(1))), Reason.TRAILING);
        refuses(() -> BitcoinTransaction.decode(stripped.slice(0, stripped.length() - 1)), Reason.TRUNCATED);
        Bytes longCount = Bytes.concat(stripped.slice(0, 4), Bytes.hex("fd0100"), stripped.slice(5, 60));
        refuses(() -> BitcoinTransaction.decode(longCount), Reason.NOT_CANONICAL);
        Bytes hugeScript = Bytes.concat(stripped.slice(0, 41), Bytes.hex("feffffff7f"), Bytes.zeros(20));
        refuses(() -> BitcoinTransaction.decode(hugeScript), Reason.TOO_LONG);
        refuses(() -> BitcoinTransaction.decode(Bytes.hex("0200000000ff00000000")), Reason.UNKNOWN);
        refuses(() -> BitcoinTransaction.decode(Bytes.hex("02000000000000000000")), Reason.OUT_OF_RANGE);
    }

    @Property(tries = 2000)
    void answersAnyBytesWithATransactionOrATypedRefusal(
            @ForAll @IntRange(max = 125) int at, @ForAll byte value, @ForAll @IntRange(min = 1, max = 126) int length) {
        byte[] bytes = SAMPLE.encode().toArray();
        bytes[at % bytes.length] = value;
        Bytes changed = Bytes.wrap(bytes).slice(0, Math.min(length + 60, bytes.length));
        try {
            assertThat(BitcoinTransaction.decode(changed).encode()).isEqualTo(changed);
        } catch (CodecException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    private static void refuses(Runnable action, Reason reason) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        CodecException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }
}
