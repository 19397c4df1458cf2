package io.cloister.channel.handshake;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.Leaf;
import io.cloister.channel.Refusal;
import io.cloister.codec.Bytes;

/** What the adapter must do for a handshake, in the given order. */
public sealed interface HandshakeEffect {
    /** Write a frame. */
    record Send(Bytes frame) implements HandshakeEffect {}

    /** Let one more frame in. Without it the peer's frames stay in the transport. */
    record Receive() implements HandshakeEffect {}

    /** Make our evidence with this leaf and sign {@link ChannelLeaf#signingDigest} with the slot key. */
    record Attest(Leaf leaf) implements HandshakeEffect {}

    /** Have the verifier judge the peer's evidence, and look its boot up. */
    record Judge(Evidence evidence, Leaf expected) implements HandshakeEffect {}

    /** Both ends are verified: messages may flow. */
    record Complete(Session session) implements HandshakeEffect {}

    /**
     * The handshake failed; an abort frame was sent before where the peer is to be told. Close the connection.
     *
     * @param detail for our own log alone
     */
    record Refuse(Refusal reason, String detail) implements HandshakeEffect {}
}
