package io.cloister.consensus.core;

import static io.cloister.consensus.TestHeaders.CHAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Header;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.TestHeaders;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.ValidatorSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sync by snapshot without any node around: good servers, liars and vanishing ones. */
class SnapshotSyncTest {
    private static final Bytes ONE = TestKeys.nodeId(0);
    private static final Bytes TWO = TestKeys.nodeId(1);
    private static final Bytes DATA = Bytes.utf8("data");

    private final ValidatorSet set = TestKeys.validators(List.of(1L, 1L, 1L, 1L));
    private final ValidatorSet other = TestKeys.validators(List.of(1L, 1L, 1L, 2L));
    private final Trust start = new Trust(10, Bytes.zeros(32), 100, 0, Optional.empty(), set, Optional.empty());
    private final CatchUp claims = new CatchUp(3_000);
    private final SnapshotSync sync = new SnapshotSync(CHAIN, TestKeys.CHECK, 3_000, claims);
    private final CertifiedHeader target = TestHeaders.certified(TestHeaders.header(0, 3_000, 0, set), set);

    @BeforeEach
    void twoAreAhead() {
        claims.claim(ONE, 4_000);
        claims.claim(TWO, 4_000);
    }

    private static HeaderLink link(CertifiedHeader block) {
        return new HeaderLink(block, Optional.empty(), Optional.empty());
    }

    private static Effect.Send sent(List<Effect> effects) {
        List<Effect.Send> all = effects.stream()
                .filter(Effect.Send.class::isInstance)
                .map(Effect.Send.class::cast)
                .toList();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static Timer.Snapshot timer(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Arm.class::isInstance)
                .map(it -> (Timer.Snapshot) ((Effect.Arm) it).timer())
                .findFirst()
                .orElseThrow();
    }

    private List<Effect> offer(Bytes from) {
        return sync.offered(from, new Message.SnapshotOffer(3_000, List.of(link(target))));
    }

    private static Input.ChunkTaken taken(boolean good, Optional<Bytes> missing) {
        return new Input.ChunkTaken(3_000, good, missing);
    }

    /** Up to the first request for a chunk. */
    private Effect.Send fetching() {
        sync.begin(start, 100);
        offer(ONE);
        return sent(sync.taken(taken(true, Optional.of(Bytes.EMPTY))));
    }

    @Test
    void walksToTheBlockAndFetchesItsStateInChunks() {
        Effect.Send asked = sent(sync.begin(start, 100));
        assertThat(asked).isEqualTo(new Effect.Send(ONE, new Message.SnapshotRequest(11, 0, set.hash())));
        assertThat(offer(ONE)).containsExactly(new Effect.BeginSnapshot(target));
        assertThat(sent(sync.taken(taken(true, Optional.of(Bytes.EMPTY)))).message())
                .isEqualTo(new Message.ChunkRequest(3_000, Bytes.EMPTY));
        assertThat(sync.answered(ONE, new Message.Chunk(3_000, DATA)))
                .containsExactly(new Effect.TakeChunk(3_000, DATA));
        assertThat(sent(sync.taken(taken(true, Optional.of(DATA)))).message())
                .isEqualTo(new Message.ChunkRequest(3_000, DATA));
        sync.answered(ONE, new Message.Chunk(3_000, DATA));
        assertThat(sync.taken(taken(true, Optional.empty()))).isEmpty();
        assertThat(sync.complete()).contains(new SnapshotSync.Target(target, set, set, List.of()));
    }

    @Test
    void aLongWalkGoesOnFromWhatIsBelievedByThen() {
        sync.begin(start, 100);
        Header change = TestHeaders.header(0, 500, 0, set, other, Optional.empty());
        HeaderLink step = new HeaderLink(TestHeaders.certified(change, set), Optional.empty(), Optional.of(other));
        assertThat(sent(sync.offered(ONE, new Message.SnapshotOffer(3_000, List.of(step)))))
                .isEqualTo(new Effect.Send(TWO, new Message.SnapshotRequest(501, 0, other.hash())));
        CertifiedHeader last = TestHeaders.certified(TestHeaders.header(0, 3_000, 0, other), other);
        assertThat(sync.offered(TWO, new Message.SnapshotOffer(3_000, List.of(link(last)))))
                .containsExactly(new Effect.BeginSnapshot(last));
        sync.taken(taken(true, Optional.empty()));
        assertThat(sync.complete().orElseThrow().install())
                .isEqualTo(new Effect.Install(last, other, other, List.of(step)));
    }

