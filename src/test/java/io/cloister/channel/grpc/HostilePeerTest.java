package io.cloister.channel.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.Leaf;
import io.cloister.channel.PeerAddress;
import io.cloister.channel.Refusal;
import io.cloister.channel.Topic;
import io.cloister.channel.flow.LiveFrame;
import io.cloister.channel.handshake.AbortCode;
import io.cloister.channel.handshake.ChannelLeaf;
import io.cloister.channel.handshake.HandshakeMessage;
import io.cloister.channel.handshake.HandshakeMessage.Abort;
import io.cloister.channel.handshake.HandshakeMessage.Proof;
import io.cloister.channel.handshake.Session;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.SigningKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A member of the network whose node is in the attacker's hand, before and after the handshake. */
class HostilePeerTest {
    private final List<SigningKey> slots = TestNode.slots(2);
    private final TestNode attacker = new TestNode(TestNode.Plan.of(slots.getFirst()));
    private TestNode judge = new TestNode(TestNode.Plan.of(slots.getLast()));
    private final List<RawPeer> peers = new ArrayList<>();

    @BeforeEach
    void start() {
        begin(judge);
    }

    private void begin(TestNode node) {
        judge = node;
        judge.start().listening();
        judge.knows(new PeerAddress(attacker.id(), "127.0.0.1", 1));
    }

    @AfterEach
    void close() {
        peers.forEach(RawPeer::close);
        attacker.close();
        judge.close();
    }

    private RawPeer dial() {
        RawPeer peer = new RawPeer(attacker.config(), judge.address());
        peers.add(peer);
        return peer;
    }

    private Optional<Session> handshake(UnaryOperator<HandshakeMessage> change) {
        return dial().handshake(judge.id(), change);
    }

    private void assertRefused(Refusal reason) {
        Await.until("refused for " + reason, () -> judge.network().metrics().refusals(reason) > 0);
        assertThat(judge.received()).isEmpty();
    }

    @Test
    void genuineHandshakeByHandIsAccepted() {
        assertThat(handshake(UnaryOperator.identity())).isPresent();
        Await.until("connected", () -> judge.sees(attacker));
    }

    @Test
    void evidenceRecordedOnOneConnectionIsRefusedOnAnother() {
        List<HandshakeMessage> recorded = new ArrayList<>();
        assertThat(handshake(message -> {
                    recorded.add(message);
                    return message;
                }))
                .isPresent();
        peers.getFirst().close();
        Await.until("gone", () -> !judge.sees(attacker));

        assertThat(handshake(message -> message instanceof Proof ? recorded.get(1) : message))
                .isEmpty();

        assertThat(recorded.get(1)).isInstanceOf(Proof.class);
        assertRefused(Refusal.WRONG_CHANNEL);
        assertThat(judge.network().connected()).isEmpty();
    }

    @Test
    void recordedReportUnderAFreshLeafIsRefusedByTheVerifier() {
        List<Proof> recorded = new ArrayList<>();
        handshake(message -> {
            if (message instanceof Proof proof) {
                recorded.add(proof);
            }
            return message;
        });
        peers.getFirst().close();

        Optional<Session> session = handshake(message -> message instanceof Proof fresh
                ? new Proof(
                        new Evidence(
                                recorded.getFirst().evidence().hardware(),
                                fresh.evidence().keys(),
                                fresh.evidence().leaf(),
                                recorded.getFirst().evidence().path()),
                        fresh.signature())
                : message);

        assertThat(session).isEmpty();
        assertRefused(Refusal.EVIDENCE_REJECTED);
        assertThat(judge.network().metrics().value("refused.check.binding")).isEqualTo(1);
    }

    @Test
    void restEvidenceIsRefusedAsChannelEvidence() {
        Leaf rest = Leaf.restNonce(Bytes.zeros(32), attacker.config().tls().spki());
        Evidence evidence = attacker.service().attest(rest).join();

        Optional<Session> session = handshake(message -> message instanceof Proof
                ? new Proof(evidence, slots.getFirst().sign(ChannelLeaf.signingDigest(rest)))
                : message);

        assertThat(session).isEmpty();
        assertRefused(Refusal.WRONG_PURPOSE);
    }

