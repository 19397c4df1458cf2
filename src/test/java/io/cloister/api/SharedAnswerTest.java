package io.cloister.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedAnswerTest {
    private Instant now = Instant.parse("2026-11-20T12:00:00Z");
    private final SharedAnswer<Integer> answer = new SharedAnswer<>(Duration.ofSeconds(15), () -> now);
    private final AtomicInteger made = new AtomicInteger();

    private int failing() {
        made.incrementAndGet();
        throw ApiException.unavailable("attestation-unavailable", "the platform makes no report now");
    }

    @Test
    void servesEverybodyForAWhile() {
        assertThat(answer.get(made::incrementAndGet)).isEqualTo(1);
        now = now.plusSeconds(14);
        assertThat(answer.get(made::incrementAndGet)).isEqualTo(1);
        now = now.plusSeconds(1);
        assertThat(answer.get(made::incrementAndGet)).isEqualTo(2);
    }

    @Test
    void whoWaitedHearsOfTheFailureAndDoesNotTryAgain() {
        for (int i = 0; i < 10; i++) {
            assertThatExceptionOfType(ApiException.class).isThrownBy(() -> answer.get(this::failing));
        }
        assertThat(made).hasValue(1);
        now = now.plus(SharedAnswer.FAILURE_KEPT);
        assertThat(answer.get(made::incrementAndGet)).isEqualTo(2);
    }

    @Test
    void onlySoManyWait() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger refused = new AtomicInteger();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < SharedAnswer.MAX_WAITING + 5; i++) {
            callers.add(Thread.ofVirtual().start(() -> {
                try {
                    answer.get(() -> {
                        await(gate);
                        return made.incrementAndGet();
                    });
                } catch (ApiException e) {
                    refused.incrementAndGet();
                }
            }));
        }
        for (int i = 0; i < 500 && refused.get() < 5; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(refused).hasValue(5);
        gate.countDown();
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(made).hasValue(1);
        assertThat(refused).hasValue(5);
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
