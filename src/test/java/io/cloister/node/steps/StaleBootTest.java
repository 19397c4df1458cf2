package io.cloister.node.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.channel.PeerNetwork;
import io.cloister.channel.PeerStatus;
import io.cloister.channel.Refusal;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A boot among three peers, of which one may say anything. */
class StaleBootTest {
    private static final long BOOT = 7;

    private final List<PeerStatus> peers = new ArrayList<>();
    private final BlockingQueue<Long> raised = new LinkedBlockingQueue<>();
    private final StaleBoot boot = new StaleBoot(new Told(), 1, BOOT, raised::add);

    private void peer(boolean connected, Refusal... last) {
        Bytes id = Bytes.hex("02" + "%02x".formatted(peers.size()).repeat(32));
        Optional<Refusal> refusal = List.of(last).stream().findFirst();
        peers.add(new PeerStatus(
                id, connected, Optional.empty(), Optional.empty(), Optional.empty(), 0, Instant.EPOCH, refusal));
    }

    @Test
    void oneLiarDoesNotEndABoot() {
        peer(false, Refusal.OWN_BOOT_STALE);
        peer(false, Refusal.CONNECTION_LOST);
        peer(false);
        assertThatCode(boot::require).doesNotThrowAnyException();
        assertThat(boot.ended()).isEmpty();
        assertThat(raised).isEmpty();
    }

    @Test
    void moreThanTheFaultyEndItAndTheCounterIsRaised() {
        peer(false, Refusal.OWN_BOOT_STALE);
        peer(false, Refusal.OWN_BOOT_STALE);
        peer(false);
        assertThatThrownBy(boot::require)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("rollback detected")
                .hasMessageContaining("2 peers have seen a newer boot than this, 7");
        assertThat(raised).containsExactly(BOOT + StaleBoot.STEP);
    }

    @Test
    void aBootThatRanAndHasNobodyLeftSaysSoAndRaisesTheCounterOnce() throws InterruptedException {
        peer(false, Refusal.OWN_BOOT_STALE);
        peer(false, Refusal.OWN_BOOT_STALE);
        peer(true, Refusal.OWN_BOOT_STALE);
        assertThat(boot.ended()).as("one is connected").isEmpty();
        peers.removeLast();
        assertThat(boot.ended()).isPresent();
        assertThat(boot.ended()).isPresent();
        assertThat(raised.poll(20, TimeUnit.SECONDS)).isEqualTo(BOOT + StaleBoot.STEP);
        assertThat(raised).isEmpty();
    }

    private final class Told implements PeerNetwork {
        @Override
        public Bytes self() {
            return Bytes.EMPTY;
        }

        @Override
        public Set<Bytes> connected() {
            return peers.stream()
                    .filter(PeerStatus::connected)
                    .map(PeerStatus::nodeId)
                    .collect(Collectors.toSet());
        }

        @Override
        public boolean send(Bytes nodeId, Topic topic, Bytes payload) {
            throw new AssertionError("nothing is to be sent");
        }

        @Override
        public void broadcast(Topic topic, Bytes payload) {
            throw new AssertionError("nothing is to be sent");
        }

        @Override
        public void subscribe(Topic topic, BiConsumer<Bytes, Bytes> receiver) {
            throw new AssertionError("nothing is to be heard");
        }

        @Override
        public List<PeerStatus> status() {
            return peers;
        }
    }
}