    @Test
    void restEvidenceDressedAsAChannelLeafIsRefusedByTheVerifier() {
        Leaf rest = Leaf.restNonce(Bytes.zeros(32), attacker.config().tls().spki());
        Evidence evidence = attacker.service().attest(rest).join();

        Optional<Session> session = handshake(message -> message instanceof Proof proof
                ? new Proof(
                        new Evidence(
                                evidence.hardware(),
                                evidence.keys(),
                                proof.evidence().leaf(),
                                evidence.path()),
                        proof.signature())
                : message);

        assertThat(session).isEmpty();
        assertRefused(Refusal.EVIDENCE_REJECTED);
    }

    @Test
    void reportOfAnotherNodesChipIsRefused() {
        TestNode other = new TestNode(TestNode.Plan.of(SigningKey.generate()));
        try {
            Optional<Session> session = handshake(message -> message instanceof Proof proof
                    ? new Proof(other.service().attest(proof.evidence().leaf()).join(), proof.signature())
                    : message);
            assertThat(session).isEmpty();
        } finally {
            other.close();
        }
        assertRefused(Refusal.WRONG_KEYS);
    }

    @Test
    void abortTellsOneByteAndTheLogKeepsTheRest() {
        RawPeer peer = dial();
        peer.send(Bytes.utf8("GET / HTTP/1.1"));

        assertThat(peer.next()).contains(new Abort(AbortCode.BAD_MESSAGE).encode());
        peer.awaitClosed();
        assertRefused(Refusal.MALFORMED_FRAME);
    }

    @Test
    void oversizeFrameEndsTheHandshake() {
        RawPeer peer = dial();
        peer.send(Bytes.zeros(HandshakeMessage.MAX_FRAME + 1));

        peer.awaitClosed();
        assertRefused(Refusal.OVERSIZE_FRAME);
    }

    @Test
    void frameBeyondTheTransportsLimitEndsTheConnection() {
        RawPeer peer = dial();
        peer.send(Bytes.zeros(10 * HandshakeMessage.MAX_FRAME));

        peer.awaitClosed();
        assertRefused(Refusal.CONNECTION_LOST);
    }

    @Test
    void messagesBeforeTheHandshakeAreNeverDelivered() {
        RawPeer peer = dial();
        peer.send(new LiveFrame.Data(Topic.CONSENSUS, true, Bytes.utf8("early")).encode());

        peer.awaitClosed();
        assertRefused(Refusal.MALFORMED_FRAME);
    }

    @Test
    void messagesBeforeOurFinishCodeAreNeverDelivered() {
        RawPeer peer = dial();
        Optional<Session> session = peer.handshake(judge.id(), message -> {
            if (message instanceof HandshakeMessage.Finish) {
                peer.send(new LiveFrame.Data(Topic.CONSENSUS, true, Bytes.utf8("early")).encode());
            }
            return message;
        });

        assertThat(session).isPresent();
        peer.awaitClosed();
        assertRefused(Refusal.MALFORMED_FRAME);
    }

    @Test
    void malformedFrameDisconnectsAndASecondOneKeepsTheNodeOut() {
        for (int i = 0; i < 2; i++) {
            RawPeer peer = dial();
            assertThat(peer.handshake(judge.id(), UnaryOperator.identity())).isPresent();
            Await.until("connected", () -> judge.sees(attacker));
            peer.send(Bytes.of((byte) 99));
            Await.until("disconnected", () -> !judge.sees(attacker));
        }
        assertThat(judge.network().metrics().refusals(Refusal.MALFORMED_FRAME)).isEqualTo(2);

        assertThat(handshake(UnaryOperator.identity())).isEmpty();
        assertRefused(Refusal.LOW_SCORE);
    }

    @Test
    void sendingBeyondTheGrantDisconnects() {
        RawPeer peer = dial();
        peer.handshake(judge.id(), UnaryOperator.identity());
        Await.until("connected", () -> judge.sees(attacker));
        Bytes endless = new LiveFrame.Data(Topic.SYNC, false, Bytes.zeros(LiveFrame.CHUNK)).encode();
        for (int i = 0; i < 100; i++) {
            peer.send(endless);
        }

        assertRefused(Refusal.FLOW_VIOLATION);
    }

