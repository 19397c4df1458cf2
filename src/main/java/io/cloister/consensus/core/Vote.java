package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Limits;
import io.cloister.consensus.VoteType;
import java.util.Optional;

/**
 * A signed vote: the paper's PREVOTE and PRECOMMIT.
 *
 * @param blockId the value's id, or empty for nil
 * @param slot who votes
 * @param signature over {@link io.cloister.consensus.SignBytes#vote}, 65 bytes
 */
public record Vote(VoteType type, long height, int round, Optional<Bytes> blockId, int slot, Bytes signature) {
    public Vote {
        require(height >= 1, "height " + height);
        require(round >= 0 && round <= Limits.ROUND, "round " + round);
        require(blockId.isEmpty() || blockId.get().length() == Limits.HASH_BYTES, "a block id of another length");
        require(slot >= 1 && slot <= 0xffff, "slot " + slot);
        require(signature.length() == Limits.SIGNATURE_BYTES, "a signature of another length");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new CodecException(Reason.OUT_OF_RANGE, message);
        }
    }

    CommitSignature commitSignature() {
        return new CommitSignature(slot, signature);
    }

    void encode(Writer writer) {
        writer.u8(type.code()).u64(height).u32(round).optional(blockId, Writer::fixed);
        writer.u16(slot).fixed(signature);
    }

    static Vote decode(Reader reader) {
        return new Vote(
                VoteType.of(reader.u8()),
                reader.u64(),
                Limits.round(reader),
                reader.optional(r -> r.fixed(Limits.HASH_BYTES)),
                reader.u16(),
                reader.fixed(Limits.SIGNATURE_BYTES));
    }
}
