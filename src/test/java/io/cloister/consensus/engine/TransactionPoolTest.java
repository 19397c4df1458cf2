package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Limits;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.Hashes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransactionPoolTest {
    private static final ValidatorSet VALIDATORS = TestKeys.validators(Collections.nCopies(4, 1L));

    private final TransactionPool pool =
            new TransactionPool(new TestApplication(), new PoolLimits(10, 10_000, 3, 5, 4));

    private static Bytes of(Bytes key, int number) {
        return Bytes.utf8("key:" + key.toHex() + ":" + number);
    }

    private static Bytes stranger(int who, int number) {
        return of(Hashes.sha256(Bytes.utf8("stranger " + who)), number);
    }

    private static Bytes validator(int number) {
        return of(TestKeys.voteKey(0), number);
    }

    private Acceptance add(Bytes transaction) {
        return pool.add(transaction);
    }

    @Test
    void takesEachTransactionOnce() {
        Bytes transaction = stranger(1, 1);
        assertThat(add(transaction)).isEqualTo(new Acceptance.Accepted(Hashes.sha256(transaction)));
        assertThat(add(transaction)).isEqualTo(new Acceptance.Known(Hashes.sha256(transaction), false));
        assertThat(pool.size()).isEqualTo(1);
        assertThat(pool.bytes()).isEqualTo(transaction.length());
    }

    @Test
    void doesNotTakeACommittedTransactionAgain() {
        Bytes transaction = stranger(1, 1);
        add(transaction);
        pool.committed(List.of(transaction), VALIDATORS);
        assertThat(pool.size()).isZero();
        assertThat(pool.bytes()).isZero();
        assertThat(add(transaction)).isInstanceOf(Acceptance.Known.class);
    }

    @Test
    void refusesSizesOutOfBounds() {
        assertThat(add(Bytes.EMPTY)).isInstanceOf(Acceptance.Refused.class);
        assertThat(add(Bytes.zeros(Limits.TRANSACTION_BYTES + 1))).isInstanceOf(Acceptance.Refused.class);
    }

    @Test
    void boundsEachSender() {
        for (int i = 0; i < 3; i++) {
            assertThat(add(stranger(1, i))).isInstanceOf(Acceptance.Accepted.class);
        }
        assertThat(add(stranger(1, 3))).isEqualTo(new Acceptance.Full(true));
        assertThat(add(stranger(2, 0))).isInstanceOf(Acceptance.Accepted.class);
        pool.committed(List.of(stranger(1, 0)), VALIDATORS);
        assertThat(add(stranger(1, 3))).isInstanceOf(Acceptance.Accepted.class);
    }

    @Test
    void boundsTheWholeButLetsValidatorsIn() {
        pool.validators(VALIDATORS);
        for (int i = 0; i < 10; i++) {
            assertThat(add(stranger(i, 0))).isInstanceOf(Acceptance.Accepted.class);
        }
        assertThat(add(stranger(10, 0))).isEqualTo(new Acceptance.Full(false));
        assertThat(add(validator(0))).isInstanceOf(Acceptance.Accepted.class);
        assertThat(pool.size()).isEqualTo(10);
        assertThat(sealed(100_000)).contains(validator(0)).doesNotContain(stranger(9, 0));
    }

    @Test
    void boundsTheBytesOfTheWhole() {
        assertThat(add(Bytes.zeros(9_000))).isInstanceOf(Acceptance.Accepted.class);
        assertThat(add(Bytes.zeros(2_000))).isEqualTo(new Acceptance.Full(false));
    }

    @Test
    void validatorsComeFirstAndArrivalDecidesAmongEquals() {
        pool.validators(VALIDATORS);
        add(stranger(1, 1));
        add(stranger(2, 1));
        add(validator(1));
        add(validator(2));
        TransactionPool.Sealed first = pool.seal(100_000).orElseThrow();
        assertThat(first.ofValidators()).isTrue();
        assertThat(first.batch().transactions()).containsExactly(validator(1), validator(2));
        TransactionPool.Sealed second = pool.seal(100_000).orElseThrow();
        assertThat(second.ofValidators()).isFalse();
        assertThat(second.batch().transactions()).containsExactly(stranger(1, 1), stranger(2, 1));
        assertThat(pool.seal(100_000)).isEmpty();
    }

    @Test
    void sealsNoMoreIntoABatchThanFits() {
        add(stranger(1, 1));
        add(stranger(2, 1));
        int one = Batch.bytesOf(stranger(1, 1));
        assertThat(pool.seal(2 * one - 1).orElseThrow().batch().transactions()).containsExactly(stranger(1, 1));
        assertThat(pool.seal(2 * one).orElseThrow().batch().transactions()).containsExactly(stranger(2, 1));
        add(stranger(3, 1));
        add(stranger(4, 1));
        assertThat(pool.seal(2 * one).orElseThrow().batch().transactions()).hasSize(2);
    }

    @Test
    void sealsATransactionThatIsLongerThanABatchByItself() {
        add(stranger(1, 1));
        assertThat(pool.seal(1).orElseThrow().batch().transactions()).containsExactly(stranger(1, 1));
    }

    @Test
    void whatIsSealedIsKnownUntilABlockHasTakenIt() {
        add(stranger(1, 1));
        pool.seal(100_000);
        assertThat(pool.size()).isEqualTo(1);
        assertThat(add(stranger(1, 1))).isInstanceOf(Acceptance.Known.class);
        pool.committed(List.of(stranger(1, 1)), VALIDATORS);
        assertThat(pool.size()).isZero();
    }

    @Test
    void holdsNoPeersBatchOfNothingButRefusedTransactions() {
        assertThat(pool.isAcceptable(new Batch(List.of(Bytes.utf8("bad"), Bytes.utf8("bad too")))))
                .isFalse();
        assertThat(pool.isAcceptable(new Batch(List.of(Bytes.utf8("bad"), stranger(1, 1)))))
                .isTrue();
    }

    @Test
    void aBatchIsOfValidatorsWhenAllOfItIs() {
        pool.validators(VALIDATORS);
        assertThat(pool.isOfValidators(new Batch(List.of(validator(1), validator(2)))))
                .isTrue();
        assertThat(pool.isOfValidators(new Batch(List.of(validator(1), stranger(1, 1)))))
                .isFalse();
    }

    /** Everything that waits, batch after batch. */
    private List<Bytes> sealed(long maxBytes) {
        List<Bytes> all = new ArrayList<>();
        for (var next = pool.seal(maxBytes); next.isPresent(); next = pool.seal(maxBytes)) {
            all.addAll(next.get().batch().transactions());
        }
        return all;
    }

    @Test
    void dropsWhatHasWaitedTooManyBlocks() {
        add(stranger(1, 1));
        for (int i = 0; i < 4; i++) {
            pool.committed(List.of(), VALIDATORS);
            assertThat(pool.size()).isEqualTo(1);
        }
        pool.committed(List.of(), VALIDATORS);
        assertThat(pool.size()).isZero();
    }
}
