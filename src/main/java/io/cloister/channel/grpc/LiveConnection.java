package io.cloister.channel.grpc;

import io.cloister.attestation.Verdict;
import io.cloister.channel.ChannelMetrics;
import io.cloister.channel.Refusal;
import io.cloister.channel.Topic;
import io.cloister.channel.flow.FlowViolation;
import io.cloister.channel.flow.Inbox;
import io.cloister.channel.flow.LiveFrame;
import io.cloister.channel.flow.Outbox;
import io.cloister.channel.flow.PeerScore;
import io.cloister.channel.handshake.AbortCode;
import io.cloister.channel.handshake.Reattestation;
import io.cloister.channel.handshake.Session;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** A verified connection: frames in and out, credits, and the peer's re-attestation. Thread-safe. */
final class LiveConnection implements FrameStream.Listener, Dispatcher.Source {
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /** After these, what the peer sent before is still worth delivering. */
    private static final Set<Refusal> HARMLESS =
            EnumSet.of(Refusal.CONNECTION_LOST, Refusal.SUPERSEDED, Refusal.SHUTDOWN, Refusal.REFUSED_BY_PEER);

    /** These are the peer's own doing and count against it. */
    private static final Set<Refusal> BROKEN = EnumSet.of(
            Refusal.MALFORMED_FRAME, Refusal.OVERSIZE_FRAME, Refusal.UNEXPECTED_FRAME, Refusal.FLOW_VIOLATION);

    /** Who keeps the connections. */
    interface Owner {
        /** Called once, when nothing will be delivered or sent any more. */
        void closed(LiveConnection connection, Refusal reason, String detail);

        /** Adds points to the peer's score; true when the peer is to be dropped. */
        boolean misbehaved(Bytes nodeId, int points);
    }

    private final FrameStream stream;
    private final Session session;
    private final Services services;
    private final Dispatcher dispatcher;
    private final Owner owner;
    private final ReentrantLock lock = new ReentrantLock();
    private final Outbox outbox;
    private final Inbox inbox;
    private final Reattestation renewal;
    private final ChallengeDesk desk;
    private final long openedAt = Services.now();
    private volatile Reattestation.State standing;
    private boolean judging;
    private boolean over;

    LiveConnection(FrameStream stream, Session session, Services services, Dispatcher dispatcher, Owner owner) {
        ChannelSettings settings = services.config.settings();
        this.stream = stream;
        this.session = session;
        this.services = services;
        this.dispatcher = dispatcher;
        this.owner = owner;
        this.outbox = new Outbox(settings.queues());
        this.inbox = new Inbox(settings.window());
        this.renewal = new Reattestation(session, settings.timing());
        this.desk = new ChallengeDesk(session, services);
        this.standing = renewal.begin(Services.now());
    }

    Session session() {
        return session;
    }

    String remote() {
        return stream.remote();
    }

    /** The peer's last accepted evidence and what is owed since. */
    Reattestation.State standing() {
        return standing;
    }

    long livedMillis() {
        return Services.now() - openedAt;
    }

    @Override
    public Bytes nodeId() {
        return session.peer();
    }

    /** Grants the first credits and lets frames in. */
    void start() {
        locked(() -> {
            for (Topic topic : Topic.values()) {
                outbox.grant(topic, inbox.initialGrant());
            }
            pump();
        });
        stream.receive();
    }

