package io.cloister.channel.handshake;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Verdict;
import io.cloister.channel.Refusal;
import io.cloister.codec.Bytes;
import java.util.Optional;

/** Where a handshake stands. (H3) */
public sealed interface HandshakeState {
    /** The stream is not open yet. */
    record Fresh() implements HandshakeState {}

    /** The peer's hello is due; the transcript holds ours if we are the initiator. */
    record AwaitHello(Transcript transcript) implements HandshakeState {}

    /** Our evidence is being made; {@code peer} is present for the responder, who attests second. */
    record Attesting(Agreed agreed, Leaf leaf, Optional<Verified> peer) implements HandshakeState {}

    /** The peer's evidence is due. */
    record AwaitProof(Agreed agreed) implements HandshakeState {}

    /** The peer's evidence is with the verifier; the transcript holds it already. */
    record Judging(Agreed agreed, Evidence evidence) implements HandshakeState {}

    /** The peer's finish code is due. */
    record AwaitFinish(Agreed agreed, Verified peer) implements HandshakeState {}

    /** Both ends are verified. */
    record Established(Session session) implements HandshakeState {}

    /** It is over. */
    record Failed(Refusal reason) implements HandshakeState {}

    /**
     * What both hellos settled.
     *
     * @param peerNodeId as the peer claims, not proved yet
     * @param context transcript hash after both hellos: the exporters' context
     * @param exporter the 32-byte exporter for the leaves
     * @param transcript of all frames so far
     */
    record Agreed(Bytes peerNodeId, Bytes context, Bytes exporter, Transcript transcript) {
        Agreed with(Bytes frame) {
            return new Agreed(peerNodeId, context, exporter, transcript.with(frame));
        }
    }

    /** A peer whose evidence was accepted. */
    record Verified(BootKeySet keys, Verdict verdict) {}

    /** Whether nothing more can happen. */
    default boolean isOver() {
        return this instanceof Established || this instanceof Failed;
    }
}
