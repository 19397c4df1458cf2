package io.cloister.mpc;

import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;

/** What a member did wrong. The code stands in the replicated state; the name in logs, metrics and answers. */
public enum Fault {
    /** A dealing or message that does not decode, or whose vectors do not have t+1 points. */
    MALFORMED(1),
    /** A path that does not lead to the dealing's id. */
    BAD_PATH(2),
    /** The ephemeral's proof of possession fails: a copied or replayed dealing. */
    BAD_POSSESSION(3),
    /** An unmask or product proof fails. */
    BAD_PROOF(4),
    /** A share that does not open its commitment. */
    BAD_SHARE(5),
    /** A receiver's ciphertext was demanded on the chain and not published in time. */
    WITHHELD(6),
    /** A complaint about a share that is good. */
    FALSE_COMPLAINT(7),
    /** A support whose signature fails. */
    BAD_SUPPORT(8),
    /** A signature share that does not open its commitment. */
    BAD_SIGNATURE_SHARE(9),
    /** A beacon share whose proof fails. */
    BAD_BEACON_SHARE(10),
    /** Two dealings of one dealer for one instance. */
    EQUIVOCATION(11),
    /** A dealing by one that may not deal here. */
    NOT_A_DEALER(12);

    private final int code;

    Fault(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** @throws CodecException UNKNOWN */
    public static Fault of(int code) {
        for (Fault fault : values()) {
            if (fault.code == code) {
                return fault;
            }
        }
        throw new CodecException(Reason.UNKNOWN, "fault " + code);
    }
}
