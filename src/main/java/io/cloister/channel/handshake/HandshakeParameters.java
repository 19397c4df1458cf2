package io.cloister.channel.handshake;

import io.cloister.channel.PeerNetwork;
import io.cloister.codec.Bytes;
import java.util.List;
import java.util.Set;

/**
 * What one node brings to one handshake.
 *
 * @param role which end we are
 * @param versions protocol versions that we speak, highest first
 * @param chainId the network's name
 * @param policyDigest SHA-256 of the membership policy in force
 * @param genesisDigest SHA-256 of the genesis
 * @param nodeId our own id
 * @param nonce 32 random bytes made for this handshake alone
 * @param acceptable the dialled node for the initiator, all known nodes for the responder
 * @param banned nodes that misbehaved too often of late
 */
public record HandshakeParameters(
        Role role,
        List<Integer> versions,
        String chainId,
        Bytes policyDigest,
        Bytes genesisDigest,
        Bytes nodeId,
        Bytes nonce,
        Set<Bytes> acceptable,
        Set<Bytes> banned) {
    /** The versions that this release speaks. */
    public static final List<Integer> VERSIONS = List.of(1);

    public HandshakeParameters {
        versions = List.copyOf(versions);
        acceptable = Set.copyOf(acceptable);
        banned = Set.copyOf(banned);
        if (policyDigest.length() != HandshakeMessage.HASH_BYTES
                || genesisDigest.length() != HandshakeMessage.HASH_BYTES
                || nonce.length() != HandshakeMessage.HASH_BYTES
                || nodeId.length() != PeerNetwork.NODE_ID_BYTES) {
            throw new IllegalArgumentException("digests and nonce have 32 bytes, the node id 33");
        }
    }

    HandshakeMessage.Hello hello(List<Integer> offer) {
        return new HandshakeMessage.Hello(offer, chainId, policyDigest, genesisDigest, nodeId, nonce);
    }
}
