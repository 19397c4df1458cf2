package io.cloister.channel.grpc;

import io.cloister.channel.PeerAddress;
import io.cloister.channel.handshake.BootFence;
import io.cloister.channel.handshake.Handshake;
import io.cloister.channel.handshake.HandshakeEffect;
import io.cloister.channel.handshake.HandshakeInput;
import io.cloister.channel.handshake.HandshakeMessage;
import io.cloister.channel.handshake.HandshakeParameters;
import io.cloister.channel.handshake.HandshakeState;
import io.cloister.channel.handshake.Role;
import io.cloister.channel.handshake.Session;
import io.cloister.codec.Bytes;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A dialling peer that a test drives by hand: it may say anything at any time. */
final class RawPeer implements FrameStream.Listener, AutoCloseable {
    private static final long LIMIT_SECONDS = 30;

    private final ChannelConfig own;
    private final Services services;
    private final Transport transport;
    private final BlockingQueue<Bytes> frames = new LinkedBlockingQueue<>();
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final DialledStream stream;

    RawPeer(ChannelConfig own, PeerAddress target) {
        this.own = own;
        this.services = new Services(own);
        this.transport = new Transport(services);
        this.stream = transport.dial(new InetSocketAddress(target.host(), target.port()));
        stream.listener(this);
        stream.start(opened::countDown);
        await(opened);
    }

    @Override
    public void frame(Bytes frame) {
        frames.add(frame);
    }

    @Override
    public void ready() {}

    @Override
    public void closed() {
        closed.countDown();
    }

    void send(Bytes frame) {
        stream.send(frame);
    }

    /** The next frame, or nothing when the other end closes first. */
    Optional<Bytes> next() {
        stream.receive();
        try {
            for (int i = 0; i < LIMIT_SECONDS * 100; i++) {
                Bytes frame = frames.poll(10, TimeUnit.MILLISECONDS);
                if (frame != null) {
                    return Optional.of(frame);
                }
                if (closed.getCount() == 0) {
                    return Optional.ofNullable(frames.poll());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("no frame and no end");
    }

    void awaitClosed() {
        stream.receive();
        await(closed);
    }

    /** Runs the handshake; what we say goes through {@code change}. Empty when either end refused. */
    Optional<Session> handshake(Bytes target, UnaryOperator<HandshakeMessage> change) {
        HandshakeParameters parameters = new HandshakeParameters(
                Role.INITIATOR,
                HandshakeParameters.VERSIONS,
                own.bootKeys().chainId(),
                own.policyDigest(),
                own.genesisDigest(),
                own.self(),
                services.nonce(),
                Set.of(target),
                Set.of());
        Handshake machine = new Handshake(
                parameters,
                SessionBinding.of(stream.session(), own.tls().spki()).orElseThrow());
        Deque<HandshakeInput> inputs = new ArrayDeque<>();
        inputs.add(new HandshakeInput.Opened());
        HandshakeState state = Handshake.fresh();
        while (!state.isOver() && !inputs.isEmpty()) {
            Handshake.Transition step = machine.step(state, inputs.remove());
            state = step.state();
            for (HandshakeEffect effect : step.effects()) {
                perform(effect, change).ifPresent(inputs::add);
            }
        }
        return state instanceof HandshakeState.Established done ? Optional.of(done.session()) : Optional.empty();
    }

    private Optional<HandshakeInput> perform(HandshakeEffect effect, UnaryOperator<HandshakeMessage> change) {
        return switch (effect) {
            case HandshakeEffect.Send send -> {
                send(change.apply(HandshakeMessage.decode(send.frame())).encode());
                yield Optional.empty();
            }
            case HandshakeEffect.Receive ignored -> next().map(HandshakeInput.Frame::new);
            case HandshakeEffect.Attest attest ->
                Optional.of(new HandshakeInput.Attested(
                        services.prove(attest.leaf()).join()));
            case HandshakeEffect.Judge judge ->
                Optional.of(new HandshakeInput.Judged(
                        own.verifier().verify(judge.evidence(), judge.expected()), BootFence.Standing.CURRENT));
            case HandshakeEffect.Complete ignored -> Optional.empty();
            case HandshakeEffect.Refuse ignored -> Optional.empty();
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        stream.cancel();
        transport.close();
        services.close();
    }
}
