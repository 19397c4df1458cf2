package io.cloister.channel.handshake;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Verdict;
import io.cloister.codec.Bytes;

/**
 * A finished handshake: who is at the other end and what later evidence on this connection must bind.
 *
 * @param role our role
 * @param self our node id
 * @param peer the peer's node id
 * @param ownSpki SHA-256 of our SPKI
 * @param peerSpki SHA-256 of the peer's SPKI
 * @param exporter the 32-byte exporter in the leaves
 * @param transcript hash over all six frames
 * @param peerKeys the peer's boot key set, as its report vouches for it
 * @param verdict the verdict on its evidence
 */
public record Session(
        Role role,
        Bytes self,
        Bytes peer,
        Bytes ownSpki,
        Bytes peerSpki,
        Bytes exporter,
        Bytes transcript,
        BootKeySet peerKeys,
        Verdict verdict) {

    /** The leaf with which we answer a challenge of the peer's. (H17) */
    public Leaf ownLeaf(Bytes nonce) {
        Bytes challenged = ChannelLeaf.challenged(transcript, nonce);
        return ChannelLeaf.of(exporter, role, ownSpki, peerSpki, self, peer, challenged);
    }

    /** The leaf that the peer's answer to our challenge must have. (H17) */
    public Leaf peerLeaf(Bytes nonce) {
        Bytes challenged = ChannelLeaf.challenged(transcript, nonce);
        return ChannelLeaf.of(exporter, role.other(), peerSpki, ownSpki, peer, self, challenged);
    }
}