    boolean send(Topic topic, Bytes payload) {
        lock.lock();
        try {
            if (over) {
                return false;
            }
            if (!outbox.offer(topic, payload)) {
                services.metrics.count("queue.full." + label(topic));
                return false;
            }
            count("out", topic, payload);
            pump();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Time passed. */
    void tick() {
        locked(() -> renew(new Reattestation.Input.Tick(Services.now(), services.nonce())));
    }

    /** The peer must attest anew now. */
    void demand() {
        locked(() -> renew(new Reattestation.Input.Demand()));
        tick();
    }

    @Override
    public void frame(Bytes frame) {
        locked(() -> take(LiveFrame.decode(frame)));
        stream.receive();
    }

    @Override
    public void ready() {
        locked(this::pump);
    }

    @Override
    public void closed() {
        end(Refusal.CONNECTION_LOST, "the stream ended", false);
    }

    @Override
    public void consumed(Topic topic, long units) {
        locked(() -> {
            long grant = inbox.consumed(topic, units);
            if (grant > 0) {
                outbox.grant(topic, grant);
                pump();
            }
        });
    }

    @Override
    public void unreadable(Topic topic, String detail) {
        services.metrics.count("payload.unreadable." + label(topic));
        blame(PeerScore.BAD_PAYLOAD, topic + " payload: " + detail);
    }

    void close(Refusal reason, String detail) {
        end(reason, detail, true);
    }

    private void take(LiveFrame frame) {
        switch (frame) {
            case LiveFrame.Data data ->
                inbox.accept(data).ifPresent(message -> {
                    count("in", data.topic(), message.payload());
                    dispatcher.add(this, data.topic(), message);
                });
            case LiveFrame.Credit credit -> {
                outbox.credit(credit.topic(), credit.units());
                pump();
            }
            case LiveFrame.Challenge challenge -> challenged(challenge.nonce());
            case LiveFrame.Answer answer -> renew(new Reattestation.Input.Answered(answer.nonce(), answer.proof()));
            case LiveFrame.Decline decline -> renew(new Reattestation.Input.Declined(Services.now(), decline.nonce()));
            case LiveFrame.Goodbye goodbye -> {
                boolean leaving = goodbye.code() == AbortCode.SHUTDOWN || goodbye.code() == AbortCode.SUPERSEDED;
                end(leaving ? Refusal.CONNECTION_LOST : Refusal.REFUSED_BY_PEER, "goodbye: " + goodbye.code(), false);
            }
        }
    }

    private void challenged(Bytes nonce) {
        ChallengeDesk.Decision decision = desk.challenged(
                nonce,
                reply -> locked(() -> {
                    outbox.offerControl(reply.encode());
                    pump();
                }));
        if (decision == ChallengeDesk.Decision.TOO_SOON) {
            blame(PeerScore.IMPATIENCE, "asks for evidence too often");
        }
    }

    private void renew(Reattestation.Input input) {
        if (over) {
            return;
        }
        Reattestation.Transition next = renewal.step(standing, input);
        if (next.state().lacking() && !standing.lacking()) {
            services.metrics.count("reattestation.lacking");
        }
        standing = next.state();
        next.effect().ifPresent(this::perform);
    }

    private void perform(Reattestation.Effect effect) {
        switch (effect) {
            case Reattestation.Effect.Challenge challenge -> {
                outbox.offerControl(new LiveFrame.Challenge(challenge.nonce()).encode());
                pump();
            }
            case Reattestation.Effect.Judge judge -> {
                if (judging) {
                    end(Refusal.UNEXPECTED_FRAME, "a second answer to one challenge", true);
                } else {
                    judging = true;
                    services.run(() -> judge(judge));
                }
            }
            case Reattestation.Effect.Close close -> end(close.reason(), close.detail(), true);
        }
    }

    private void judge(Reattestation.Effect.Judge judge) {
        Optional<Verdict> verdict = Optional.empty();
        try {
            verdict = Optional.of(services.config.verifier().verify(judge.evidence(), judge.expected()));
        } catch (RuntimeException e) {
            services.fault("the verifier failed", e);
        }
        verdict.filter(given -> !given.accepted()).ifPresent(services::rejected);
        verdict.filter(Verdict::accepted).ifPresent(given -> services.metrics.count("reattestation.accepted"));
        long now = Services.now();
        Reattestation.Input input = verdict.<Reattestation.Input>map(given -> new Reattestation.Input.Judged(
                        now, given, judge.evidence().keys()))
                .orElseGet(() -> new Reattestation.Input.NotJudged(now));
        locked(() -> {
            judging = false;
            renew(input);
        });
    }

    private void blame(int points, String detail) {
        if (owner.misbehaved(session.peer(), points)) {
            end(Refusal.LOW_SCORE, detail, true);
        }
    }

    /** Runs under the lock; a peer that broke the rules is dropped. */
    private void locked(Runnable action) {
        lock.lock();
        try {
            if (!over) {
                action.run();
            }
        } catch (CodecException e) {
            end(Refusal.MALFORMED_FRAME, e.reason() + ": " + e.getMessage(), true);
        } catch (FlowViolation e) {
            end(Refusal.FLOW_VIOLATION, String.valueOf(e.getMessage()), true);
        } finally {
            lock.unlock();
        }
    }

    /** Writes while the transport has room: what does not fit stays in the outbox, where priorities hold. */
    private void pump() {
        while (!over && stream.isReady()) {
            Optional<Bytes> frame = outbox.next();
            if (frame.isEmpty()) {
                return;
            }
            stream.send(frame.get());
        }
    }

    private void end(Refusal reason, String detail, boolean tell) {
        lock.lock();
        try {
            if (over) {
                return;
            }
            over = true;
            if (tell) {
                stream.send(new LiveFrame.Goodbye(AbortCode.of(reason)).encode());
            }
        } finally {
            lock.unlock();
        }
        if (!HARMLESS.contains(reason)) {
            dispatcher.forget(this);
        }
        if (BROKEN.contains(reason)) {
            owner.misbehaved(session.peer(), PeerScore.BROKEN_FRAME);
        }
        stream.finish();
        services.after(LAST_WORDS, stream::cancel);
        owner.closed(this, reason, detail);
    }

    private void count(String direction, Topic topic, Bytes payload) {
        ChannelMetrics metrics = services.metrics;
        metrics.count("messages." + direction + "." + label(topic));
        metrics.add("bytes." + direction + "." + label(topic), payload.length());
    }

    private static String label(Topic topic) {
        return topic.name().toLowerCase(Locale.ROOT);
    }
}
