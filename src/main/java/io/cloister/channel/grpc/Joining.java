package io.cloister.channel.grpc;

import io.cloister.channel.PeerAddress;
import io.cloister.channel.Refusal;
import io.cloister.channel.handshake.HandshakeParameters;
import io.cloister.channel.handshake.Role;
import io.cloister.channel.handshake.Session;
import io.cloister.codec.Bytes;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** From an open stream to a live connection: limits, the handshake, admission. Thread-safe. */
final class Joining {
    private static final String NOBODY = "unknown";

    private final Services services;
    private final PeerTable table;
    private final Dispatcher dispatcher;
    private final Owner owner;
    private final Gate gate;
    private final Set<FrameStream> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Joining(Services services, PeerTable table, Dispatcher dispatcher, Owner owner) {
        this.services = services;
        this.table = table;
        this.dispatcher = dispatcher;
        this.owner = owner;
        this.gate = services.config.settings().attempts().handshakes();
    }

    /** Who keeps what comes out. */
    interface Owner extends LiveConnection.Owner {
        /** A dial to a peer came to its end after so many milliseconds of connection. */
        void dialEnded(Bytes nodeId, long livedMillis);
    }

    /** A stranger opened a stream. Nothing but a counter is spent before the limits agreed. (F7) */
    void accept(AcceptedStream stream) {
        String address = stream.remote();
        boolean free = gate.enter(address);
        HandshakeRunner runner = new HandshakeRunner(stream, services, table::standing, new Outcome(stream) {
            @Override
            void over() {
                if (free) {
                    gate.leave(address);
                }
            }

            @Override
            void failed(Refusal reason, Optional<Bytes> verified) {
                verified.ifPresent(peer -> table.failed(peer, reason));
            }
        });
        stream.listener(runner);
        if (closed) {
            runner.refuse(Refusal.SHUTDOWN, "this node stops");
        } else if (free) {
            runner.open(parameters(Role.RESPONDER, table.known()));
        } else {
            runner.refuse(Refusal.RATE_LIMITED, "too many attempts");
        }
    }

    /** Dials a peer; false when its name cannot be resolved. Its end is told to the network otherwise. */
    boolean dial(Transport transport, PeerAddress peer) {
        InetSocketAddress address = new InetSocketAddress(peer.host(), peer.port());
        if (closed || address.isUnresolved()) {
            return false;
        }
        DialledStream stream = transport.dial(address);
        HandshakeRunner runner = new HandshakeRunner(stream, services, table::standing, new Outcome(stream) {
            @Override
            void over() {}

            @Override
            String name() {
                return peer.nodeId().toHex();
            }

            @Override
            void failed(Refusal reason, Optional<Bytes> verified) {
                table.failed(peer.nodeId(), reason);
                owner.dialEnded(peer.nodeId(), 0);
            }
        });
        stream.listener(runner);
        stream.start(() -> runner.open(parameters(Role.INITIATOR, Set.of(peer.nodeId()))));
        return true;
    }

    void close() {
        closed = true;
        underWay.forEach(FrameStream::cancel);
    }

    private HandshakeParameters parameters(Role role, Set<Bytes> acceptable) {
        ChannelConfig config = services.config;
        return new HandshakeParameters(
                role,
                HandshakeParameters.VERSIONS,
                config.bootKeys().chainId(),
                config.policyDigest(),
                config.genesisDigest(),
                config.self(),
                services.nonce(),
                acceptable,
                table.banned());
    }

    /** What happens at the end of a handshake on one stream. */
    private abstract class Outcome implements HandshakeRunner.Outcome {
        private final FrameStream stream;

        private Outcome(FrameStream stream) {
            this.stream = stream;
            underWay.add(stream);
        }

        /** The handshake is no longer under way. */
        abstract void over();

        /** Whom we dialled. */
        String name() {
            return NOBODY;
        }

        /** No connection came of it. */
        abstract void failed(Refusal reason, Optional<Bytes> verified);

        @Override
        public void complete(Session session) {
            underWay.remove(stream);
            over();
            LiveConnection connection = new LiveConnection(stream, session, services, dispatcher, owner);
            PeerTable.Admission admission = table.admit(connection, Instant.now());
            if (admission.refusal().isPresent()) {
                connection.close(admission.refusal().get(), "at admission");
                return;
            }
            stream.listener(connection);
            admission.replaced().ifPresent(old -> old.close(Refusal.SUPERSEDED, "a newer connection"));
            services.metrics.count("handshakes.completed");
            services.info(
                    "peer verified: node={0} role={1} boot={2} grade={3} address={4}",
                    session.peer().toHex(),
                    session.role().name(),
                    String.valueOf(session.peerKeys().bootCounter()),
                    session.verdict().grade().name(),
                    stream.remote());
            connection.start();
        }

        @Override
        public void refused(Refusal reason, String detail, Optional<Bytes> verified) {
            underWay.remove(stream);
            over();
            services.refused(reason, stream.remote(), name(), detail);
            failed(reason, verified);
        }
    }
}
