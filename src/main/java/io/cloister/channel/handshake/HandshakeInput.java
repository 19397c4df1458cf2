package io.cloister.channel.handshake;

import io.cloister.attestation.Verdict;
import io.cloister.codec.Bytes;

/** What can happen to a handshake. */
public sealed interface HandshakeInput {
    /** The TLS connection and its stream are open. */
    record Opened() implements HandshakeInput {}

    /** A frame arrived, whole and as it came. */
    record Frame(Bytes bytes) implements HandshakeInput {}

    /** The evidence asked for by {@link HandshakeEffect.Attest}, with the slot key's signature. */
    record Attested(HandshakeMessage.Proof proof) implements HandshakeInput {}

    /** That evidence could not be made. */
    record NotAttested(String cause) implements HandshakeInput {}

    /**
     * The judgement asked for by {@link HandshakeEffect.Judge}.
     *
     * @param fence how the evidence's boot relates to the boots seen from that node so far
     */
    record Judged(Verdict verdict, BootFence.Standing fence) implements HandshakeInput {}

    /** No judgement was possible. */
    record NotJudged(String cause) implements HandshakeInput {}

    /** The time for the whole handshake is over. */
    record Expired() implements HandshakeInput {}
}
