package io.cloister.attestation.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Leaf;
import io.cloister.attestation.Purpose;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.BatcherEffect.Answer;
import io.cloister.attestation.platform.BatcherEffect.MakeReport;
import io.cloister.attestation.platform.BatcherEffect.Refuse;
import io.cloister.attestation.platform.BatcherEffect.Request;
import io.cloister.codec.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReportBatcherTest {
    private static final Leaf OWN = new Leaf(Purpose.PEER_CHANNEL, List.of(Bytes.of((byte) 1)));
    private static final Leaf STRANGER = Leaf.restNonce(TestChips.filled(32, 1), Bytes.zeros(32));
    private static final long SECOND = 1_000_000_000L;

    private final ReportBatcher batcher =
            new ReportBatcher(new AttestationService.Settings(Duration.ofSeconds(1), 4, 6));

    private List<BatcherEffect> ask(long ticket, Leaf leaf, long now) {
        return batcher.step(new BatcherInput.Asked(ticket, leaf), now);
    }

    private List<BatcherEffect> tick(long now) {
        return batcher.step(new BatcherInput.Tick(), now);
    }

    private List<BatcherEffect> made(long now) {
        return batcher.step(new BatcherInput.Made(), now);
    }

    private static List<Long> begun(List<BatcherEffect> effects) {
        return effects.stream()
                .flatMap(effect -> effect instanceof MakeReport make ? make.batch().stream() : null)
                .map(Request::ticket)
                .toList();
    }

    private static List<Long> answered(List<BatcherEffect> effects) {
        return effects.stream()
                .flatMap(effect -> effect instanceof Answer answer ? answer.batch().stream() : null)
                .map(Request::ticket)
                .toList();
    }

    private static Refuse refused(List<BatcherEffect> effects) {
        return (Refuse)
                effects.stream().filter(Refuse.class::isInstance).findFirst().orElseThrow();
    }

    @Test
    void beginsAtOnceWhenIdleAndThenOnceAnInterval() {
        assertThat(begun(ask(1, OWN, 0))).containsExactly(1L);
        assertThat(ask(2, OWN, 1)).isEmpty();
        assertThat(answered(made(2))).containsExactly(1L);
        assertThat(batcher.wakeAt()).hasValue(SECOND);
        assertThat(tick(SECOND - 1)).isEmpty();
        assertThat(begun(tick(SECOND))).containsExactly(2L);
        assertThat(batcher.wakeAt()).isEmpty();
    }

    @Test
    void aSlowReportHoldsTheNextOneUpWhateverTheInterval() {
        ask(1, OWN, 0);
        assertThat(ask(2, OWN, 5 * SECOND)).isEmpty();
        List<BatcherEffect> effects = made(7 * SECOND);

        assertThat(answered(effects)).containsExactly(1L);
        assertThat(begun(effects)).containsExactly(2L);
    }

    @Test
    void servesItsOwnFirstAndNoMoreThanFitUnderAReport() {
        ask(1, STRANGER, 0);
        LongStream.range(2, 7).forEach(ticket -> ask(ticket, STRANGER, 1));
        LongStream.range(7, 10).forEach(ticket -> ask(ticket, OWN, 1));
        made(2);

        assertThat(begun(tick(SECOND))).containsExactly(7L, 8L, 9L, 2L);
        made(SECOND);
        assertThat(begun(tick(2 * SECOND))).containsExactly(3L, 4L, 5L, 6L);
        assertThat(batcher.status().waiting()).isZero();
    }

    @Test
    void refusesWhatItsQueuesDoNotHold() {
        ask(1, STRANGER, 0);
        LongStream.range(2, 8)
                .forEach(ticket -> assertThat(ask(ticket, STRANGER, 1)).isEmpty());

        Refuse refuse = refused(ask(8, STRANGER, 1));
        assertThat(refuse.tickets()).containsExactly(8L);
        assertThat(refuse.cause()).isInstanceOf(RejectedExecutionException.class);
        assertThat(ask(9, OWN, 1)).isEmpty();
    }

    @Test
    void whoGivesUpMakesRoomAndCostsNoReport() {
        ask(1, OWN, 0);
        made(1);
        ask(2, OWN, 2);
        batcher.step(new BatcherInput.GivenUp(2), 3);

        assertThat(batcher.wakeAt()).isEmpty();
        assertThat(tick(SECOND)).isEmpty();
        assertThat(begun(ask(3, OWN, SECOND))).containsExactly(3L);
        assertThat(batcher.step(new BatcherInput.GivenUp(3), SECOND)).isEmpty();
        assertThat(answered(made(SECOND))).containsExactly(3L);
    }

    @Test
    void aFailureRefusesItsBatchAlone() {
        ask(1, OWN, 0);
        ask(2, OWN, 1);
        PlatformException busy = new PlatformException.HostBusy("throttled");

        Refuse refuse = refused(batcher.step(new BatcherInput.Failed(busy), 2));
        assertThat(refuse.tickets()).containsExactly(1L);
        assertThat(batcher.status().lastFailure()).contains("throttled");
        assertThat(begun(tick(SECOND))).containsExactly(2L);
    }

    @Test
    void aWipedKeyEndsItForGood() {
        ask(1, OWN, 0);
        ask(2, STRANGER, 1);
        ask(3, OWN, 1);
        PlatformException wiped = new PlatformException.KeyWiped("wiped");

        Refuse refuse = refused(batcher.step(new BatcherInput.Failed(wiped), 2));
        assertThat(refuse.tickets()).containsExactly(1L, 3L, 2L);
        assertThat(tick(SECOND)).isEmpty();
        assertThat(refused(ask(4, OWN, 5 * SECOND)).cause()).isSameAs(wiped);
        assertThat(batcher.isStopped()).isTrue();
        assertThat(batcher.wakeAt()).isEmpty();
    }

    @Test
    void closingRefusesWhatWaitsAndStillAnswersWhatIsUnderWay() {
        ask(1, OWN, 0);
        ask(2, OWN, 1);
        IllegalStateException closed = new IllegalStateException("closed");

        assertThat(refused(batcher.step(new BatcherInput.Closed(closed), 2)).tickets())
                .containsExactly(2L);
        assertThat(answered(made(3))).containsExactly(1L);
        assertThat(refused(ask(3, OWN, 5 * SECOND)).cause()).isSameAs(closed);
    }
}