    @Test
    void aTrueHeaderThatIsNoStepOfTheWalkIsRefused() {
        sync.begin(start, 100);
        HeaderLink idle = link(TestHeaders.certified(TestHeaders.header(0, 500, 0, set), set));
        List<Effect> after = sync.offered(ONE, new Message.SnapshotOffer(3_000, List.of(idle)));
        assertThat(after).contains(new Effect.Refuse(ONE, Refusal.BAD_SNAPSHOT));
        assertThat(sent(after).to()).isEqualTo(TWO);
    }

    @Test
    void aLyingOfferIsRefusedAndAnotherPeerAsked() {
        sync.begin(start, 100);
        CertifiedHeader lie = TestHeaders.certified(TestHeaders.header(0, 3_000, 0, other), other);
        List<Effect> after = sync.offered(ONE, new Message.SnapshotOffer(3_000, List.of(link(lie))));
        assertThat(after).contains(new Effect.Refuse(ONE, Refusal.BAD_SNAPSHOT));
        assertThat(sent(after).to()).isEqualTo(TWO);
    }

    @Test
    void aSnapshotThatIsNotWorthItIsNotTaken() {
        sync.begin(start, 3_001);
        List<Effect> after = offer(ONE);
        assertThat(after).noneMatch(Effect.Refuse.class::isInstance);
        assertThat(sent(after).to()).isEqualTo(TWO);
    }

    @Test
    void aBadChunkIsRefusedAtOnceAndAnotherPeerAskedForIt() {
        Bytes liar = fetching().to();
        sync.answered(liar, new Message.Chunk(3_000, DATA));
        List<Effect> after = sync.taken(taken(false, Optional.of(Bytes.EMPTY)));
        assertThat(after).contains(new Effect.Refuse(liar, Refusal.BAD_SNAPSHOT));
        assertThat(sent(after)).isEqualTo(new Effect.Send(TWO, new Message.ChunkRequest(3_000, Bytes.EMPTY)));
    }

    @Test
    void whoVanishesIsReplacedAndWhatIsThereIsKept() {
        sync.begin(start, 100);
        offer(ONE);
        sync.taken(taken(true, Optional.of(Bytes.EMPTY)));
        sync.answered(ONE, new Message.Chunk(3_000, DATA));
        List<Effect> asked = sync.taken(taken(true, Optional.of(DATA)));
        List<Effect> after = sync.expired(timer(asked));
        assertThat(sent(after)).isEqualTo(new Effect.Send(TWO, new Message.ChunkRequest(3_000, DATA)));
        assertThat(sync.answered(ONE, new Message.Chunk(3_000, DATA))).isEmpty();
        assertThat(sync.expired(timer(asked))).isEmpty();
    }

    @Test
    void endsWhenNobodyHasASnapshotAndAsksAgainAfterAWhile() {
        sync.begin(start, 100);
        sync.offered(ONE, new Message.SnapshotOffer(11, List.of()));
        assertThat(sync.isActive()).isTrue();
        assertThat(sync.offered(TWO, new Message.SnapshotOffer(11, List.of()))).isEmpty();
        assertThat(sync.isActive()).isFalse();
        assertThat(sync.begin(start, 100)).isEmpty();
        for (int i = 0; i < 40; i++) {
            sync.tick();
        }
        assertThat(sync.begin(start, 100)).isNotEmpty();
    }

    @Test
    void endsWhenTheLastServerOfAStateIsGone() {
        fetching();
        sync.answered(ONE, new Message.Chunk(3_000, Bytes.EMPTY));
        assertThat(sync.answered(TWO, new Message.Chunk(3_000, Bytes.EMPTY))).isEmpty();
        assertThat(sync.isActive()).isFalse();
    }

    @Test
    void whatWasNotAskedForIsIgnored() {
        assertThat(offer(ONE)).isEmpty();
        sync.begin(start, 100);
        assertThat(offer(TWO)).isEmpty();
        assertThat(sync.answered(ONE, new Message.Chunk(3_000, DATA))).isEmpty();
        assertThat(sync.taken(taken(true, Optional.empty()))).isEmpty();
        assertThat(sync.complete()).isEmpty();
    }

    @Test
    void asksForSoManyChunksBetweenTwoTicks() {
        fetching();
        int asked = 1;
        while (true) {
            sync.answered(ONE, new Message.Chunk(3_000, DATA));
            if (sync.taken(taken(true, Optional.of(DATA))).isEmpty()) {
                break;
            }
            asked++;
        }
        assertThat(asked).isEqualTo(8);
        assertThat(sent(sync.tick()))
                .as("peers take turns")
                .isEqualTo(new Effect.Send(TWO, new Message.ChunkRequest(3_000, DATA)));
    }
}
