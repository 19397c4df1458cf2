package io.cloister.attestation;

import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;

/**
 * What a leaf is for. Evidence of one purpose never serves another. No label is the beginning of another, so that a
 * label and the fields behind it can be read in one way only.
 */
public enum Purpose {
    /** A peer's connection: fields fixed by the channel handshake. */
    PEER_CHANNEL("peer-channel", 1),
    /** A stranger's nonce: the only leaf that holds anything a stranger supplies. */
    REST_NONCE("rest-nonce", 2),
    /** New boot keys for a validator's slot: fields fixed by the ledger. */
    RE_KEY("re-key", 3);

    private final String label;
    private final int code;

    Purpose(String label, int code) {
        this.label = label;
        this.code = code;
    }

    /** The ASCII label that is hashed. */
    public String label() {
        return label;
    }

    /** @throws CodecException UNKNOWN for a label of no purpose */
    public static Purpose ofLabel(String label) {
        for (Purpose purpose : values()) {
            if (purpose.label.equals(label)) {
                return purpose;
            }
        }
        throw new CodecException(Reason.UNKNOWN, "a purpose that is not known");
    }

    /** Whether a node makes such a leaf for itself or its peers, so that it goes before strangers' leaves. */
    public boolean beforeStrangers() {
        return this != REST_NONCE;
    }

    int code() {
        return code;
    }

    static Purpose ofCode(int code) {
        for (Purpose purpose : values()) {
            if (purpose.code == code) {
                return purpose;
            }
        }
        throw new CodecException(Reason.UNKNOWN, "purpose " + code + " is not known");
    }
}
