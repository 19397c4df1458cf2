package io.cloister.attestation.platform;

import io.cloister.attestation.Check;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.Grade;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Verdict;
import io.cloister.channel.flow.Backoff;
import io.cloister.channel.grpc.ChannelSettings;
import io.cloister.channel.handshake.BootFence;
import io.cloister.channel.handshake.ChannelBinding;
import io.cloister.channel.handshake.ChannelLeaf;
import io.cloister.channel.handshake.Handshake;
import io.cloister.channel.handshake.HandshakeEffect;
import io.cloister.channel.handshake.HandshakeInput;
import io.cloister.channel.handshake.HandshakeMessage;
import io.cloister.channel.handshake.HandshakeParameters;
import io.cloister.channel.handshake.HandshakeState;
import io.cloister.channel.handshake.Role;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SecretBytes;
import io.cloister.crypto.SigningKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * All nodes of a network start at about one time and every pair shakes hands: the real machines of handshake and
 * batching, limits on attempts, deadlines and backoff as the network has them, over a simulated network whose delays,
 * losses and boots are random by a seed.
 */
final class ColdStart {
    private static final ChannelSettings SETTINGS = ChannelSettings.defaults();
    private static final Duration BOOTS_WITHIN = Duration.ofSeconds(5);
    private static final int MAX_DELAY_MILLIS = 150;
    private static final int ONE_FRAME_LOST_OF = 300;
    private static final Duration TLS = Duration.ofMillis(2);
    private static final Duration JUDGING = Duration.ofMillis(2);
    private static final Duration SIGNING = Duration.ofMillis(1);
    private static final Verdict ACCEPTED = new Verdict(
            true, Grade.B, List.of(new Check("policy.guest-debug", Check.Result.PASSED, "")), new TreeMap<>());

    private final VirtualTime time = new VirtualTime();
    private final Random random;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final Set<Bytes> ids = new HashSet<>();
    private int attempts;
    private int joined;
    private boolean oneAddress;

    ColdStart(long seed, List<SigningKey> slots) {
        this.random = new Random(seed);
        slots.stream()
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .forEach(slot -> nodes.add(new SimulatedNode(time, slot, SETTINGS.attempts())));
        nodes.forEach(node -> ids.add(node.id()));
        for (SimulatedNode node : nodes) {
            time.at(random.nextLong(BOOTS_WITHIN.toNanos()), () -> boot(node));
        }
    }

    /** All nodes share one network address, so that the limits on attempts from an address bite. */
    ColdStart behindOneAddress() {
        oneAddress = true;
        return this;
    }

    private String address(SimulatedNode node) {
        return oneAddress ? "everybody" : node.id().toHex();
    }

    /** Strangers ask each node for evidence: so many at its boot, and so many each second. */
    ColdStart withStrangers(int atOnce, int perSecond) {
        for (SimulatedNode node : nodes) {
            time.at(0, () -> stranger(node, atOnce, Duration.ofSeconds(1).dividedBy(perSecond)));
        }
        return this;
    }

    private void stranger(SimulatedNode node, int count, Duration every) {
        if (node.isUp()) {
            for (int i = 0; i < count; i++) {
                byte[] nonce = new byte[32];
                random.nextBytes(nonce);
                node.strange(Leaf.restNonce(Bytes.wrap(nonce), node.spki));
            }
        }
        time.after(every, () -> stranger(node, node.isUp() ? 1 : count, every));
    }

    /** Lets it run until every pair is joined on both ends; answers when that was, or the limit. */
    Duration meshStands(Duration limit) {
        int ends = nodes.size() * (nodes.size() - 1);
        boolean more = true;
        while (joined < ends && more) {
            more = time.next(limit.toNanos());
        }
        return joined < ends ? limit : Duration.ofNanos(time.now());
    }

    int attempts() {
        return attempts;
    }

    List<SimulatedNode> nodes() {
        return nodes;
    }

    private void boot(SimulatedNode node) {
        node.boot();
        for (SimulatedNode peer : nodes) {
            if (node.id().compareTo(peer.id()) < 0) {
                new Dial(node, peer).dial();
            }
        }
    }

    private long delay() {
        return Duration.ofMillis(1).toNanos()
                + random.nextLong(Duration.ofMillis(MAX_DELAY_MILLIS).toNanos());
    }

    /** One node's way to one peer: attempts until one succeeds. */
    private final class Dial {
        private final SimulatedNode from;
        private final SimulatedNode to;
        private final Backoff backoff = new Backoff(
                SETTINGS.dialling().first().toMillis(),
                SETTINGS.dialling().cap().toMillis());

        Dial(SimulatedNode from, SimulatedNode to) {
            this.from = from;
            this.to = to;
        }

        void dial() {
            attempts++;
            long arrival = time.now() + delay();
            time.at(arrival, () -> {
                if (to.isUp()) {
                    new Connection(this, attempts).open();
                } else {
                    time.at(time.now() + delay(), this::failed);
                }
            });
        }

        void failed() {
            time.after(Duration.ofMillis(backoff.next(random.nextDouble())), this::dial);
        }
    }

