package io.cloister.mpc.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.mpc.Fault;
import io.cloister.mpc.board.Batch.Stage;
import io.cloister.mpc.board.BoardTransaction.AnswerDemand;
import io.cloister.mpc.board.BoardTransaction.Complain;
import io.cloister.mpc.board.BoardTransaction.DemandPacket;
import io.cloister.mpc.board.BoardTransaction.IncludeDealing;
import io.cloister.mpc.board.BoardTransaction.Support;
import io.cloister.mpc.dealing.Complaint;
import io.cloister.mpc.dealing.Dealer;
import io.cloister.mpc.dealing.Dealing;
import io.cloister.mpc.dealing.DealingContext;
import io.cloister.mpc.dealing.EvilDealings;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The board judges complaints and demands about real dealings. */
class ComplaintOnBoardTest {
    private final BoardHarness harness = new BoardHarness(4, BoardHarness.parameters());

    @BeforeEach
    void firstBlock() {
        harness.ledger.block(100);
    }

    private DealingContext context(long instance) {
        return harness.view().instance(instance).orElseThrow().context(TestLedger.CHAIN);
    }

    private void include(long instance, Dealing dealing) {
        int dealer = dealing.publicPart().dealer();
        Bytes digest = context(instance).supportDigest(dealer, dealing.id());
        List<Support> supports = Stream.of(1, 2, 3)
                .map(slot -> new Support(slot, harness.votes.get(slot).sign(digest)))
                .toList();
        assertThat(harness.execute(dealer, new IncludeDealing(instance, dealer, dealing.id(), supports)))
                .isEmpty();
    }

    private Complain complaint(long instance, Dealing dealing, int slot) {
        return new Complain(Complaint.make(
                context(instance), dealing.publicPart(), dealing.packetFor(slot), slot, harness.shareKeys.get(slot)));
    }

    @Test
    void namesTheDealerOfAWrongShareAndKeepsItsKeyDealing() {
        Dealing bad = EvilDealings.wrongShares(new Dealer(context(1), 2).random(), Set.of(4));
        assertThat(harness.execute(4, complaint(1, bad, 4))).contains("unknown-dealing");
        include(1, bad);
        assertThat(harness.execute(3, complaint(1, bad, 4))).contains("not-the-complainer");
        assertThat(harness.execute(4, complaint(1, bad, 4))).isEmpty();
        assertThat(harness.execute(4, complaint(1, bad, 4))).contains("already-complained");
        assertThat(harness.view().faults()).hasSize(1).allMatch(f -> f.slot() == 2 && f.fault() == Fault.BAD_SHARE);
        assertThat(harness.view().complained(1, 2, 4)).isTrue();
        assertThat(harness.view().instance(1).orElseThrow().dealings()).containsKey(2);
        assertThat(harness.view().excluded(2)).as("key dealings exclude nobody").isEmpty();
    }

    @Test
    void namesWhoComplainsAboutAGoodShare() {
        Dealing good = new Dealer(context(1), 2).random();
        include(1, good);
        assertThat(harness.execute(4, complaint(1, good, 4))).isEmpty();
        assertThat(harness.execute(4, complaint(1, good, 4))).contains("already-complained");
        assertThat(harness.view().faults())
                .hasSize(1)
                .allMatch(f -> f.slot() == 4 && f.fault() == Fault.FALSE_COMPLAINT && f.times() == 1);
        assertThat(harness.view().complained(1, 2, 4)).isFalse();
    }

    @Test
    void refusesAComplaintAboutADealingThatIsNotTheOneInTheSet() {
        Dealing bad = EvilDealings.wrongShares(new Dealer(context(1), 2).random(), Set.of(4));
        include(1, new Dealer(context(1), 2).random());
        assertThat(harness.execute(4, complaint(1, bad, 4))).contains("invalid-complaint");
        assertThat(harness.view().faults()).isEmpty();
    }

    @Test
    void excludesTheDealerOfAWrongPresignatureShareAndMakesTheBatchAnew() {
        harness.makeKeys();
        Batch batch = harness.view().batch(1).orElseThrow();
        long random = batch.randomInstance();
        Dealing bad = EvilDealings.wrongShares(new Dealer(context(random), 2).random(), Set.of(4));
        include(random, bad);
        assertThat(harness.execute(4, complaint(random, bad, 4))).isEmpty();
        assertThat(harness.view().batch(1)).isEmpty();
        assertThat(harness.view().excluded(2)).contains(Fault.BAD_SHARE);
        long next = harness.view().batches().getLast().randomInstance();
        assertThat(harness.execute(2, harness.dealing(next, 2, 1, 2, 3))).contains("excluded");
        harness.restart(2);
        assertThat(harness.view().excluded(2))
                .as("a new boot does not wash it off")
                .isPresent();
    }

