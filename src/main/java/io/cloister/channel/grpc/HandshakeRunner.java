package io.cloister.channel.grpc;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Verdict;
import io.cloister.channel.Refusal;
import io.cloister.channel.handshake.AbortCode;
import io.cloister.channel.handshake.BootFence;
import io.cloister.channel.handshake.ChannelBinding;
import io.cloister.channel.handshake.Handshake;
import io.cloister.channel.handshake.HandshakeEffect;
import io.cloister.channel.handshake.HandshakeInput;
import io.cloister.channel.handshake.HandshakeMessage.Abort;
import io.cloister.channel.handshake.HandshakeParameters;
import io.cloister.channel.handshake.HandshakeState;
import io.cloister.channel.handshake.Session;
import io.cloister.codec.Bytes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** Runs one handshake machine over one stream: its effects out, frames, results and the deadline in. */
final class HandshakeRunner implements FrameStream.Listener {
    /** How long an abort frame may take to leave before the connection is cut. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /** What becomes of a handshake. Exactly one of the two is called, once. */
    interface Outcome {
        /** Both ends are verified. The stream gets its next listener here. */
        void complete(Session session);

        /** @param verified the peer, when its evidence had been accepted before the handshake failed */
        void refused(Refusal reason, String detail, Optional<Bytes> verified);
    }

    private final FrameStream stream;
    private final Services services;
    private final Function<BootKeySet, BootFence.Standing> fence;
    private final Outcome outcome;
    private final ReentrantLock lock = new ReentrantLock();
    private final Runnable cancelDeadline;
    private Optional<Handshake> machine = Optional.empty();
    private HandshakeState state = Handshake.fresh();
    private Optional<Bytes> verified = Optional.empty();
    private boolean over;

    HandshakeRunner(
            FrameStream stream, Services services, Function<BootKeySet, BootFence.Standing> fence, Outcome outcome) {
        this.stream = stream;
        this.services = services;
        this.fence = fence;
        this.outcome = outcome;
        services.metrics.count("handshakes.started");
        this.cancelDeadline = services.after(services.config.settings().handshakeDeadline(), this::expire);
    }

    /** The stream is open and its TLS session known. */
    void open(HandshakeParameters parameters) {
        lock.lock();
        try {
            Optional<ChannelBinding> binding =
                    SessionBinding.of(stream.session(), services.config.tls().spki());
            if (binding.isEmpty()) {
                refuse(Refusal.WRONG_TRANSPORT, "no TLS 1.3 session with a peer certificate");
                return;
            }
            machine = Optional.of(new Handshake(parameters, binding.get()));
            feed(new HandshakeInput.Opened());
        } finally {
            lock.unlock();
        }
    }

    /** Refuses without a handshake: the abort code is all that the peer gets. */
    void refuse(Refusal reason, String detail) {
        lock.lock();
        try {
            if (!over) {
                stream.send(new Abort(AbortCode.of(reason)).encode());
                end(reason, detail);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void frame(Bytes frame) {
        feed(new HandshakeInput.Frame(frame));
    }

    @Override
    public void ready() {}

    @Override
    public void closed() {
        lock.lock();
        try {
            if (!over) {
                end(Refusal.CONNECTION_LOST, "in " + state.getClass().getSimpleName());
            }
        } finally {
            lock.unlock();
        }
    }

    private void expire() {
        lock.lock();
        try {
            if (machine.isPresent()) {
                feed(new HandshakeInput.Expired());
            } else if (!over) {
                end(Refusal.TIMEOUT, "before the stream opened");
            }
        } finally {
            lock.unlock();
        }
    }

    private void feed(HandshakeInput input) {
        lock.lock();
        try {
            if (over || machine.isEmpty()) {
                return;
            }
            Handshake.Transition next = machine.get().step(state, input);
            state = next.state();
            if (state instanceof HandshakeState.AwaitFinish waiting) {
                verified = Optional.of(waiting.peer().keys().nodeId());
            }
            next.effects().forEach(this::perform);
        } catch (RuntimeException e) {
            services.fault("a handshake failed", e);
            refuse(Refusal.INTERNAL, e.getClass().getSimpleName());
            stream.cancel();
        } finally {
            lock.unlock();
        }
    }

    private void perform(HandshakeEffect effect) {
        switch (effect) {
            case HandshakeEffect.Send send -> stream.send(send.frame());
            case HandshakeEffect.Receive ignored -> stream.receive();
            case HandshakeEffect.Attest attest -> attest(attest);
            case HandshakeEffect.Judge judge -> services.run(() -> judge(judge));
            case HandshakeEffect.Complete complete -> {
                over = true;
                cancelDeadline.run();
                outcome.complete(complete.session());
            }
            case HandshakeEffect.Refuse refuse -> end(refuse.reason(), refuse.detail());
        }
    }

    private void attest(HandshakeEffect.Attest attest) {
        services.prove(attest.leaf())
                .whenCompleteAsync(
                        (proof, failure) -> {
                            if (failure == null) {
                                feed(new HandshakeInput.Attested(proof));
                            } else {
                                feed(new HandshakeInput.NotAttested(String.valueOf(failure.getMessage())));
                            }
                        },
                        services::execute);
    }

    private void judge(HandshakeEffect.Judge judge) {
        Verdict verdict;
        try {
            verdict = services.config.verifier().verify(judge.evidence(), judge.expected());
        } catch (RuntimeException e) {
            services.fault("the verifier failed", e);
            feed(new HandshakeInput.NotJudged(e.getClass().getSimpleName()));
            return;
        }
        if (!verdict.accepted()) {
            services.rejected(verdict);
        }
        feed(new HandshakeInput.Judged(verdict, fence.apply(judge.evidence().keys())));
    }

    private void end(Refusal reason, String detail) {
        over = true;
        cancelDeadline.run();
        stream.finish();
        services.after(LAST_WORDS, stream::cancel);
        outcome.refused(reason, detail, verified);
    }
}
