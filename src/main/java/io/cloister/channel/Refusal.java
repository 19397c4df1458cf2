package io.cloister.channel;

/** Why a peer was refused or dropped. Stable names: they are metric labels and appear in the log, never on the wire. */
public enum Refusal {
    /** A frame that is not the one encoding of a message. */
    MALFORMED_FRAME,
    /** A frame above the limit. */
    OVERSIZE_FRAME,
    /** A well-formed frame that has no place at this point. */
    UNEXPECTED_FRAME,
    /** No protocol version in common. */
    UNSUPPORTED_VERSION,
    /** Another chain id. */
    WRONG_CHAIN,
    /** Another genesis. */
    WRONG_GENESIS,
    /** Another membership policy. */
    WRONG_POLICY,
    /** A node id outside the peer list, or another one than was dialled. */
    UNKNOWN_NODE,
    /** The node with the larger id dialled. */
    WRONG_DIRECTION,
    /** Our own nonce came back. */
    REFLECTED_NONCE,
    /** The connection has no TLS 1.3 session with a peer certificate. */
    WRONG_TRANSPORT,
    /** Evidence made for another purpose. */
    WRONG_PURPOSE,
    /** Evidence made for another connection: exporter, certificate or transcript differ. */
    WRONG_CHANNEL,
    /** Evidence made for the other role. */
    WRONG_ROLE,
    /** Evidence made by or for another node. */
    WRONG_NODE,
    /**
     * A boot key set that does not fit the connection's certificate, node id or chain, or changed under a connection.
     */
    WRONG_KEYS,
    /** The leaf is not signed by the peer's slot key. */
    BAD_SIGNATURE,
    /** The verifier rejected the evidence; the failed checks are counted beside it. */
    EVIDENCE_REJECTED,
    /** A boot counter below one already seen from this node. */
    STALE_BOOT,
    /** A boot counter already seen with other boot keys. */
    CLONED_BOOT,
    /** The finish code is wrong. */
    BAD_FINISH,
    /** We could not make our own evidence. */
    NO_OWN_EVIDENCE,
    /** The peer gave no new evidence for the whole grace period. */
    NO_PEER_EVIDENCE,
    /** The handshake took too long. */
    TIMEOUT,
    /** Too many attempts from one address, or too many handshakes at once. */
    RATE_LIMITED,
    /** The node misbehaved too often of late. */
    LOW_SCORE,
    /** More bytes on a topic than were granted. */
    FLOW_VIOLATION,
    /** A newer connection of the same node took over. */
    SUPERSEDED,
    /** The peer left the peer list. */
    REMOVED,
    /** The peer refused us. */
    REFUSED_BY_PEER,
    /** The peer refused us: it has seen a newer boot of this node, or this one with other keys. */
    OWN_BOOT_STALE,
    /** The connection broke. */
    CONNECTION_LOST,
    /** This node is shutting down. */
    SHUTDOWN,
    /** A fault of our own. */
    INTERNAL
}
