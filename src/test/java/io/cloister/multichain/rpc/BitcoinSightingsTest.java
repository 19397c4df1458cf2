package io.cloister.multichain.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.multichain.BlockRef;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.TxInput;
import io.cloister.multichain.bitcoin.TxOutput;
import io.cloister.multichain.rpc.BitcoinUpdate.Payment;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BitcoinSightingsTest {
    private static final Bytes ATTACKED = Bytes.concat(Bytes.hex("0020"), Bytes.hex("11".repeat(32)));
    private static final Bytes HONEST = Bytes.concat(Bytes.hex("0020"), Bytes.hex("22".repeat(32)));
    private static final long LEAST = 50_000;
    private static final long END = 1_000;
    private static final BlockRef TIP = new BlockRef(10, Bytes.zeros(32));

    private final BitcoinSightings sightings = new BitcoinSightings();
    private final Set<OutPoint> settled = new HashSet<>();

    BitcoinSightingsTest() {
        sightings.watch(new Watch(ATTACKED, LEAST, END));
        sightings.watch(new Watch(HONEST, LEAST, END));
    }

    private BitcoinTransaction pay(int number, int outputs, long value, Bytes script) {
        OutPoint coin = new OutPoint(Hashes.sha256(Bytes.utf8("coin " + number)), 0);
        return new BitcoinTransaction(
                2,
                List.of(new TxInput(coin, Bytes.EMPTY, 0, List.of())),
                Collections.nCopies(outputs, new TxOutput(value, script)),
                0);
    }

    private BitcoinTransaction mined(BitcoinTransaction transaction, long height, long seconds) {
        BlockRef block = new BlockRef(height, Bytes.zeros(32));
        sightings.collect(transaction, transaction.txid(), Optional.of(block), seconds, settled::contains);
        return transaction;
    }

    private List<Payment> paid(Bytes script) {
        return sightings.payments(TIP, ChainProfiles.LITECOIN_REGTEST.confirmations()).stream()
                .filter(p -> p.script().equals(script))
                .toList();
    }

    @Test
    void dustHidesNoDepositOfAnybody() {
        for (int i = 0; i < 50; i++) {
            mined(pay(i, 2_000, LEAST - 1, ATTACKED), 5, 0);
        }
        mined(pay(-1, 1, LEAST, HONEST), 6, 0);
        assertThat(paid(ATTACKED)).isEmpty();
        assertThat(paid(HONEST)).hasSize(1);
        assertThat(sightings.leftOut()).isZero();
    }

    @Test
    void manyPaymentsToOneScriptLeaveRoomForAnother() {
        for (int i = 0; i < 60; i++) {
            mined(pay(i, 2_000, LEAST, ATTACKED), 5, 0);
        }
        mined(pay(-1, 1, LEAST, HONEST), 6, 0);
        assertThat(paid(ATTACKED)).hasSize(BitcoinSightings.MAX_OF_SCRIPT);
        assertThat(paid(HONEST)).hasSize(1);
        assertThat(sightings.leftOut()).isOne();
    }

    private BitcoinTransaction waiting(BitcoinTransaction transaction) {
        sightings.collect(transaction, transaction.txid(), Optional.empty(), 0, settled::contains);
        return transaction;
    }

    @Test
    void waitingPaymentsTakeNoRoomFromConfirmedOnes() {
        waiting(pay(1, 1_000, LEAST, HONEST));
        mined(pay(2, BitcoinSightings.MAX_OF_SCRIPT, LEAST, HONEST), 6, 0);
        assertThat(paid(HONEST))
                .filteredOn(payment -> payment.block().isPresent())
                .hasSize(BitcoinSightings.MAX_OF_SCRIPT);
        assertThat(paid(HONEST))
                .filteredOn(payment -> payment.block().isEmpty())
                .hasSize(WaitingPayments.MAX_OF_SCRIPT);
        assertThat(sightings.leftOut()).isZero();
    }

    @Test
    void theNewestWaitingPaymentsAreKeptOfAScriptAndOfAll() {
        BitcoinTransaction first = waiting(pay(1, 1, LEAST, HONEST));
        waiting(pay(2, WaitingPayments.MAX_OF_SCRIPT - 1, LEAST, HONEST));
        assertThat(paid(HONEST)).anyMatch(p -> p.outPoint().txid().equals(first.txid()));
        BitcoinTransaction last = waiting(pay(3, 1, LEAST, HONEST));
        assertThat(paid(HONEST))
                .hasSize(WaitingPayments.MAX_OF_SCRIPT)
                .noneMatch(p -> p.outPoint().txid().equals(first.txid()))
                .anyMatch(p -> p.outPoint().txid().equals(last.txid()));
        for (int i = 0; i < WaitingPayments.MAX; i++) {
            Bytes script = Bytes.concat(Bytes.hex("0020"), Hashes.sha256(Bytes.utf8("script " + i)));
            sightings.watch(new Watch(script, LEAST, END));
            waiting(pay(10 + i, 1, LEAST, script));
        }
        assertThat(sightings.payments(TIP, ChainProfiles.LITECOIN_REGTEST.confirmations()))
                .hasSize(WaitingPayments.MAX)
                .noneMatch(p -> p.script().equals(HONEST));
    }

    @Test
    void aWaitingPaymentIsOneWithTheSameInABlock() {
        BitcoinTransaction payment = waiting(pay(1, 1, LEAST, HONEST));
        mined(payment, 5, 0);
        waiting(payment);
        assertThat(paid(HONEST)).singleElement().matches(found -> found.block().isPresent());
        sightings.undo(new BlockRef(5, Bytes.zeros(32)));
        waiting(payment);
        assertThat(paid(HONEST)).singleElement().matches(found -> found.block().isEmpty());
        sightings.retainWaiting(List.of());
        assertThat(paid(HONEST)).isEmpty();
    }

    @Test
    void whatIsTooSmallOrTooLateIsShownAndTheNewestDisplacesTheOldest() {
        for (int i = 0; i < 3; i++) {
            mined(pay(i, IgnoredPayments.MAX / 2, LEAST - 1, ATTACKED), 5, 0);
        }
        mined(pay(-1, 1, LEAST, HONEST), 6, END + 1);
        List<Payment> ignored = sightings.ignored(TIP, ChainProfiles.LITECOIN_REGTEST.confirmations());
        assertThat(ignored).hasSize(IgnoredPayments.MAX);
        assertThat(ignored)
                .filteredOn(p -> p.script().equals(HONEST))
                .hasSize(1)
                .allMatch(Payment::late);
        assertThat(ignored).filteredOn(p -> p.script().equals(ATTACKED)).noneMatch(Payment::late);
        sightings.unwatchScript(ATTACKED);
        sightings.undo(new BlockRef(6, Bytes.zeros(32)));
        assertThat(sightings.ignored(TIP, ChainProfiles.LITECOIN_REGTEST.confirmations()))
                .isEmpty();
    }

    @Test
    void whatFoundNoRoomIsReadAgainOnceHalfTheRoomIsFree() {
        BitcoinTransaction first = mined(pay(1, BitcoinSightings.MAX_OF_SCRIPT, LEAST, ATTACKED), 5, 0);
        BitcoinTransaction second = mined(pay(2, 10, LEAST, ATTACKED), 7, 0);
        assertThat(sightings.readableAgain()).isEmpty();
        paid(ATTACKED).stream().limit(BitcoinSightings.MAX_OF_SCRIPT / 2).forEach(p -> {
            settled.add(p.outPoint());
            sightings.forgetPayment(p.outPoint());
        });
        assertThat(sightings.readableAgain()).hasValue(7);
        assertThat(sightings.readableAgain()).as("told once").isEmpty();
        assertThat(sightings.leftOut()).isZero();
        mined(first, 5, 0);
        mined(second, 7, 0);
        assertThat(paid(ATTACKED)).hasSize(BitcoinSightings.MAX_OF_SCRIPT / 2 + 10);
    }

    @Test
    void paymentsInBlocksPastTheEndAreNotKept() {
        mined(pay(1, 1, LEAST, HONEST), 5, END);
        mined(pay(2, 1, LEAST, HONEST), 5, END + 1);
        assertThat(paid(HONEST)).hasSize(1);
        sightings.watch(new Watch(HONEST, LEAST, 2 * END));
        mined(pay(2, 1, LEAST, HONEST), 5, END + 1);
        assertThat(paid(HONEST)).hasSize(2);
    }

    @Test
    void roomIsFreeAgainWhateverTookThePaymentsAway() {
        BlockRef block = new BlockRef(5, Bytes.zeros(32));
        mined(pay(1, BitcoinSightings.MAX_OF_SCRIPT, LEAST, HONEST), 5, 0);
        sightings.undo(block);
        mined(pay(2, BitcoinSightings.MAX_OF_SCRIPT, LEAST, HONEST), 5, 0);
        assertThat(paid(HONEST)).hasSize(BitcoinSightings.MAX_OF_SCRIPT);
        assertThat(sightings.leftOut()).isZero();
        sightings.unwatchScript(HONEST);
        assertThat(paid(HONEST)).isEmpty();
        BitcoinTransaction waiting = pay(3, BitcoinSightings.MAX_OF_SCRIPT, LEAST, ATTACKED);
        sightings.collect(waiting, waiting.txid(), Optional.empty(), 0, settled::contains);
        sightings.retainWaiting(List.of());
        mined(pay(4, BitcoinSightings.MAX_OF_SCRIPT, LEAST, ATTACKED), 6, 0);
        assertThat(paid(ATTACKED)).hasSize(BitcoinSightings.MAX_OF_SCRIPT);
        assertThat(sightings.leftOut()).isZero();
    }

    @Test
    void anyNumberOfCoinsCanBeWatched() {
        for (int i = 0; i <= BitcoinSightings.MAX; i++) {
            sightings.watchCoin(new OutPoint(Bytes.zeros(32), i));
        }
        BitcoinTransaction spend = new BitcoinTransaction(
                2,
                List.of(new TxInput(new OutPoint(Bytes.zeros(32), BitcoinSightings.MAX), Bytes.EMPTY, 0, List.of())),
                List.of(new TxOutput(1, HONEST)),
                0);
        mined(spend, 5, 0);
        assertThat(sightings.spends(TIP)).hasSize(1);
    }
}
