package io.cloister.ledger.membership;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/**
 * A member of the committee.
 *
 * @param slot 1 to n; also the evaluation point of its threshold shares
 * @param nodeId 33-byte slot key
 * @param voteKey 33-byte key of its votes and transactions
 * @param epochKey 33-byte share-encryption key {@code E_key}, sealed, of this epoch
 * @param bootShareKey 33-byte share-encryption key {@code E_pre} of the running boot
 * @param bootCounter strictly rising number of its boots
 * @param activationHeight height since which these keys count
 * @param evidenceDigest SHA-256 of the evidence that vouched for the boot's keys
 */
public record Member(
        int slot,
        Bytes nodeId,
        Bytes voteKey,
        Bytes epochKey,
        Bytes bootShareKey,
        long bootCounter,
        long activationHeight,
        String grade,
        Bytes evidenceDigest) {

    static final int MAX_SIZE = 512;

    /** The same member whose boot is over: nothing that was made for it counts any more. */
    Member retired() {
        return new Member(
                slot,
                nodeId,
                voteKey,
                epochKey,
                bootShareKey,
                bootCounter + 1,
                activationHeight,
                grade,
                evidenceDigest);
    }

    /** The same member from a height on. */
    Member activeFrom(long height) {
        return new Member(slot, nodeId, voteKey, epochKey, bootShareKey, bootCounter, height, grade, evidenceDigest);
    }

    public Bytes encode() {
        return new Writer()
                .u16(slot)
                .fixed(nodeId)
                .fixed(voteKey)
                .fixed(epochKey)
                .fixed(bootShareKey)
                .u64(bootCounter)
                .u64(activationHeight)
                .string(grade)
                .fixed(evidenceDigest)
                .toBytes();
    }

    public static Member decode(Bytes encoded) {
        Reader in = new Reader(encoded);
        Member member = new Member(
                in.u16(),
                in.fixed(33),
                in.fixed(33),
                in.fixed(33),
                in.fixed(33),
                in.u64(),
                in.u64(),
                in.string(8),
                in.fixed(32));
        in.end();
        return member;
    }
}
