package io.cloister.channel.handshake;

import io.cloister.attestation.Leaf;
import io.cloister.attestation.Purpose;
import io.cloister.channel.Refusal;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.util.List;
import java.util.Optional;

/** The {@code peer-channel} leaf: what a node's report must say about the connection that it is shown on. (H5) */
public final class ChannelLeaf {
    private static final Bytes SIGNING_LABEL = Bytes.utf8("cloister/channel/slot-signature/v1");
    private static final Bytes CHALLENGE_LABEL = Bytes.utf8("cloister/channel/challenge/v1");

    /** What differs when a field differs, by the field's position in the leaf. */
    private static final List<Refusal> BY_FIELD = List.of(
            Refusal.WRONG_CHANNEL,
            Refusal.WRONG_ROLE,
            Refusal.WRONG_CHANNEL,
            Refusal.WRONG_CHANNEL,
            Refusal.WRONG_NODE,
            Refusal.WRONG_NODE,
            Refusal.WRONG_CHANNEL);

    private ChannelLeaf() {}

    /** The leaf of the node that {@code own} stands for. All hashes have 32 bytes, node ids 33. */
    static Leaf of(Bytes exporter, Role role, Bytes ownSpki, Bytes peerSpki, Bytes own, Bytes peer, Bytes transcript) {
        return new Leaf(
                Purpose.PEER_CHANNEL, List.of(exporter, role.label(), ownSpki, peerSpki, own, peer, transcript));
    }

    /** What the slot key signs: {@code SHA-256(label || leaf hash)}. (H6) */
    public static Bytes signingDigest(Leaf leaf) {
        return Hashes.sha256(SIGNING_LABEL, leaf.hash());
    }

    /**
     * The transcript field of a re-attestation: the finished handshake's transcript and the challenger's nonce. (H17)
     */
    static Bytes challenged(Bytes transcript, Bytes nonce) {
        return Hashes.sha256(CHALLENGE_LABEL, transcript, nonce);
    }

    /** Empty when the leaf is the expected one, else why it is not. (H9) */
    static Optional<Refusal> difference(Leaf given, Leaf expected) {
        if (given.purpose() != expected.purpose()) {
            return Optional.of(Refusal.WRONG_PURPOSE);
        }
        List<Bytes> fields = given.fields();
        if (fields.size() != BY_FIELD.size()) {
            return Optional.of(Refusal.WRONG_CHANNEL);
        }
        for (int i = 0; i < BY_FIELD.size(); i++) {
            if (!fields.get(i).equals(expected.fields().get(i))) {
                return Optional.of(BY_FIELD.get(i));
            }
        }
        return Optional.empty();
    }
}
