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

    private static final Bytes EXTENSION = Bytes.utf8("cloister/extension/v1");

    private SignBytes() {}

    private static Optional<Long> present(int round) {
        return round < 0 ? Optional.empty() : Optional.of((long) round);
    }

    /**
     * @param value the block id, or empty for nil
     * @param basis of a prevote for a value: the round of the polka that lets a locked validator leave its lock, or of
     *     its lock on this very value, whichever is later; -1 for none and in any other vote. Whoever precommitted another
     *     value in a round after the basis and before this one has forgotten its lock, and the two votes prove it.
     */
    public static Bytes vote(
            String chainId, long epoch, long height, int round, VoteType type, Optional<Bytes> value, int basis) {
        Writer writer = new Writer();
        writer.fixed(VOTE).string(chainId).u64(epoch).u64(height).u32(round).u8(type.code());
        writer.optional(value, Writer::fixed).optional(present(basis), Writer::u32);
        return Hashes.sha256(writer.toBytes());
    }

    /** A precommit or a vote for nil, which have no basis. */
    public static Bytes vote(String chainId, long epoch, long height, int round, VoteType type, Optional<Bytes> value) {
        return vote(chainId, epoch, height, round, type, value, -1);
    }

    /** @param data the vote extension that goes with a precommit for the block */
    public static Bytes extension(String chainId, long epoch, long height, int round, Bytes blockId, Bytes data) {
        Writer writer = new Writer();
        writer.fixed(EXTENSION).string(chainId).u64(epoch).u64(height).u32(round);
        return Hashes.sha256(writer.fixed(blockId).bytes(data).toBytes());
    }

    /** @param validRound the round of the polka that the proposal carries, or -1 */
    public static Bytes proposal(String chainId, long epoch, long height, int round, int validRound, Bytes blockId) {
        Writer writer = new Writer();
        writer.fixed(PROPOSAL).string(chainId).u64(epoch).u64(height).u32(round);
        writer.optional(present(validRound), Writer::u32);
        return Hashes.sha256(writer.fixed(blockId).toBytes());
    }
}
