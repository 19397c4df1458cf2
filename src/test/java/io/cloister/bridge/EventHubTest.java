package io.cloister.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.bridge.EventHub.BlockFinal;
import io.cloister.bridge.EventHub.Entry;
import io.cloister.bridge.EventHub.Said;
import io.cloister.bridge.EventHub.Subscription;
import io.cloister.codec.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EventHubTest {
    private final EventHub hub = new EventHub();

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            hub.publish(new BlockFinal(i, Bytes.zeros(32), 0));
        }
    }

    private static List<Long> ids(List<Entry> entries) {
        return entries.stream().map(Entry::id).toList();
    }

    @Test
    void aListenerGetsWhatItMissedAndWhatComes() {
        publish(5);
        List<Entry> heard = new ArrayList<>();
        try (Subscription ignored = hub.subscribe(3, heard::add)) {
            publish(2);
        }
        publish(1);
        assertThat(ids(heard)).containsExactly(4L, 5L, 6L, 7L);
        assertThat(hub.lastId()).isEqualTo(8);
    }

    @Test
    void keepsABoundedPast() {
        publish(EventHub.KEPT + 10);
        List<Entry> heard = new ArrayList<>();
        hub.subscribe(0, heard::add).close();
        assertThat(heard).hasSize(EventHub.KEPT);
        assertThat(heard.getFirst().id()).isEqualTo(11);
    }

    @Test
    void aListenerThatFailsIsDroppedAndTheOthersHearOn() {
        List<Entry> heard = new ArrayList<>();
        List<Entry> failing = new ArrayList<>();
        hub.subscribe(0, entry -> {
            failing.add(entry);
            throw new IllegalStateException("gone");
        });
        hub.subscribe(0, heard::add);
        publish(3);
        assertThat(failing).hasSize(1);
        assertThat(heard).hasSize(3);
    }

    @Test
    void aListenerMayEndItsOwnListening() {
        List<Entry> heard = new ArrayList<>();
        List<Subscription> own = new ArrayList<>();
        own.add(hub.subscribe(0, entry -> {
            heard.add(entry);
            own.getFirst().close();
        }));
        publish(3);
        assertThat(heard).hasSize(1);
    }

    @Test
    void refusesMoreListenersThanItsBoundAndTakesOneWhenAnotherLeaves() {
        List<Subscription> all = new ArrayList<>();
        for (int i = 0; i < EventHub.MAX_LISTENERS; i++) {
            int number = i;
            all.add(hub.subscribe(0, entry -> assertThat(number).isNotNegative()));
        }
        assertThatThrownBy(() -> hub.subscribe(0, entry -> {})).isInstanceOf(IllegalStateException.class);
        all.getFirst().close();
        hub.subscribe(0, entry -> {}).close();
    }

    @Test
    void whoComesWhileNewsComesHearsEachOnceAndInOrder() throws InterruptedException {
        Thread publisher = Thread.ofPlatform().start(() -> publish(1_500));
        List<List<Entry>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            List<Entry> heard = Collections.synchronizedList(new ArrayList<>());
            all.add(heard);
            hub.subscribe(0, heard::add);
        }
        publisher.join();
        List<Long> expected = LongStream.rangeClosed(1, 1_500).boxed().toList();
        assertThat(all).allSatisfy(heard -> assertThat(ids(heard)).isEqualTo(expected));
    }

    @Test
    void saysWhatModulesSaidAndThenTheBlock() {
        BridgeFixture bridge = new BridgeFixture();
        bridge.chain.ledger().addListener(hub);
        List<Entry> heard = new ArrayList<>();
        hub.subscribe(0, heard::add);
        Gateway gateway = bridge.gateway(1);
        assertThat(heard)
                .anySatisfy(entry -> assertThat(entry.news()).isInstanceOfSatisfying(Said.class, said -> {
                    assertThat(said.event().name()).isEqualTo("bridge.gateway-registered");
                    assertThat(said.event().data()).isEqualTo(gateway.gHash());
                }));
        assertThat(heard.getLast().news())
                .isInstanceOfSatisfying(
                        BlockFinal.class,
                        block -> assertThat(block.transactions()).isEqualTo(1));
    }
}
