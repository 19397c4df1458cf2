package io.cloister.channel.handshake;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Check;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Verdict;
import io.cloister.channel.Refusal;
import io.cloister.channel.handshake.HandshakeMessage.Proof;
import io.cloister.channel.handshake.HandshakeState.Agreed;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Point;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The cheap checks of a peer's evidence, made before the verifier is asked: they tell precisely what it was made for.
 */
final class PeerProof {
    private final HandshakeParameters own;
    private final ChannelBinding binding;

    PeerProof(HandshakeParameters own, ChannelBinding binding) {
        this.own = own;
        this.binding = binding;
    }

    /** The leaf that the peer must have used at this point of the transcript. (H9) */
    Leaf expectedLeaf(Agreed agreed) {
        return ChannelLeaf.of(
                agreed.exporter(),
                own.role().other(),
                binding.peerSpki(),
                binding.ownSpki(),
                agreed.peerNodeId(),
                own.nodeId(),
                agreed.transcript().hash());
    }

    Optional<Refusal> refusal(Agreed agreed, Proof proof, Leaf expected) {
        Optional<Refusal> difference = ChannelLeaf.difference(proof.evidence().leaf(), expected);
        if (difference.isPresent()) {
            return difference;
        }
        BootKeySet keys = proof.evidence().keys();
        if (!keys.chainId().equals(own.chainId())
                || !keys.nodeId().equals(agreed.peerNodeId())
                || !keys.tlsSpki().equals(binding.peerSpki())) {
            return Optional.of(Refusal.WRONG_KEYS);
        }
        return signed(agreed.peerNodeId(), proof, expected) ? Optional.empty() : Optional.of(Refusal.BAD_SIGNATURE);
    }

    /** Whether the node's slot key signed the leaf. (H6) */
    static boolean signed(Bytes nodeId, Proof proof, Leaf leaf) {
        try {
            return Ecdsa.verify(Point.decode(nodeId), ChannelLeaf.signingDigest(leaf), proof.signature());
        } catch (CodecException e) {
            return false; // the node id is no point of the curve
        }
    }

    /** The checks that failed, for the log. */
    static String failures(Verdict verdict) {
        return verdict.failures().stream().map(Check::toString).collect(Collectors.joining("; "));
    }
}
