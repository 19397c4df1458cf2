package io.cloister.channel.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.channel.PeerNetwork;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;

class FlowProperties {
    private static final long WINDOW = Inbox.MIN_WINDOW;

    /** Sender and receiver with a wire in between; the receiver consumes when the property says so. */
    private static final class Link {
        private final Outbox outbox;
        private final Inbox inbox = new Inbox(WINDOW);
        private final Map<Topic, List<Bytes>> sent = new EnumMap<>(Topic.class);
        private final Map<Topic, List<Bytes>> received = new EnumMap<>(Topic.class);
        private final Deque<Map.Entry<Topic, Inbox.Message>> held = new ArrayDeque<>();

        private Link() {
            Map<Topic, QueueLimits> limits = new EnumMap<>(Topic.class);
            for (Topic topic : Topic.values()) {
                limits.put(topic, new QueueLimits(1000, 1L << 30));
                sent.put(topic, new ArrayList<>());
                received.put(topic, new ArrayList<>());
            }
            outbox = new Outbox(limits);
            for (Topic topic : Topic.values()) {
                outbox.credit(topic, inbox.initialGrant());
            }
        }

        private void offer(Topic topic, Bytes payload) {
            assertThat(outbox.offer(topic, payload)).isTrue();
            sent.get(topic).add(payload);
        }

        private boolean transfer() {
            Optional<Bytes> frame = outbox.next();
            frame.map(LiveFrame::decode)
                    .map(LiveFrame.Data.class::cast)
                    .ifPresent(data -> inbox.accept(data).ifPresent(message -> {
                        received.get(data.topic()).add(message.payload());
                        held.add(Map.entry(data.topic(), message));
                    }));
            return frame.isPresent();
        }

        private boolean consume() {
            Map.Entry<Topic, Inbox.Message> first = held.poll();
            if (first == null) {
                return false;
            }
            long grant = inbox.consumed(first.getKey(), first.getValue().units());
            if (grant > 0) {
                outbox.credit(first.getKey(), grant);
            }
            return true;
        }
    }

    @Provide
    Arbitrary<Integer> sizes() {
        return Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.integers().between(0, 2000)),
                Tuple.of(3, Arbitraries.integers().between(LiveFrame.CHUNK - 2, LiveFrame.CHUNK + 2)),
                Tuple.of(1, Arbitraries.integers().between(PeerNetwork.MAX_PAYLOAD - 2, PeerNetwork.MAX_PAYLOAD)));
    }

    @Property(tries = 30)
    void everythingArrivesWholeAndInOrderWithinItsTopic(
            @ForAll @Size(max = 30) List<@From("sizes") Integer> sizes, @ForAll long seed) {
        Random random = new Random(seed);
        Link link = new Link();
        for (int size : sizes) {
            byte[] payload = new byte[size];
            random.nextBytes(payload);
            link.offer(Topic.of(random.nextInt(Topic.values().length)), Bytes.wrap(payload));
            if (random.nextBoolean()) {
                link.transfer();
            }
            if (random.nextInt(4) == 0) {
                link.consume();
            }
        }
        boolean moved = true;
        while (moved) {
            moved = link.transfer() | link.consume();
        }

        assertThat(link.received).isEqualTo(link.sent);
    }

    @Example
    void aReceiverThatConsumesNothingHoldsAtMostItsWindow() {
        Link link = new Link();
        for (int i = 0; i < 40; i++) {
            link.offer(Topic.SYNC, Bytes.zeros(500_000));
        }
        while (link.transfer()) {
            assertThat(link.held.size()).isLessThan(40);
        }

        long bytes = link.held.stream()
                .mapToLong(entry -> entry.getValue().payload().length())
                .sum();
        assertThat(bytes).isLessThanOrEqualTo(WINDOW).isGreaterThan(WINDOW / 2);
        link.offer(Topic.CONSENSUS, Bytes.of((byte) 1));
        assertThat(link.transfer()).isTrue();
        assertThat(link.received.get(Topic.CONSENSUS)).hasSize(1);
    }

    @Example
    void tinyMessagesAreBoundedToo() {
        Link link = new Link();
        int count = 0;
        do {
            if (link.outbox.queued(Topic.MPC) == 0) {
                link.offer(Topic.MPC, Bytes.EMPTY);
            }
            count++;
        } while (link.transfer());

        assertThat(count).isLessThanOrEqualTo((int) (WINDOW / Units.PER_FRAME) + 1);
    }

    @Example
    void refusesMoreThanWasGranted() {
        Inbox inbox = new Inbox(WINDOW);
        LiveFrame.Data piece = new LiveFrame.Data(Topic.SYNC, true, Bytes.zeros(LiveFrame.CHUNK));

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1000; i++) {
                        inbox.accept(piece);
                    }
                })
                .isInstanceOf(FlowViolation.class)
                .hasMessageContaining("granted");
    }

    @Example
    void refusesAMessageThatNeverEnds() {
        Inbox inbox = new Inbox(WINDOW);
        LiveFrame.Data piece = new LiveFrame.Data(Topic.SYNC, false, Bytes.zeros(LiveFrame.CHUNK));

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1000; i++) {
                        inbox.accept(piece);
                    }
                })
                .isInstanceOf(FlowViolation.class)
                .hasMessageContaining("limit");
    }

    @Provide
    Arbitrary<Bytes> noise() {
        Arbitrary<Bytes> any =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(200).map(Bytes::of);
        return Arbitraries.integers()
                .between(0, 24)
                .flatMap(type -> any.map(rest -> Bytes.concat(Bytes.of(type.byteValue()), rest)));
    }

    @Property(tries = 1000)
    void everyReadableFrameIsItsOwnOnlyEncoding(@ForAll("noise") Bytes frame) {
        LiveFrame read;
        try {
            read = LiveFrame.decode(frame);
        } catch (CodecException refused) {
            return;
        }
        assertThat(read.encode()).isEqualTo(frame);
    }

    @Example
    void framesAboveTheLimitAndShortPiecesAreRefused() {
        Bytes large = new LiveFrame.Data(Topic.SYNC, true, Bytes.zeros(LiveFrame.CHUNK + 1)).encode();
        Bytes shortPiece = new LiveFrame.Data(Topic.SYNC, false, Bytes.zeros(9)).encode();
        Bytes nothing = new LiveFrame.Credit(Topic.SYNC, 0).encode();

        assertReason(large, CodecException.Reason.TOO_LONG);
        assertReason(shortPiece, CodecException.Reason.NOT_CANONICAL);
        assertReason(nothing, CodecException.Reason.OUT_OF_RANGE);
        assertReason(Bytes.of((byte) 16, (byte) 9, (byte) 1), CodecException.Reason.UNKNOWN);
        assertReason(Bytes.of((byte) 1), CodecException.Reason.UNKNOWN);
        assertReason(Bytes.EMPTY, CodecException.Reason.TRUNCATED);
    }

    private static void assertReason(Bytes frame, CodecException.Reason reason) {
        assertThatThrownBy(() -> LiveFrame.decode(frame))
                .isInstanceOfSatisfying(
                        CodecException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Example
    void topicsAreNamedByTheirPlaceInTheOrderOfPriority() {
        assertThat(Arrays.stream(Topic.values()).map(Topic::code)).containsExactly(0, 1, 2, 3);
    }
}
