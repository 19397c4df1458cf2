package io.cloister.channel.handshake;

import io.cloister.codec.Bytes;

/** Which end of the connection a node is. The smaller node id is the initiator. */
public enum Role {
    INITIATOR("initiator"),
    RESPONDER("responder");

    private final Bytes label;

    Role(String label) {
        this.label = Bytes.utf8(label);
    }

    /** The role as it stands in leaves and finish codes. */
    public Bytes label() {
        return label;
    }

    public Role other() {
        return this == INITIATOR ? RESPONDER : INITIATOR;
    }
}
