package io.cloister.bridge.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubmissionsTest {
    private static final int KIND = 4;
    private static final Bytes ABOUT = Hashes.sha256(Bytes.utf8("about"));
    private static final Bytes BODY = Bytes.utf8("body");

    private Instant now = Instant.EPOCH;

    /** Notes what is submitted; the receipts are the test's to complete. */
    private static final class Recorder implements LedgerClient {
        final List<Bytes> bodies = new ArrayList<>();
        final List<CompletableFuture<Receipt>> receipts = new ArrayList<>();

        @Override
        public CompletableFuture<Receipt> submit(int module, int kind, Bytes body) {
            bodies.add(body);
            receipts.add(new CompletableFuture<>());
            return receipts.getLast();
        }

        @Override
        public View state() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long height() {
            return 12;
        }
    }

    private final List<Recorder> ledgers =
            IntStream.range(0, 4).mapToObj(i -> new Recorder()).toList();
    private final List<Submissions> nodes = IntStream.range(0, 4)
            .mapToObj(i -> new Submissions(ledgers.get(i), () -> now, i + 1))
            .toList();

    private List<Integer> submitted() {
        return ledgers.stream().map(l -> l.bodies.size()).toList();
    }

    private void everybodyReports(Bytes about) {
        nodes.forEach(node -> node.report(KIND, about, () -> BODY, 4));
    }

    private static long total(List<Integer> counts) {
        return counts.stream().mapToLong(Integer::longValue).sum();
    }

    @Test
    void nodesTakeTurnsUntilAllHaveTried() {
        for (int turn = 1; turn <= 4; turn++) {
            everybodyReports(ABOUT);
            assertThat(total(submitted())).isEqualTo(turn);
            now = now.plusMillis(1_500);
        }
        assertThat(submitted()).containsExactly(1, 1, 1, 1);
    }

    @Test
    void outputsOfDifferentTransactionsAreSpreadOverAllNodes() {
        Set<Integer> first = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            List<Integer> before = submitted();
            Bytes txid = Hashes.sha256(new Writer().u32(i).toBytes());
            everybodyReports(Bytes.concat(txid, Bytes.zeros(4)));
            IntStream.range(0, 4)
                    .filter(n -> submitted().get(n) > before.get(n))
                    .forEach(first::add);
        }
        assertThat(total(submitted())).isEqualTo(60);
        assertThat(first).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    private static CompletableFuture<Receipt> last(Recorder ledger) {
        return ledger.receipts.getLast();
    }

    /** Steps every half second until something is submitted; how long that took. */
    private Duration untilSubmitted(Submissions node, Recorder ledger) {
        Instant begun = now;
        int before = ledger.bodies.size();
        while (ledger.bodies.size() == before && now.isBefore(begun.plusSeconds(3_600))) {
            now = now.plusMillis(500);
            node.report(KIND, ABOUT, () -> BODY, 1);
        }
        return Duration.between(begun, now);
    }

    @Test
    void whatIsOrderedAndNotYetSeenIsSubmittedAgainAfterTenSeconds() {
        Submissions node = nodes.getFirst();
        Recorder ledger = ledgers.getFirst();
        node.report(KIND, ABOUT, () -> BODY, 1);
        last(ledger).complete(receipt(""));
        assertThat(untilSubmitted(node, ledger)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void whatIsNotAnsweredIsNotSubmittedBesideItselfForAMinute() {
        Submissions node = nodes.getFirst();
        node.report(KIND, ABOUT, () -> BODY, 1);
        assertThat(untilSubmitted(node, ledgers.getFirst())).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void whatIsRefusedForNowIsTriedAtIntervalsThatDoubleUpToFiveMinutes() {
        Submissions node = nodes.getFirst();
        Recorder ledger = ledgers.getFirst();
        node.report(KIND, ABOUT, () -> BODY, 1);
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            if (i % 2 == 0) {
                last(ledger).complete(receipt("daily-cap-reached"));
            } else {
                last(ledger).completeExceptionally(new CompletionException(new Refusal("asset-paused", "at the door")));
            }
            pauses.add(untilSubmitted(node, ledger).toSeconds());
        }
        assertThat(pauses).containsExactly(10L, 20L, 40L, 80L, 160L, 300L, 300L, 300L);
        last(ledger).complete(receipt(""));
        assertThat(untilSubmitted(node, ledger)).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsRefusedForGoodIsGivenUp(boolean atTheDoor) {
        Submissions node = nodes.getFirst();
        Recorder ledger = ledgers.getFirst();
        node.report(KIND, ABOUT, () -> BODY, 1);
        assertThat(node.hasGivenUp(KIND, ABOUT)).isFalse();
        if (atTheDoor) {
            last(ledger).completeExceptionally(new Refusal("amount-above-supply", "at the door"));
        } else {
            last(ledger).complete(receipt("amount-above-supply"));
        }
        assertThat(node.hasGivenUp(KIND, ABOUT)).isTrue();
        assertThat(node.hasGivenUp(KIND + 1, ABOUT)).isFalse();
        assertThat(node.givenUp()).isOne();
        assertThat(untilSubmitted(node, ledger)).isEqualTo(Duration.ofHours(1));
        assertThat(ledger.bodies).hasSize(1);
    }

    @Test
    void remembersABoundedNumberOfRefusals() {
        Submissions node = nodes.getFirst();
        List<Bytes> abouts = IntStream.rangeClosed(0, Submissions.MAX)
                .mapToObj(i -> new Writer().u32(i).toBytes())
                .toList();
        abouts.forEach(about -> node.giveUp(KIND, about, "a test"));
        assertThat(node.hasGivenUp(KIND, abouts.getFirst())).isFalse();
        assertThat(node.hasGivenUp(KIND, abouts.getLast())).isTrue();
        assertThat(abouts.stream().filter(about -> node.hasGivenUp(KIND, about)))
                .hasSize(Submissions.MAX);
    }

    @Test
    void eachOfMoreThingsThanAreRememberedGetsItsTurnAndNoneIsMadeTooOften() {
        Recorder ledger = ledgers.getFirst();
        Submissions node = nodes.getFirst();
        Rota<Bytes> rota = new Rota<>(() -> now);
        List<Bytes> open = IntStream.range(0, Submissions.MAX + 1_000)
                .mapToObj(i -> Hashes.sha256(new Writer().u32(i).toBytes()))
                .toList();
        Set<Bytes> reported = new HashSet<>();
        int[] made = {0};
        for (int step = 0; step < 1_380; step++) {
            for (Bytes about : rota.now(open)) {
                Supplier<Bytes> body = () -> {
                    made[0]++;
                    reported.add(about);
                    return about;
                };
                node.report(KIND, about, body, 4);
            }
            ledger.receipts.forEach(each -> each.completeExceptionally(new Refusal("asset-paused", "for now")));
            ledger.receipts.clear();
            now = now.plusSeconds(1);
        }
        assertThat(reported).hasSize(open.size());
        assertThat(made[0]).as("at 0, 10 and 30 seconds of a spell").isLessThanOrEqualTo(4 * open.size());
    }

    @Test
    void whatCannotBeMadeIsTriedAgainAtIntervalsToo() {
        int[] made = {0};
        Supplier<Bytes> broken = () -> {
            made[0]++;
            throw new IllegalStateException("no proof");
        };
        for (int second = 0; second < 60; second++) {
            try {
                nodes.getFirst().report(KIND, ABOUT, broken, 1);
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("no proof");
            }
            now = now.plusSeconds(1);
        }
        assertThat(made[0]).as("at 0, 10 and 30 seconds").isEqualTo(3);
    }

    @Test
    void makesNoBodyBeforeItIsSubmitted() {
        Submissions node = nodes.getFirst();
        int[] made = {0};
        Supplier<Bytes> body = () -> {
            made[0]++;
            return BODY;
        };
        for (int i = 0; i < 10; i++) {
            node.report(KIND, ABOUT, body, 1);
        }
        assertThat(made[0]).isOne();
    }

    @Test
    void submitsNothingThatWasGivenUpWhileItWasMade() {
        Submissions node = nodes.getFirst();
        node.report(
                KIND,
                ABOUT,
                () -> {
                    node.giveUp(KIND, ABOUT, "too long");
                    return BODY;
                },
                1);
        assertThat(ledgers.getFirst().bodies).isEmpty();
    }

    @Test
    void everyNodeStatesAtOnceAndDifferentThingsDoNotHoldEachOtherUp() {
        nodes.forEach(node -> node.state(KIND, BODY));
        nodes.forEach(node -> node.state(KIND + 1, BODY));
        nodes.forEach(node -> node.state(KIND, Bytes.utf8("else")));
        assertThat(submitted()).containsExactly(3, 3, 3, 3);
    }

    private static Receipt receipt(String code) {
        return new Receipt(1, 0, ABOUT, 3, KIND, code, List.of());
    }
}
