package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SpreaderTest {
    private final BlockingQueue<List<Bytes>> sent = new LinkedBlockingQueue<>();
    private final CountDownLatch open = new CountDownLatch(1);
    private final Spreader spreader = new Spreader(this::send);

    private void send(List<Bytes> transactions) {
        sent.add(transactions);
        try {
            open.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void close() {
        open.countDown();
        spreader.close();
    }

    private List<Bytes> next() throws InterruptedException {
        return sent.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void sendsALoneOneAtOnceAndTogetherWhatGathersMeanwhile() throws InterruptedException {
        spreader.start();
        spreader.add(Bytes.utf8("a"));
        assertThat(next()).containsExactly(Bytes.utf8("a"));
        spreader.add(Bytes.utf8("b"));
        spreader.add(Bytes.utf8("c"));
        open.countDown();
        assertThat(next()).containsExactly(Bytes.utf8("b"), Bytes.utf8("c"));
    }

    @Test
    void noMessageIsLargerThanItsBounds() throws InterruptedException {
        for (int i = 0; i < Spreader.MESSAGE_COUNT + 1; i++) {
            spreader.add(Bytes.utf8("t" + i));
        }
        spreader.add(Bytes.zeros(Spreader.MESSAGE_BYTES - 10));
        spreader.add(Bytes.zeros(20));
        open.countDown();
        spreader.start();
        assertThat(next()).hasSize(Spreader.MESSAGE_COUNT);
        assertThat(next()).hasSize(2);
        assertThat(next()).containsExactly(Bytes.zeros(20));
    }

    @Test
    void keepsNoMoreThanSomeMessagesFullWhenNothingLeaves() throws InterruptedException {
        for (int i = 0; i < 20 * Spreader.MESSAGE_COUNT; i++) {
            spreader.add(Bytes.utf8("t" + i));
        }
        open.countDown();
        spreader.start();
        int count = 0;
        for (List<Bytes> message = next(); message != null; message = sent.poll(200, TimeUnit.MILLISECONDS)) {
            count += message.size();
        }
        assertThat(count).isEqualTo(8 * Spreader.MESSAGE_COUNT);
    }
}
