package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Batch;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.MessageCodec;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InboxTest {
    private final Inbox inbox = new Inbox();

    private static Inbox.Item item(int peer, long number, int bytes) {
        return new Inbox.Item(TestKeys.nodeId(peer), Optional.of(new Message.BlockRequest(number)), bytes);
    }

    @Test
    void peersTakeTurns() throws InterruptedException {
        for (int i = 1; i <= 3; i++) {
            inbox.offer(item(1, i, 10));
        }
        inbox.offer(item(2, 1, 10));
        assertThat(inbox.take(0)).contains(item(1, 1, 10));
        assertThat(inbox.take(0)).contains(item(2, 1, 10));
        assertThat(inbox.take(0)).contains(item(1, 2, 10));
        assertThat(inbox.take(0)).contains(item(1, 3, 10));
        assertThat(inbox.take(0)).isEmpty();
    }

    @Test
    void aPeerHasRoomForSoManyMessagesAndBytes() {
        for (int i = 1; i <= 512; i++) {
            assertThat(inbox.offer(item(1, i, 1))).isTrue();
        }
        assertThat(inbox.offer(item(1, 513, 1))).isFalse();
        assertThat(inbox.offer(item(2, 1, 16 << 20))).isTrue();
        assertThat(inbox.offer(item(2, 2, 1))).isFalse();
        assertThat(inbox.dropped()).isEqualTo(2);
    }

    @Test
    void chargesTheMemoryOfManySmallPartsAndNotTheirLengthAlone() {
        Message small = new Message.Batches(List.of(new Batch(Collections.nCopies(1_000, Bytes.of((byte) 1)))));
        int length = MessageCodec.encode(small).length();
        assertThat(Inbox.Item.of(TestKeys.nodeId(1), small, length).bytes()).isGreaterThan(1_000 * 60);
        assertThat(Inbox.Item.of(TestKeys.nodeId(1), new Message.BlockRequest(1), 10)
                        .bytes())
                .isLessThan(1_000);
    }

    @Test
    void manyStrangersFindNoRoomForever() {
        for (int i = 0; i < 600; i++) {
            inbox.offer(item(i, 1, 1));
        }
        assertThat(inbox.dropped()).isEqualTo(88);
    }

    @Test
    void wakingMakesTakeReturn() throws InterruptedException {
        inbox.wake();
        Optional<Inbox.Item> nothing = inbox.take(Long.MAX_VALUE / 2);
        assertThat(nothing).isEmpty();
    }
}
