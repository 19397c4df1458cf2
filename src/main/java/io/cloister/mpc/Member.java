package io.cloister.mpc;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;

/**
 * A committee member as the membership module registered it.
 *
 * @param slot 1..n, the evaluation point of every share that the member holds
 * @param nodeId 33-byte slot key, the address among peers
 * @param voteKey 33-byte key that signs transactions and supports
 * @param keyEncryption 33-byte E_key of the epoch: key dealings are encrypted to it
 * @param presignEncryption 33-byte E_pre of the running boot: presignature dealings are encrypted to it only
 * @param bootCounter the boot that E_pre belongs to
 */
public record Member(
        int slot, Bytes nodeId, Bytes voteKey, Bytes keyEncryption, Bytes presignEncryption, long bootCounter) {
    /** @throws CodecException OUT_OF_RANGE for slot 0, a key that is not 33 bytes long or a negative boot counter */
    public Member {
        if (slot < 1 || slot > Committee.MAX_SIZE || bootCounter < 0) {
            throw new CodecException(Reason.OUT_OF_RANGE, "slot " + slot + ", boot " + bootCounter);
        }
        for (Bytes key : new Bytes[] {nodeId, voteKey, keyEncryption, presignEncryption}) {
            if (key.length() != 33) {
                throw new CodecException(Reason.OUT_OF_RANGE, "a member's key of " + key.length() + " bytes");
            }
        }
    }
}
