package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/**
 * One seat in the committee.
 *
 * @param slot number from 1 on, also the evaluation point of its key share
 * @param nodeId compressed secp256k1 key of the slot, 33 bytes
 * @param voteKey compressed secp256k1 key that signs proposals and votes, 33 bytes
 * @param weight voting weight, at least 1
 * @param bootCounter the boot that this vote key belongs to
 */
public record Validator(int slot, Bytes nodeId, Bytes voteKey, long weight, long bootCounter) {
    public Validator {
        Limits.require(slot >= 1 && slot <= 0xffff, "slot " + slot);
        Limits.length(nodeId, Limits.KEY_BYTES, "a node id");
        Limits.length(voteKey, Limits.KEY_BYTES, "a vote key");
        Limits.require(weight >= 1 && weight <= Limits.WEIGHT, "weight " + weight);
        Limits.require(bootCounter >= 0, "boot counter " + bootCounter);
    }

    public void encode(Writer writer) {
        writer.u16(slot).fixed(nodeId).fixed(voteKey).u64(weight).u64(bootCounter);
    }

    public static Validator decode(Reader reader) {
        return new Validator(
                reader.u16(),
                reader.fixed(Limits.KEY_BYTES),
                reader.fixed(Limits.KEY_BYTES),
                reader.u64(),
                reader.u64());
    }
}
