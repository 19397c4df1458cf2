package io.cloister.consensus.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.Limits;
import io.cloister.consensus.Outline;
import io.cloister.consensus.TestKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Batches ahead of blocks: bounds, fetching, priority, age. */
class DataPlaneTest {
    private static final Bytes SELF = TestKeys.nodeId(2);
    private static final Bytes PEER = TestKeys.nodeId(3);
    private static final Bytes OTHER = TestKeys.nodeId(1);
    private static final int KEPT = 5;

    private final Committee committee = Committee.ofFour(); // slot 1 makes the blocks of round 0
    private final List<Bytes> members =
            committee.validators.validators().stream().map(it -> it.nodeId()).toList();
    private final DataPlane data = new DataPlane(SELF, KEPT);

    private static Batch batch(int number) {
        return new Batch(List.of(new Writer().u32(number).toBytes()));
    }

    /** Of about four mebibytes. */
    private static Batch large(int number) {
        List<Bytes> transactions = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            transactions.add(Bytes.zeros(Limits.TRANSACTION_BYTES));
        }
        transactions.add(new Writer().u32(number).toBytes());
        return new Batch(transactions);
    }

    private Block block(int number, Batch... batches) {
        return committee.block(0, number, Arrays.asList(batches));
    }

    private Block empty(int number) {
        return block(number);
    }

    private static <T extends Message> List<T> sent(List<Effect> effects, Class<T> type) {
        return effects.stream()
                .map(it -> it instanceof Effect.Send(Bytes to, Message message)
                        ? Optional.of(message)
                        : it instanceof Effect.Broadcast(Message message) ? Optional.of(message) : Optional.empty())
                .flatMap(Optional::stream)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    @Test
    void ownBatchesAreHeldAndSpread() {
        assertThat(data.spread(batch(1), false))
                .containsExactly(new Effect.Broadcast(new Message.Batches(List.of(batch(1)))));
        assertThat(data.waiting(1_000)).containsExactly(batch(1));
        assertThat(data.transactions()).isPositive();
    }

    @Test
    void eachNodeHasRoomForSoManyBatches() {
        for (int i = 0; i < 2_048; i++) {
            data.received(PEER, batch(i), false);
        }
        assertThat(data.hasRoom(PEER, batch(5_000))).isFalse();
        data.received(PEER, batch(5_000), false);
        assertThat(data.size()).isEqualTo(2_048);
        assertThat(data.hasRoom(OTHER, batch(5_000))).isTrue();
        data.committed(block(1, batch(0)));
        assertThat(data.hasRoom(PEER, batch(5_000))).isTrue();
    }

    @Test
    void eachNodeHasRoomForSoManyBytes() {
        for (int i = 0; i < 4; i++) {
            assertThat(data.hasRoom(PEER, large(i))).isTrue();
            data.received(PEER, large(i), false);
        }
        assertThat(data.hasRoom(PEER, large(4))).isFalse();
        assertThat(data.hasRoom(PEER, batch(1))).isTrue();
        assertThat(data.hasRoom(OTHER, large(4))).isTrue();
    }

    @Test
    void onlySoManyNodesHaveRoom() {
        for (int i = 0; i < 512; i++) {
            data.received(TestKeys.nodeId(100 + i), batch(i), false);
        }
        assertThat(data.hasRoom(PEER, batch(5_000))).isFalse();
        assertThat(data.hasRoom(TestKeys.nodeId(100), batch(5_000))).isTrue();
    }

    @Test
    void aBatchIsHeldOnceWhoeverSendsIt() {
        data.received(PEER, batch(1), false);
        assertThat(data.hasRoom(OTHER, batch(1))).isFalse();
        data.received(OTHER, batch(1), true);
        assertThat(data.size()).isEqualTo(1);
    }

    @Test
    void aBlockWhoseBatchesAreHeldIsCompleteAtOnce() {
        data.received(PEER, batch(1), false);
        data.received(PEER, batch(2), false);
        Block block = block(1, batch(2), batch(1));
        DataPlane.Result result = data.assemble(block.outline(), members);
        assertThat(result.complete()).containsExactly(block);
        assertThat(result.effects()).isEmpty();
        assertThat(data.assemble(empty(1).outline(), members).complete()).containsExactly(empty(1));
    }

    @Test
    void whatIsMissingIsAskedOfTheProposerFirstAndThenOfTheOthersInTurn() {
        data.received(PEER, batch(1), false);
        Block block = block(1, batch(1), batch(2), batch(3));
        Message.BatchRequest wanted = new Message.BatchRequest(List.of(batch(2).digest(), batch(3).digest()));
        assertThat(data.assemble(block.outline(), members).effects())
                .containsExactly(new Effect.Send(block.header().proposer(), wanted));
        List<Bytes> asked = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            for (Effect effect : data.assemble(block.outline(), members).effects()) {
                asked.add(((Effect.Send) effect).to());
            }
        }
        assertThat(asked).containsExactlyInAnyOrder(TestKeys.nodeId(0), TestKeys.nodeId(1), TestKeys.nodeId(3));
    }

    @Test
    void aBlockIsCompleteWithItsLastBatch() {
        Block block = block(1, batch(1), batch(2));
        data.assemble(block.outline(), members);
        assertThat(data.received(PEER, batch(1), false).complete()).isEmpty();
        assertThat(data.received(OTHER, batch(2), false).complete()).containsExactly(block);
        assertThat(data.received(OTHER, batch(3), false).complete()).isEmpty();
    }

    @Test
    void whatAProposalWaitsForIsTakenBeyondAllBounds() {
        for (int i = 0; i < 2_048; i++) {
            data.received(PEER, batch(i), false);
        }
        Block block = block(1, batch(5_000));
        data.assemble(block.outline(), members);
        assertThat(data.received(PEER, batch(5_000), false).complete()).containsExactly(block);
    }

    @Test
    void onlyTheLatestOfManyProposalsAreWaitedFor() {
        for (int i = 0; i < 9; i++) {
            data.assemble(block(i, batch(i)).outline(), members);
        }
        assertThat(data.received(PEER, batch(0), false).complete()).isEmpty();
        assertThat(data.received(PEER, batch(1), false).complete()).hasSize(1);
    }

    @Test
    void anOutlineBeyondABlocksBytesIsNeverComplete() {
        data.received(PEER, large(1), false);
        data.received(PEER, large(2), false);
        List<Bytes> digests = List.of(large(1).digest(), large(2).digest());
        var outline = new Outline(empty(1).header(), empty(1).lastCommit(), Optional.empty(), digests);
        assertThat(data.assemble(outline, members).complete()).isEmpty();
    }

    @Test
    void batchesOfValidatorsComeFirstAndThenTheOrderOfArrival() {
        data.received(PEER, batch(1), false);
        data.received(OTHER, batch(2), false);
        data.received(PEER, batch(3), true);
        data.spread(batch(4), true);
        assertThat(data.waiting(1_000)).containsExactly(batch(3), batch(4), batch(1), batch(2));
    }

    @Test
    void offersNoMoreThanFitsABlock() {
        data.received(PEER, large(1), false);
        data.received(PEER, large(2), false);
        data.received(PEER, batch(3), false);
        assertThat(data.waiting(Limits.BLOCK_BYTES)).containsExactly(large(1), batch(3));
        assertThat(data.waiting(batch(3).bytes())).containsExactly(batch(3));
        assertThat(data.waiting(batch(3).bytes() - 1)).isEmpty();
    }

    @Test
    void aBlockTakesItsBatchesAndOldOnesGo() {
        data.received(PEER, batch(1), false);
        data.received(PEER, batch(2), false);
        data.committed(block(1, batch(1)));
        assertThat(data.waiting(1_000)).containsExactly(batch(2));
        for (int i = 1; i < KEPT; i++) {
            data.committed(empty(i));
            assertThat(data.size()).isEqualTo(1);
        }
        data.committed(empty(9));
        assertThat(data.transactions()).isZero();
        assertThat(data.hasRoom(PEER, batch(2))).isTrue();
    }

    @Test
    void whatNoBlockCanBeMadeWithGoesAfterAFewTurns() {
        data.received(PEER, batch(1), false);
        for (int i = 0; i < 7; i++) {
            data.leftOut(List.of(batch(1)));
            assertThat(data.size()).isEqualTo(1);
        }
        data.leftOut(List.of(batch(1), batch(2)));
        assertThat(data.transactions()).isZero();
    }

    @Test
    void answersWithWhatIsHeldSoOftenBetweenTwoTicks() {
        data.received(PEER, batch(1), false);
        List<Bytes> digests = List.of(batch(1).digest(), batch(2).digest());
        for (int i = 0; i < 16; i++) {
            assertThat(data.requested(OTHER, digests))
                    .containsExactly(new Effect.Send(OTHER, new Message.Batches(List.of(batch(1)))));
        }
        assertThat(data.requested(OTHER, digests)).isEmpty();
        assertThat(data.requested(PEER, digests)).hasSize(1);
        data.tick();
        assertThat(data.requested(OTHER, digests)).hasSize(1);
        assertThat(data.requested(OTHER, List.of(batch(2).digest()))).isEmpty();
    }

    @Test
    void oneAnswerHasOnlySoManyBytes() {
        data.received(PEER, large(1), false);
        data.received(PEER, large(2), false);
        List<Bytes> digests = List.of(large(1).digest(), large(2).digest());
        assertThat(sent(data.requested(OTHER, digests), Message.Batches.class))
                .singleElement()
                .satisfies(it -> assertThat(it.batches()).containsExactly(large(1)));
    }

    @Test
    void ownBatchesThatWaitForLongAreSpreadAgain() {
        data.spread(batch(1), false);
        data.received(PEER, batch(2), false);
        assertThat(data.tick()).isEmpty();
        data.committed(empty(1));
        assertThat(data.tick()).isEmpty();
        data.committed(empty(2));
        assertThat(data.tick()).containsExactly(new Effect.Broadcast(new Message.Batches(List.of(batch(1)))));
    }
}
