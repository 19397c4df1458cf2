package io.cloister.api;

import static io.cloister.api.GatewaysTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.api.Feed.Filter;
import io.cloister.api.Feed.Message;
import io.cloister.bridge.Deposit;
import io.cloister.bridge.EventHub;
import io.cloister.bridge.EventHub.BlockFinal;
import io.cloister.bridge.EventHub.DepositSeen;
import io.cloister.bridge.Gateway;
import io.cloister.bridge.Transfer;
import io.cloister.codec.Bytes;
import io.cloister.multichain.bitcoin.OutPoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FeedTest {
    private static final Bytes RECIPIENT = Bytes.hex("dafea492d9c6733ae3d56b7ed1adb60692c98bc5");
    private static final Filter ALL = new Filter(Optional.empty(), Optional.empty());

    private final TestNetwork network = new TestNetwork();
    private final EventHub hub = new EventHub();
    private final Feed feed = new Feed(network::state, network::timeMillis);

    private List<Message> messages() {
        List<Message> messages = new ArrayList<>();
        hub.subscribe(0, entry -> messages.add(feed.message(entry))).close();
        return messages;
    }

    @Test
    void tellsADepositsWholeWay() {
        network.ledger.addListener(hub);
        Gateway gateway = network.gateway(RECIPIENT, Bytes.zeros(32));
        OutPoint seen = new OutPoint(Bytes.zeros(32), 1);
        hub.publish(new DepositSeen(gateway.gHash(), seen, 5_000_000, 0, 3, false));
        hub.publish(new DepositSeen(gateway.gHash(), seen, 5_000_000, 2, 3, false));
        Deposit accepted = network.deposit(gateway, 5_000_000);
        network.sign();
        Filter ours = new Filter(Optional.of(gateway.gHash()), Optional.empty());
        List<Message> told = messages().stream().filter(ours::wants).toList();
        assertThat(told)
                .extracting(Message::name)
                .containsExactly("gateway", "deposit", "deposit", "deposit", "deposit");
        assertThat(told.stream().skip(1).map(m -> m.data().path("state").asText()))
                .containsExactly("seen", "confirming", "accepted", "ready");
        Message last = told.getLast();
        assertThat(last.data().path("outpoint").asText())
                .isEqualTo(accepted.outpoint().toString());
        assertThat(last.data().path("amount").asText()).isEqualTo("5000000");
        assertThat(last.data().path("confirmations").asInt())
                .isEqualTo(last.data().path("required").asInt())
                .isEqualTo(3);
        assertThat(told.getFirst().data().path("address").asText()).startsWith("rltc1");
    }

    @Test
    void saysOfADepositThatTheLedgerWouldRefuseThatItIsIgnoredAndWhy() {
        Gateway gateway = network.gateway(RECIPIENT, Bytes.zeros(32));
        hub.publish(new DepositSeen(gateway.gHash(), new OutPoint(Bytes.zeros(32), 1), 7, 6, 3, false));
        Message told = messages().getLast();
        assertThat(told.data().path("state").asText()).isEqualTo("ignored");
        assertThat(told.data().path("reason").asText()).isEqualTo("amount-below-minimum");
    }

    @Test
    void doesNotJudgeAgainWhatTheLedgerHasAccepted() {
        Gateway gateway = network.gateway(RECIPIENT, Bytes.zeros(32));
        Deposit accepted = network.deposit(gateway, 5_000_000);
        hub.publish(new DepositSeen(gateway.gHash(), accepted.outpoint(), 5_000_000, 2, 3, false));
        Feed afterTheExpiry = new Feed(network::state, () -> gateway.expiryMillis() + 1);
        hub.subscribe(
                        0,
                        entry -> assertThat(afterTheExpiry
                                        .message(entry)
                                        .data()
                                        .path("state")
                                        .asText())
                                .isEqualTo("confirming"))
                .close();
    }

    @Test
    void tellsEveryStateOfATransfer() {
        assertThat(Feed.RELEASES.values()).contains(Transfer.State.values());
    }

    @Test
    void givesEveryEventOfTheLedgerOneOfTheNamesOfTheContract() {
        network.ledger.addListener(hub);
        network.deposit(network.gateway(RECIPIENT, Bytes.zeros(32)), 5_000_000);
        network.sign();
        List<Message> all = messages();
        assertThat(all).extracting(Message::name).contains("block", "gateway", "deposit", "asset", "board");
        assertThat(all)
                .extracting(Message::name)
                .isSubsetOf("block", "deposit", "gateway", "transfer", "asset", "board");
        assertThat(all).extracting(Message::id).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void resumesAfterTheLastIdAndTakesAnIdOfAnEarlierBootForNone() {
        assertThat(EventResource.after(null, 12)).isEqualTo(12);
        assertThat(EventResource.after("5", 12)).isEqualTo(5);
        assertThat(EventResource.after("500", 12)).isZero();
        assertThatThrownBy(() -> EventResource.after("-1", 12)).satisfies(e -> assertProblem(e, 400, "invalid-field"));
    }

    @Test
    void writesWhatWasMissedInOrderAndThenWhatComes() throws Exception {
        for (int i = 1; i <= 3; i++) {
            hub.publish(new BlockFinal(i, Bytes.zeros(32), 0));
        }
        Collected output = new Collected(3);
        Subscriber subscriber = new Subscriber(hub, 1, feed, ALL, output, output.ended::countDown);
        hub.publish(new BlockFinal(4, Bytes.zeros(32), 0));
        Thread writer = Thread.ofVirtual().start(subscriber);
        assertThat(output.enough.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(output.ids).containsExactly(2L, 3L, 4L);
        assertThat(output.comments).as("the first byte opens the stream").isNotEmpty();
        output.open = false;
        hub.publish(new BlockFinal(5, Bytes.zeros(32), 0));
        assertThat(output.ended.await(10, TimeUnit.SECONDS)).isTrue();
        writer.join();
        assertThat(output.closed).isTrue();
    }

    @Test
    void cutsOffWhoReadsTooSlowly() throws Exception {
        Collected output = new Collected(0);
        Subscriber subscriber = new Subscriber(hub, 0, feed, ALL, output, output.ended::countDown);
        for (int i = 0; i <= Subscriber.QUEUE; i++) {
            hub.publish(new BlockFinal(i, Bytes.zeros(32), 0));
        }
        Thread.ofVirtual().start(subscriber);
        assertThat(output.ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(output.closed).isTrue();
    }

    @Test
    void givesThePlaceBackWhateverHappensToTheConnection() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Subscriber.Output failing = new Collected(0) {
            @Override
            public void comment(String text) {
                throw new IllegalStateException("gone");
            }

            @Override
            public void close() {
                throw new IllegalStateException("gone as well");
            }
        };
        Thread writer = Thread.ofVirtual().unstarted(new Subscriber(hub, 0, feed, ALL, failing, ended::countDown));
        writer.setUncaughtExceptionHandler((thread, expected) -> {});
        writer.start();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Takes what is written. */
    private static class Collected implements Subscriber.Output {
        private final List<Long> ids = Collections.synchronizedList(new ArrayList<>());
        private final List<String> comments = Collections.synchronizedList(new ArrayList<>());
        private final CountDownLatch enough;
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile boolean open = true;
        private volatile boolean closed;

        Collected(int wanted) {
            enough = new CountDownLatch(wanted);
        }

        @Override
        public void send(Message message) {
            ids.add(message.id());
            enough.countDown();
        }

        @Override
        public void comment(String text) {
            comments.add(text);
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
