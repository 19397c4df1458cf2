package io.cloister.bridge.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

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
        nodes.forEach(node -> node.report(KIND, about, BODY, 4));
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

    @Test
    void whatIsNotDoneIsSubmittedAgainLater() {
        Submissions node = nodes.getFirst();
        node.state(KIND, BODY);
        node.state(KIND, BODY);
        assertThat(ledgers.getFirst().bodies).hasSize(1);
        now = now.plusSeconds(9);
        node.state(KIND, BODY);
        assertThat(ledgers.getFirst().bodies).hasSize(1);
        now = now.plusSeconds(1);
        node.state(KIND, BODY);
        assertThat(ledgers.getFirst().bodies).hasSize(2);
    }

    @Test
    void everyNodeStatesAtOnceAndDifferentThingsDoNotHoldEachOtherUp() {
        nodes.forEach(node -> node.state(KIND, BODY));
        nodes.forEach(node -> node.state(KIND + 1, BODY));
        nodes.forEach(node -> node.state(KIND, Bytes.utf8("else")));
        assertThat(submitted()).containsExactly(3, 3, 3, 3);
    }

    @Test
    void tellsOfARefusalInABlockOnly() {
        List<String> codes = new ArrayList<>();
        Submissions node = new Submissions(ledgers.getFirst(), () -> now, 1);
        node.report(KIND, ABOUT, BODY, 1, codes::add);
        ledgers.getFirst().receipts.getLast().complete(receipt("recipient-refused"));
        node.report(KIND + 1, ABOUT, BODY, 1, codes::add);
        ledgers.getFirst().receipts.getLast().complete(receipt(""));
        node.report(KIND + 2, ABOUT, BODY, 1, codes::add);
        ledgers.getFirst().receipts.getLast().completeExceptionally(new Refusal("expired", "at the door"));
        assertThat(codes).containsExactly("recipient-refused");
    }

    private static Receipt receipt(String code) {
        return new Receipt(1, 0, ABOUT, 3, KIND, code, List.of());
    }
}
