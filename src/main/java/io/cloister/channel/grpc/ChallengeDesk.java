package io.cloister.channel.grpc;

import io.cloister.channel.flow.LiveFrame;
import io.cloister.channel.flow.TokenBucket;
import io.cloister.channel.handshake.HandshakeMessage;
import io.cloister.channel.handshake.Session;
import io.cloister.codec.Bytes;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Answers a peer's challenges, one at a time and not too often, because a report is dear. Used under its owner's lock.
 * (H20)
 */
final class ChallengeDesk {
    private static final int BURST = 2;

    /** What became of a challenge. */
    enum Decision {
        TAKEN,
        /** Another one is being answered. */
        BUSY,
        /** The peer asked too often. */
        TOO_SOON
    }

    private final Session session;
    private final Services services;
    private final TokenBucket pace;
    private volatile boolean busy;

    ChallengeDesk(Session session, Services services) {
        Duration spacing = services.config.settings().renewal().spacing();
        this.session = session;
        this.services = services;
        this.pace = new TokenBucket(BURST, 1e9 / spacing.toNanos(), System.nanoTime());
    }

    /** The reply comes now, when it is a decline, or later on another thread. */
    Decision challenged(Bytes nonce, Consumer<LiveFrame> reply) {
        if (busy) {
            reply.accept(new LiveFrame.Decline(nonce));
            return Decision.BUSY;
        }
        if (!pace.take(System.nanoTime())) {
            reply.accept(new LiveFrame.Decline(nonce));
            return Decision.TOO_SOON;
        }
        busy = true;
        services.prove(session.ownLeaf(nonce))
                .whenCompleteAsync(
                        (proof, failure) -> {
                            busy = false;
                            reply.accept(
                                    failure == null
                                            ? fitting(new LiveFrame.Answer(nonce, proof))
                                            : new LiveFrame.Decline(nonce));
                        },
                        services::execute);
        return Decision.TAKEN;
    }

    private static LiveFrame fitting(LiveFrame.Answer answer) {
        return answer.encode().length() <= HandshakeMessage.MAX_FRAME ? answer : new LiveFrame.Decline(answer.nonce());
    }
}
