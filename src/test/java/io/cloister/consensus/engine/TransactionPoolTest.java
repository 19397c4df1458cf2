package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Limits;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.Hashes;
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
        return pool.add(transaction, true);
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
        assertThat(pool.candidates(100_000)).contains(validator(0)).doesNotContain(stranger(9, 0));
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
        assertThat(pool.candidates(100_000))
                .containsExactly(validator(1), validator(2), stranger(1, 1), stranger(2, 1));
    }

    @Test
    void offersNoMoreThanFitsABlock() {
        add(stranger(1, 1));
        add(stranger(2, 1));
        int one = 4 + stranger(1, 1).length();
        assertThat(pool.candidates(2 * one - 1)).containsExactly(stranger(1, 1));
        assertThat(pool.candidates(2 * one)).hasSize(2);
    }

    @Test
    void dropsWhatTheApplicationNoLongerWantsOrNeverChooses() {
        Bytes never = Bytes.utf8("never");
        add(never);
        for (int i = 0; i < 7; i++) {
            pool.passedOver(List.of(never));
            assertThat(pool.size()).isEqualTo(1);
        }
        pool.passedOver(List.of(never));
        assertThat(pool.size()).isZero();
        pool.passedOver(List.of(Bytes.utf8("bad")));
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

    @Test
    void spreadsAgainOnlyWhatWasSubmittedHere() {
        pool.add(stranger(1, 1), true);
        pool.add(stranger(2, 1), false);
        pool.add(stranger(3, 1), true);
        assertThat(pool.ownWaiting(10, 10_000)).containsExactly(stranger(1, 1), stranger(3, 1));
        assertThat(pool.ownWaiting(1, 10_000)).containsExactly(stranger(1, 1));
        assertThat(pool.ownWaiting(10, 10)).isEmpty();
    }
}