    @Test
    void unaskedAnswerDisconnects() {
        RawPeer peer = dial();
        List<Proof> proofs = new ArrayList<>();
        peer.handshake(judge.id(), message -> {
            if (message instanceof Proof proof) {
                proofs.add(proof);
            }
            return message;
        });
        peer.send(new LiveFrame.Answer(Bytes.zeros(32), proofs.getFirst()).encode());

        assertRefused(Refusal.UNEXPECTED_FRAME);
    }

    @Test
    void challengesAreAnsweredAtAMeasuredPace() {
        RawPeer peer = dial();
        Session session = peer.handshake(judge.id(), UnaryOperator.identity()).orElseThrow();
        List<LiveFrame> replies = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            peer.send(new LiveFrame.Challenge(Bytes.concat(Bytes.zeros(31), Bytes.of((byte) i))).encode());
            replies.add(reply(peer));
        }

        assertThat(replies.getFirst())
                .isInstanceOfSatisfying(
                        LiveFrame.Answer.class,
                        answer -> assertThat(answer.proof().evidence().leaf())
                                .isEqualTo(session.peerLeaf(answer.nonce())));
        assertThat(replies.getLast()).isInstanceOf(LiveFrame.Decline.class);
    }

    private static LiveFrame reply(RawPeer peer) {
        LiveFrame frame = LiveFrame.decode(peer.next().orElseThrow());
        return frame instanceof LiveFrame.Credit ? reply(peer) : frame;
    }

    @Test
    void unreadablePayloadsLowerTheScoreUntilThePeerIsDropped() {
        judge.network().subscribe(Topic.MPC, (from, payload) -> {
            throw new CodecException(CodecException.Reason.TRUNCATED, "no such message");
        });
        RawPeer peer = dial();
        peer.handshake(judge.id(), UnaryOperator.identity());
        for (int i = 0; i < 12; i++) {
            peer.send(new LiveFrame.Data(Topic.MPC, true, Bytes.of((byte) i)).encode());
        }

        Await.until("dropped", () -> judge.network().metrics().refusals(Refusal.LOW_SCORE) == 1);
        assertThat(judge.network().connected()).isEmpty();
        assertThat(judge.network().metrics().value("payload.unreadable.mpc")).isGreaterThanOrEqualTo(10);
    }

    @Test
    void silentPeerIsCutOffAtTheDeadline() {
        judge.close();
        begin(new TestNode(TestNode.Plan.of(slots.getLast())
                .settings(settings -> settings.withHandshakeDeadline(Duration.ofMillis(300)))));
        RawPeer peer = dial();

        assertThat(peer.next()).contains(new Abort(AbortCode.TIMEOUT).encode());
        assertRefused(Refusal.TIMEOUT);
    }

    @Test
    void tooManyAttemptsAreTurnedAwayBeforeAnyReport() {
        judge.close();
        begin(new TestNode(TestNode.Plan.of(slots.getLast())
                .settings(settings -> settings.with(new ChannelSettings.Attempts(3, 0.001, 64)))));
        for (int i = 0; i < 3; i++) {
            dial();
        }
        RawPeer fourth = dial();

        assertThat(fourth.next()).contains(new Abort(AbortCode.RATE_LIMITED).encode());
        assertRefused(Refusal.RATE_LIMITED);
        assertThat(judge.network().metrics().value("evidence.asked")).isZero();
    }

    @Test
    void handshakesUnderWayAreLimitedInAll() {
        judge.close();
        begin(new TestNode(TestNode.Plan.of(slots.getLast())
                .settings(settings -> settings.with(new ChannelSettings.Attempts(100, 100, 8)))));
        dial();
        RawPeer second = dial();
        assertThat(dial().next()).contains(new Abort(AbortCode.RATE_LIMITED).encode());

        second.close();
        Await.until("room again", () -> judge.network().metrics().refusals(Refusal.CONNECTION_LOST) > 0);

        assertThat(handshake(UnaryOperator.identity())).isPresent();
    }
}