    @Test
    void clearsADemandThatIsAnsweredAndExcludesADealerThatDoesNotAnswer() {
        harness.makeKeys();
        long random = harness.view().batch(1).orElseThrow().randomInstance();
        Dealing dealing = new Dealer(context(random), 2).random();
        include(random, dealing);
        assertThat(harness.execute(4, new DemandPacket(random, 2))).isEmpty();
        assertThat(harness.execute(2, new AnswerDemand(random, 2, 4, dealing.packetFor(3))))
                .contains("wrong-packet");
        assertThat(harness.execute(2, new AnswerDemand(random, 2, 4, dealing.packetFor(4))))
                .isEmpty();
        assertThat(harness.execute(2, new AnswerDemand(random, 2, 4, dealing.packetFor(4))))
                .contains("not-demanded");
        include(random, new Dealer(context(random), 1).random());
        assertThat(harness.execute(4, new DemandPacket(random, 1))).isEmpty();
        for (int k = 0; k < 6; k++) {
            harness.ledger.block(100);
        }
        assertThat(harness.view().excluded(2)).isEmpty();
        assertThat(harness.view().excluded(1)).contains(Fault.WITHHELD);
        assertThat(harness.view().batches()).allMatch(b -> b.number() != 1 && b.stage() == Stage.RANDOM);
    }

    @Test
    void letsADealerThatWithheldDealAgainAfterTheTimeOfABatchAndNotWithARestart() {
        harness.makeKeys();
        long random = harness.view().batch(1).orElseThrow().randomInstance();
        include(random, new Dealer(context(random), 2).random());
        assertThat(harness.execute(4, new DemandPacket(random, 2))).isEmpty();
        for (int k = 0; k < 6; k++) {
            harness.ledger.block(100);
        }
        harness.restart(2);
        assertThat(harness.view().excluded(2)).contains(Fault.WITHHELD);
        for (int k = 0; k < 60; k++) {
            harness.ledger.block(100);
        }
        assertThat(harness.view().excluded(2)).isEmpty();
        assertThat(harness.view().faults()).as("it stays named").hasSize(1);
    }

    @Test
    void namesADealerThatIsRestartedInsteadOfAnsweringAndMakesTheBatchAnewInThatBlock() {
        harness.makeKeys();
        long random = harness.view().batch(1).orElseThrow().randomInstance();
        include(random, new Dealer(context(random), 2).random());
        assertThat(harness.execute(4, new DemandPacket(random, 2))).isEmpty();
        harness.restart(2);
        assertThat(harness.view().batch(1)).isEmpty();
        assertThat(harness.view().demands()).isEmpty();
        assertThat(harness.view().excluded(2)).contains(Fault.WITHHELD);
        assertThat(harness.view().faults()).hasSize(1).allMatch(f -> f.slot() == 2 && f.fault() == Fault.WITHHELD);
        assertThat(harness.view().batches().getLast().live())
                .as("refilled in the same block")
                .contains(new Generation(2, 2));
    }

    @Test
    void makesAnUnfinishedBatchAnewWhenItsDealerWasRestartedBeforeAnybodyDemanded() {
        harness.makeKeys();
        long random = harness.view().batch(1).orElseThrow().randomInstance();
        include(random, new Dealer(context(random), 2).random());
        harness.restart(2);
        assertThat(harness.view().batch(1)).isPresent();
        assertThat(harness.execute(4, new DemandPacket(random, 2))).isEmpty();
        assertThat(harness.view().batch(1)).isEmpty();
        assertThat(harness.view().faults()).as("nobody is to blame").isEmpty();
        assertThat(harness.view().excluded(2)).isEmpty();
    }

    @Test
    void refusesADemandToARestartedDealerOfABatchInUse() {
        harness.makeKeys();
        Batch before = harness.view().batch(1).orElseThrow();
        include(before.randomInstance(), new Dealer(context(before.randomInstance()), 2).random());
        include(before.randomInstance(), new Dealer(context(before.randomInstance()), 3).random());
        harness.close(harness.view().batch(1).orElseThrow().productInstance(), 1, 2, 3);
        harness.makeBatch(1, 1, 2, 3, 4);
        assertThat(harness.view().batch(1).orElseThrow().stage()).isEqualTo(Stage.AVAILABLE);
        harness.restart(2);
        assertThat(harness.execute(4, new DemandPacket(before.randomInstance(), 2)))
                .contains("retired");
        assertThat(harness.view().batch(1)).isPresent();
        assertThat(harness.view().excluded(2)).isEmpty();
    }

    @Test
    void refusesTheDemandOfAReceiverThatSupportedTheDealing() {
        harness.makeKeys();
        long random = harness.view().batch(1).orElseThrow().randomInstance();
        include(random, new Dealer(context(random), 2).random());
        assertThat(harness.execute(3, new DemandPacket(random, 2))).contains("supporter");
        assertThat(harness.view().demands()).isEmpty();
    }

    @Test
    void takesNoDemandAboutAKey() {
        include(1, new Dealer(context(1), 2).random());
        assertThat(harness.execute(4, new DemandPacket(1, 2))).contains("unknown-dealing");
    }
}
