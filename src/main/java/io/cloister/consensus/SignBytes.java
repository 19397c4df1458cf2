package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import java.util.Optional;

/**
 * The digests that vote keys sign. Each is SHA-256 over an ASCII domain and a fixed binary encoding, so that a
 * signature serves for one chain, epoch, height, round, type and value and for nothing else.
 */
public final class SignBytes {
    private static final Bytes VOTE = Bytes.utf8("cloister/vote/v1");
    private static final Bytes PROPOSAL = Bytes.utf8("cloister/proposal/v1");

    private SignBytes() {}

    /** @param value the block id, or empty for nil */
    public static Bytes vote(String chainId, long epoch, long height, int round, VoteType type, Optional<Bytes> value) {
        Writer writer = new Writer();
        writer.fixed(VOTE).string(chainId).u64(epoch).u64(height).u32(round).u8(type.code());
        return Hashes.sha256(writer.optional(value, Writer::fixed).toBytes());
    }

    /** @param validRound the round of the polka that the proposal carries, or -1 */
    public static Bytes proposal(String chainId, long epoch, long height, int round, int validRound, Bytes blockId) {
        Writer writer = new Writer();
        writer.fixed(PROPOSAL).string(chainId).u64(epoch).u64(height).u32(round);
        writer.optional(validRound < 0 ? Optional.<Long>empty() : Optional.of((long) validRound), Writer::u32);
        return Hashes.sha256(writer.fixed(blockId).toBytes());
    }
}
