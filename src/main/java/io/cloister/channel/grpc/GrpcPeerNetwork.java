package io.cloister.channel.grpc;

import io.cloister.attestation.BootKeySet;
import io.cloister.channel.ChannelMetrics;
import io.cloister.channel.PeerNetwork;
import io.cloister.channel.PeerStatus;
import io.cloister.channel.Refusal;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * The peers over gRPC. Between {@link #start} and {@link #close} it accepts the nodes with smaller ids, dials those
 * with larger ones, and keeps at most one verified connection to each. {@link #close} takes less than a second.
 */
public final class GrpcPeerNetwork implements PeerNetwork, AutoCloseable {
    private static final Duration MAX_TICK = Duration.ofSeconds(1);
    private static final Duration MIN_TICK = Duration.ofMillis(10);

    private final ChannelConfig config;
    private final Services services;
    private final PeerTable table;
    private final Dispatcher dispatcher;
    private final Transport transport;
    private final Joining joining;
    private final Map<Bytes, Dialler> diallers = new ConcurrentHashMap<>();
    private final ReentrantLock refreshing = new ReentrantLock();
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    public GrpcPeerNetwork(ChannelConfig config) {
        this.config = config;
        this.services = new Services(config);
        this.table = new PeerTable(config.self());
        this.dispatcher = new Dispatcher(services);
        this.transport = new Transport(services);
        this.joining = new Joining(services, table, dispatcher, new Keeper());
    }

    /**
     * Binds the listener and begins to dial.
     *
     * @throws IOException when the address cannot be bound; the network is then closed
     */
    public void start() throws IOException {
        if (closed.get() || !started.compareAndSet(false, true)) {
            throw new IllegalStateException("a network is started once");
        }
        dispatcher.start();
        try {
            transport.listen(config.listen(), joining::accept);
        } catch (IOException e) {
            close();
            throw e;
        }
        refreshPeers();
        services.every(config.settings().peerRefresh(), this::refreshPeers);
        services.every(tickPeriod(), () -> table.live().forEach(LiveConnection::tick));
        services.info("peer network of {0} listens on port {1}", self().toHex(), String.valueOf(port()));
    }

    /** The port that is bound. */
    public int port() {
        return transport.port();
    }

    public ChannelMetrics metrics() {
        return services.metrics;
    }

    /** Asks every connected peer for new evidence now, for example because the policy changed. */
    public void reattest() {
        table.live().forEach(LiveConnection::demand);
    }

    /** Reads the peer list now instead of at the next interval. */
    public void refreshPeers() {
        refreshing.lock();
        try {
            if (!closed.get()) {
                apply();
            }
        } catch (RuntimeException e) {
            services.fault("the peer list cannot be read", e);
        } finally {
            refreshing.unlock();
        }
    }

    private void apply() {
        PeerTable.Changes changes = table.update(config.peers().get(), Instant.now());
        for (Bytes gone : changes.removed()) {
            Optional.ofNullable(diallers.remove(gone)).ifPresent(Dialler::stop);
        }
        changes.dropped().forEach(connection -> connection.close(Refusal.REMOVED, "no longer in the peer list"));
        for (Bytes added : changes.added()) {
            if (self().compareTo(added) < 0) { // H16
                Dialler dialler = new Dialler(added, services, table, address -> joining.dial(transport, address));
                diallers.put(added, dialler);
                dialler.start();
            }
        }
    }

    @Override
    public Bytes self() {
        return config.self();
    }

    @Override
    public Set<Bytes> connected() {
        return table.live().stream().map(LiveConnection::nodeId).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean send(Bytes nodeId, Topic topic, Bytes payload) {
        requireSize(payload);
        return table.live(nodeId)
                .filter(connection -> connection.send(topic, payload))
                .isPresent();
    }

    @Override
    public void broadcast(Topic topic, Bytes payload) {
        requireSize(payload);
        table.live().forEach(connection -> connection.send(topic, payload));
    }

    @Override
    public void subscribe(Topic topic, BiConsumer<Bytes, Bytes> receiver) {
        dispatcher.subscribe(topic, receiver);
    }

    @Override
    public List<PeerStatus> status() {
        return table.status();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        refreshing.lock();
        try {
            diallers.values().forEach(Dialler::stop);
        } finally {
            refreshing.unlock();
        }
        table.live().forEach(connection -> connection.close(Refusal.SHUTDOWN, "this node stops"));
        joining.close();
        transport.close();
        dispatcher.close();
        services.close();
    }

    private static void requireSize(Bytes payload) {
        if (payload.length() > MAX_PAYLOAD) {
            throw new IllegalArgumentException("a payload of " + payload.length() + " bytes");
        }
    }

    /** A tenth of the shortest period of re-attestation, within limits. */
    private Duration tickPeriod() {
        ChannelSettings.Renewal renewal = config.settings().renewal();
        Duration shortest = renewal.every().compareTo(renewal.retry()) < 0 ? renewal.every() : renewal.retry();
        Duration tick = shortest.dividedBy(10);
        if (tick.compareTo(MIN_TICK) < 0) {
            return MIN_TICK;
        }
        return tick.compareTo(MAX_TICK) > 0 ? MAX_TICK : tick;
    }

    private final class Keeper implements Joining.Owner {
        @Override
        public void closed(LiveConnection connection, Refusal reason, String detail) {
            if (!table.detach(connection, reason, Instant.now())) {
                table.failed(connection.nodeId(), reason);
            }
            services.parted(reason, connection.remote(), connection.nodeId().toHex(), detail);
            dialEnded(connection.nodeId(), connection.livedMillis());
        }

        @Override
        public boolean misbehaved(Bytes nodeId, int points) {
            return table.misbehaved(nodeId, points);
        }

        @Override
        public void dialEnded(Bytes nodeId, long livedMillis) {
            Optional.ofNullable(diallers.get(nodeId)).ifPresent(dialler -> dialler.ended(livedMillis));
        }
    }

    /** The boot key set that a connected peer's evidence vouches for. */
    Optional<BootKeySet> keysOf(Bytes nodeId) {
        return table.live(nodeId).map(connection -> connection.standing().keys());
    }
}
