package io.cloister.channel.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.channel.PeerNetwork;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutboxTest {
    private final Outbox outbox = new Outbox(limits(100, 16L << 20));

    private static Map<Topic, QueueLimits> limits(int messages, long bytes) {
        Map<Topic, QueueLimits> limits = new EnumMap<>(Topic.class);
        for (Topic topic : Topic.values()) {
            limits.put(topic, new QueueLimits(messages, bytes));
        }
        return limits;
    }

    private void credit(long units) {
        for (Topic topic : Topic.values()) {
            outbox.credit(topic, units);
        }
    }

    private List<LiveFrame> drain() {
        List<LiveFrame> frames = new ArrayList<>();
        for (Optional<Bytes> next = outbox.next(); next.isPresent(); next = outbox.next()) {
            frames.add(LiveFrame.decode(next.get()));
        }
        return frames;
    }

    private static LiveFrame whole(Topic topic, int value) {
        return new LiveFrame.Data(topic, true, Bytes.of((byte) value));
    }

    @Test
    void sendsTopicsInPriorityOrderAndMessagesInTheirs() {
        credit(1 << 20);
        outbox.offer(Topic.STATE, Bytes.of((byte) 1));
        outbox.offer(Topic.SYNC, Bytes.of((byte) 2));
        outbox.offer(Topic.SYNC, Bytes.of((byte) 3));
        outbox.offer(Topic.MPC, Bytes.of((byte) 4));
        outbox.offer(Topic.CONSENSUS, Bytes.of((byte) 5));

        assertThat(drain())
                .containsExactly(
                        whole(Topic.CONSENSUS, 5),
                        whole(Topic.MPC, 4),
                        whole(Topic.SYNC, 2),
                        whole(Topic.SYNC, 3),
                        whole(Topic.STATE, 1));
    }

    @Test
    void aVoteOvertakesTheRestOfALargeMessage() {
        credit(PeerNetwork.MAX_PAYLOAD * 2L);
        outbox.offer(Topic.SYNC, Bytes.zeros(PeerNetwork.MAX_PAYLOAD));
        assertThat(LiveFrame.decode(outbox.next().orElseThrow()))
                .isEqualTo(new LiveFrame.Data(Topic.SYNC, false, Bytes.zeros(LiveFrame.CHUNK)));

        outbox.offer(Topic.CONSENSUS, Bytes.of((byte) 7));

        assertThat(LiveFrame.decode(outbox.next().orElseThrow())).isEqualTo(whole(Topic.CONSENSUS, 7));
        assertThat(drain()).hasSize(65).allMatch(frame -> ((LiveFrame.Data) frame).topic() == Topic.SYNC);
    }

    @Test
    void sendsNothingWithoutCredit() {
        outbox.offer(Topic.CONSENSUS, Bytes.zeros(10));
        assertThat(outbox.next()).isEmpty();

        outbox.credit(Topic.CONSENSUS, 10 + Units.PER_FRAME - 1);
        assertThat(outbox.next()).isEmpty();

        outbox.credit(Topic.CONSENSUS, 1);
        assertThat(outbox.next()).isPresent();
    }

    @Test
    void aTopicWithoutCreditDoesNotHoldTheOthersUp() {
        outbox.offer(Topic.CONSENSUS, Bytes.zeros(10));
        outbox.offer(Topic.STATE, Bytes.of((byte) 1));
        outbox.credit(Topic.STATE, 1000);

        assertThat(drain()).containsExactly(whole(Topic.STATE, 1));
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void queuesAreBoundedByCount(Topic topic) {
        Outbox small = new Outbox(limits(3, 1000));
        for (int i = 0; i < 3; i++) {
            assertThat(small.offer(topic, Bytes.zeros(1))).isTrue();
        }

        assertThat(small.offer(topic, Bytes.zeros(1))).isFalse();
        assertThat(small.queued(topic)).isEqualTo(3);
    }

    @Test
    void queuesAreBoundedByBytesEachOnItsOwn() {
        Outbox small = new Outbox(limits(100, 1000));
        assertThat(small.offer(Topic.MPC, Bytes.zeros(900))).isTrue();
        assertThat(small.offer(Topic.MPC, Bytes.zeros(101))).isFalse();
        assertThat(small.offer(Topic.MPC, Bytes.zeros(100))).isTrue();
        assertThat(small.offer(Topic.SYNC, Bytes.zeros(1000))).isTrue();
    }

    @Test
    void roomComesBackWhenAMessageIsSent() {
        Outbox small = new Outbox(limits(1, 1000));
        small.credit(Topic.MPC, 10_000);
        small.offer(Topic.MPC, Bytes.zeros(1000));
        assertThat(small.offer(Topic.MPC, Bytes.zeros(1000))).isFalse();

        assertThat(small.next()).isPresent();

        assertThat(small.offer(Topic.MPC, Bytes.zeros(1000))).isTrue();
    }

    @Test
    void controlAndGrantsGoFirstAndGrantsAreMerged() {
        credit(1000);
        outbox.offer(Topic.CONSENSUS, Bytes.of((byte) 1));
        outbox.grant(Topic.SYNC, 5);
        outbox.grant(Topic.SYNC, 6);
        outbox.offerControl(new LiveFrame.Decline(Bytes.zeros(32)).encode());

        assertThat(drain())
                .containsExactly(
                        new LiveFrame.Decline(Bytes.zeros(32)),
                        new LiveFrame.Credit(Topic.SYNC, 11),
                        whole(Topic.CONSENSUS, 1));
    }

    @Test
    void aPeerThatReadsNothingCannotMakeControlFramesPileUp() {
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        outbox.offerControl(new LiveFrame.Decline(Bytes.zeros(32)).encode());
                    }
                })
                .isInstanceOf(FlowViolation.class);
    }

    @Test
    void refusesCreditBeyondMeaning() {
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 3; i++) {
                        outbox.credit(Topic.MPC, 0xffff_ffffL);
                    }
                })
                .isInstanceOf(FlowViolation.class);
    }

    @Test
    void refusesAPayloadAboveTheLimit() {
        assertThatThrownBy(() -> outbox.offer(Topic.SYNC, Bytes.zeros(PeerNetwork.MAX_PAYLOAD + 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
