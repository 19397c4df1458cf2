package io.cloister.channel.grpc;

import io.cloister.attestation.BootKeySet;
import io.cloister.channel.PeerAddress;
import io.cloister.channel.PeerStatus;
import io.cloister.channel.Refusal;
import io.cloister.channel.flow.PeerScore;
import io.cloister.channel.handshake.BootFence;
import io.cloister.channel.handshake.Reattestation;
import io.cloister.codec.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The known peers, what each one's connection is, and what is remembered of it: boots and score. Thread-safe; calls
 * nobody else while it holds its lock.
 */
final class PeerTable {
    private static final class Entry {
        private PeerAddress address;
        private Optional<LiveConnection> live = Optional.empty();
        private Instant since;
        private Optional<Refusal> last = Optional.empty();
        private final PeerScore score = new PeerScore();

        private Entry(PeerAddress address, Instant since) {
            this.address = address;
            this.since = since;
        }
    }

    /** The connections that must go and the node ids that are new. */
    record Changes(List<Bytes> added, List<Bytes> removed, List<LiveConnection> dropped) {}

    /** Whether a connection is the node's live one now, why not, and which one it took over from. */
    record Admission(Optional<Refusal> refusal, Optional<LiveConnection> replaced) {}

    private final Bytes self;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Bytes, Entry> entries = new TreeMap<>();
    private final BootFence fence = new BootFence();

    PeerTable(Bytes self) {
        this.self = self;
    }

    Changes update(List<PeerAddress> peers, Instant now) {
        return locked(() -> {
            Set<Bytes> present = new HashSet<>();
            List<Bytes> added = new ArrayList<>();
            for (PeerAddress peer : peers) {
                if (peer.nodeId().equals(self)) {
                    continue;
                }
                present.add(peer.nodeId());
                Entry known = entries.get(peer.nodeId());
                if (known == null) {
                    entries.put(peer.nodeId(), new Entry(peer, now));
                    added.add(peer.nodeId());
                } else {
                    known.address = peer;
                }
            }
            List<Bytes> removed = entries.keySet().stream()
                    .filter(Predicate.not(present::contains))
                    .toList();
            List<LiveConnection> dropped = removed.stream()
                    .flatMap(gone -> Objects.requireNonNull(entries.remove(gone)).live.stream())
                    .toList();
            return new Changes(added, removed, dropped);
        });
    }

    Optional<PeerAddress> address(Bytes nodeId) {
        return locked(() -> Optional.ofNullable(entries.get(nodeId)).map(entry -> entry.address));
    }

    Set<Bytes> known() {
        return locked(() -> Set.copyOf(entries.keySet()));
    }

    Set<Bytes> banned() {
        long now = Services.now();
        return locked(() -> {
            Set<Bytes> out = new HashSet<>();
            entries.forEach((id, entry) -> {
                if (entry.score.isBanned(now)) {
                    out.add(id);
                }
            });
            return out;
        });
    }

    BootFence.Standing standing(BootKeySet keys) {
        return locked(() -> fence.standing(keys));
    }

    /** Makes a verified connection the node's live one. (H12, H16) */
    Admission admit(LiveConnection connection, Instant now) {
        return locked(() -> {
            Entry entry = entries.get(connection.nodeId());
            if (entry == null) {
                return new Admission(Optional.of(Refusal.REMOVED), Optional.empty());
            }
            switch (fence.admit(connection.session().peerKeys())) {
                case STALE -> {
                    return new Admission(Optional.of(Refusal.STALE_BOOT), Optional.empty());
                }
                case CLONED -> {
                    return new Admission(Optional.of(Refusal.CLONED_BOOT), Optional.empty());
                }
                case CURRENT -> {}
            }
            Optional<LiveConnection> replaced = entry.live;
            entry.live = Optional.of(connection);
            entry.since = now;
            entry.last = Optional.empty();
            return new Admission(Optional.empty(), replaced);
        });
    }

    /** A connection ended; true when it was the node's live one. */
    boolean detach(LiveConnection connection, Refusal reason, Instant now) {
        return locked(() -> {
            Entry entry = entries.get(connection.nodeId());
            if (entry == null || entry.live.filter(live -> live == connection).isEmpty()) {
                return false;
            }
            entry.live = Optional.empty();
            entry.since = now;
            entry.last = Optional.of(reason);
            return true;
        });
    }

    /** An attempt to connect failed. */
    void failed(Bytes nodeId, Refusal reason) {
        locked(() -> {
            Entry entry = entries.get(nodeId);
            if (entry != null && entry.live.isEmpty()) {
                entry.last = Optional.of(reason);
            }
            return nodeId;
        });
    }

    boolean misbehaved(Bytes nodeId, int points) {
        long now = Services.now();
        return locked(() -> {
            Entry entry = entries.get(nodeId);
            return entry != null && entry.score.add(points, now);
        });
    }

    Optional<LiveConnection> live(Bytes nodeId) {
        return locked(() -> Optional.ofNullable(entries.get(nodeId)).flatMap(entry -> entry.live));
    }

    List<LiveConnection> live() {
        return locked(() ->
                entries.values().stream().flatMap(entry -> entry.live.stream()).toList());
    }

    List<PeerStatus> status() {
        return locked(() -> entries.entrySet().stream()
                .map(entry -> status(entry.getKey(), entry.getValue()))
                .toList());
    }

    private PeerStatus status(Bytes nodeId, Entry entry) {
        Optional<Reattestation.State> standing = entry.live.map(LiveConnection::standing);
        return new PeerStatus(
                nodeId,
                standing.isPresent(),
                standing.map(Reattestation.State::verdict),
                standing.map(Reattestation.State::grade),
                standing.map(state -> Duration.ofMillis(Services.now() - state.acceptedAt())),
                fence.newest(nodeId),
                entry.since,
                entry.last);
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