    /** One TLS connection with a handshake on each end. */
    private final class Connection {
        private final Bytes exporter;
        private final End initiator;
        private final End responder;

        Connection(Dial dial, int number) {
            this.exporter = Hashes.sha256(Bytes.utf8("connection " + number));
            this.initiator = new End(this, Role.INITIATOR, dial.from, dial.to, dial::failed);
            this.responder = new End(this, Role.RESPONDER, dial.to, dial.from, () -> {});
        }

        /** TLS takes both ends some work and a way there and back. */
        void open() {
            responder.node.work(TLS, () -> {
                responder.accept();
                time.at(time.now() + delay(), () -> initiator.node.work(TLS, initiator::open));
            });
        }

        End other(End end) {
            return end == initiator ? responder : initiator;
        }
    }

    private final class End implements ChannelBinding {
        private final Connection connection;
        private final SimulatedNode node;
        private final SimulatedNode peer;
        private final Runnable onFailure;
        private final Handshake machine;
        private final Deque<Bytes> inbound = new ArrayDeque<>();
        private HandshakeState state = Handshake.fresh();
        private int permits;
        private long lastArrival;
        private boolean admitted;
        private boolean over;

        End(Connection connection, Role role, SimulatedNode node, SimulatedNode peer, Runnable onFailure) {
            this.connection = connection;
            this.node = node;
            this.peer = peer;
            this.onFailure = onFailure;
            byte[] nonce = new byte[32];
            random.nextBytes(nonce);
            this.machine = new Handshake(
                    new HandshakeParameters(
                            role,
                            HandshakeParameters.VERSIONS,
                            SimulatedNode.CHAIN,
                            Bytes.zeros(32),
                            Bytes.zeros(32),
                            node.id(),
                            Bytes.wrap(nonce),
                            role == Role.INITIATOR ? Set.of(peer.id()) : ids,
                            Set.of()),
                    this);
        }

        void accept() {
            String address = address(peer);
            admitted = node.pace.allow(address, time.now()) && node.slots.take(address);
            if (admitted) {
                open();
            } else {
                lose();
            }
        }

        void open() {
            if (over) {
                return;
            }
            time.after(SETTINGS.handshakeDeadline(), () -> step(new HandshakeInput.Expired()));
            step(new HandshakeInput.Opened());
        }

        private void step(HandshakeInput input) {
            if (over) {
                return;
            }
            Handshake.Transition next = machine.step(state, input);
            state = next.state();
            next.effects().forEach(this::perform);
        }

        private void perform(HandshakeEffect effect) {
            switch (effect) {
                case HandshakeEffect.Send send -> send(send.frame());
                case HandshakeEffect.Receive ignored -> {
                    permits++;
                    hear();
                }
                case HandshakeEffect.Attest attest ->
                    node.attest(
                            attest.leaf(),
                            evidence -> node.work(SIGNING, () -> step(new HandshakeInput.Attested(sign(evidence)))));
                case HandshakeEffect.Judge judge ->
                    node.work(JUDGING, () -> {
                        boolean binds = SimulatedNode.binds(judge.evidence())
                                && judge.evidence().leaf().equals(judge.expected());
                        step(
                                binds
                                        ? new HandshakeInput.Judged(ACCEPTED, BootFence.Standing.CURRENT)
                                        : new HandshakeInput.NotJudged("the report does not bind the leaf"));
                    });
                case HandshakeEffect.Complete ignored -> {
                    joined++;
                    end();
                }
                case HandshakeEffect.Refuse ignored -> lose();
            }
        }

        private HandshakeMessage.Proof sign(Evidence evidence) {
            return new HandshakeMessage.Proof(evidence, node.slot.sign(ChannelLeaf.signingDigest(evidence.leaf())));
        }

        private void send(Bytes frame) {
            End other = connection.other(this);
            boolean last = state instanceof HandshakeState.Established;
            if (!last && random.nextInt(ONE_FRAME_LOST_OF) == 0) {
                lose();
                return;
            }
            other.lastArrival = Math.max(other.lastArrival, time.now() + delay());
            time.at(other.lastArrival, () -> {
                other.inbound.add(frame);
                other.hear();
            });
        }

        private void hear() {
            if (!over && permits > 0 && !inbound.isEmpty()) {
                permits--;
                step(new HandshakeInput.Frame(inbound.remove()));
            }
        }

        /** The connection breaks: the other end hears of it a little later. */
        private void lose() {
            if (over) {
                return;
            }
            end();
            onFailure.run();
            time.at(time.now() + delay(), connection.other(this)::lose);
        }

        private void end() {
            over = true;
            if (admitted) {
                node.slots.release(address(peer));
            }
        }

        @Override
        public Bytes ownSpki() {
            return node.spki;
        }

        @Override
        public Bytes peerSpki() {
            return peer.spki;
        }

        @Override
        public SecretBytes export(String label, Bytes context, int length) {
            return SecretBytes.taking(Hashes.hkdfSha256(connection.exporter, context, Bytes.utf8(label), length)
                    .toArray());
        }
    }
}
