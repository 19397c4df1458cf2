package io.cloister.channel;

import io.cloister.codec.Bytes;

/**
 * Where a member of the network listens.
 *
 * @param nodeId the 33-byte compressed slot key
 * @param host a name or a literal address, at most 253 characters
 * @param port 1 to 65,535
 */
public record PeerAddress(Bytes nodeId, String host, int port) {
    public PeerAddress {
        if (nodeId.length() != PeerNetwork.NODE_ID_BYTES) {
            throw new IllegalArgumentException("a node id has 33 bytes, not " + nodeId.length());
        }
        if (host.isBlank() || host.length() > 253) {
            throw new IllegalArgumentException("a peer's host has 1 to 253 characters");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("no port: " + port);
        }
    }
}
