package io.cloister.api;

import static io.cloister.api.GatewaysTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.api.Idempotency.Answer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class IdempotencyTest {
    private final Idempotency idempotency = new Idempotency();
    private final AtomicInteger done = new AtomicInteger();

    private Answer ask(String key, String body) {
        return idempotency.once("test", key, body, () -> new Answer(201, done.incrementAndGet()));
    }

    @Test
    void doesTheSameThingOnceAndAnswersItAgain() {
        assertThat(ask("k", "a")).isEqualTo(ask("k", "a"));
        assertThat(done).hasValue(1);
        ask(null, "a");
        ask(null, "a");
        ask("other", "a");
        idempotency.once("elsewhere", "k", "b", () -> new Answer(200, done.incrementAndGet()));
        assertThat(done).hasValue(5);
    }

    @Test
    void refusesAKeyThatCameWithAnotherBody() {
        ask("k", "a");
        assertThatThrownBy(() -> ask("k", "b")).satisfies(e -> assertProblem(e, 409, "idempotency-key-reused"));
        assertThatThrownBy(() -> ask("k".repeat(129), "b")).satisfies(e -> assertProblem(e, 400, "invalid-field"));
        assertThatThrownBy(() -> ask("", "b")).satisfies(e -> assertProblem(e, 400, "invalid-field"));
    }

    @Test
    void forgetsWhatFailedAndTheOldestOfManyKeys() {
        assertThatThrownBy(() -> idempotency.once("test", "k", "a", () -> {
                    throw ApiException.tooMany(1);
                }))
                .isInstanceOf(ApiException.class);
        ask("k", "b");
        for (int i = 0; i < Idempotency.MAX; i++) {
            ask("k" + i, "b");
        }
        assertThat(ask("k", "now another body").entity()).isEqualTo(done.get());
    }

    @Test
    void letsTheSecondOfTwoAtOnceWaitForTheFirst() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Thread first = Thread.ofVirtual()
                .start(() -> idempotency.once("test", "k", "a", () -> {
                    started.countDown();
                    try {
                        go.await(20, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return new Answer(201, done.incrementAndGet());
                }));
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        Thread release = Thread.ofVirtual().start(go::countDown);
        assertThat(ask("k", "a").entity()).isEqualTo(1);
        assertThat(done).hasValue(1);
        first.join();
        release.join();
    }
}
