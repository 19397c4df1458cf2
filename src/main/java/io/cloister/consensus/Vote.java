package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.List;
import java.util.Optional;

/**
 * A signed vote: the paper's PREVOTE and PRECOMMIT.
 *
 * @param blockId the value's id, or empty for nil
 * @param basis what a prevote for a value rests on, see {@link SignBytes#vote}; -1 for nothing and in any other vote
 * @param slot who votes
 * @param extension what the application adds to a precommit for a value
 * @param signature over {@link SignBytes#vote}, 65 bytes
 */
public record Vote(
        VoteType type,
        long epoch,
        long height,
        int round,
        Optional<Bytes> blockId,
        int basis,
        int slot,
        Optional<Extension> extension,
        Bytes signature) {
    public Vote {
        require(epoch >= 0, "epoch " + epoch);
        require(height >= 1, "height " + height);
        require(round >= 0 && round <= Limits.ROUND, "round " + round);
        require(blockId.isEmpty() || blockId.get().length() == Limits.HASH_BYTES, "a block id of another length");
        require(basis >= -1 && basis < round, "basis " + basis);
        boolean prevote = type == VoteType.PREVOTE;
        require(basis < 0 || (prevote && blockId.isPresent()), "a basis in a vote that has none");
        require(extension.isEmpty() || (!prevote && blockId.isPresent()), "an extension in a vote that has none");
        require(slot >= 1 && slot <= 0xffff, "slot " + slot);
        require(signature.length() == Limits.SIGNATURE_BYTES, "a signature of another length");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new CodecException(Reason.OUT_OF_RANGE, message);
        }
    }

    /** Whether it is for the same value as another vote of its place, whatever the signature's bytes. */
    public boolean sameAs(Vote other) {
        return blockId.equals(other.blockId);
    }

    /** What is signed, 32 bytes. */
    public Bytes digest(String chainId) {
        return SignBytes.vote(chainId, epoch, height, round, type, blockId, basis);
    }

    /** What the extension's signature is over, 32 bytes. */
    public Bytes extensionDigest(String chainId, Bytes data) {
        return SignBytes.extension(chainId, epoch, height, round, blockId.orElseThrow(), data);
    }

    public CommitSignature commitSignature() {
        return new CommitSignature(slot, signature);
    }

    public PrevoteSignature prevoteSignature() {
        return new PrevoteSignature(slot, basis, signature);
    }

    /** Whether the slot's vote key in this set signed it, and its extension. */
    public boolean isGenuine(String chainId, ValidatorSet validators, SignatureCheck check) {
        return validators
                .bySlot(slot)
                .filter(it -> check.genuine(it.voteKey(), digest(chainId), signature))
                .filter(it -> extension.isEmpty()
                        || check.genuine(
                                it.voteKey(),
                                extensionDigest(chainId, extension.get().data()),
                                extension.get().signature()))
                .isPresent();
    }

    /** The prevotes that a polka is made of. */
    public static List<Vote> of(Polka polka, long epoch, long height) {
        return polka.signatures().stream()
                .map(it -> new Vote(
                        VoteType.PREVOTE,
                        epoch,
                        height,
                        polka.round(),
                        Optional.of(polka.blockId()),
                        it.basis(),
                        it.slot(),
                        Optional.empty(),
                        it.signature()))
                .toList();
    }

    public void encode(Writer writer) {
        writer.u8(type.code()).u64(epoch).u64(height).u32(round).optional(blockId, Writer::fixed);
        writer.u32(basis + 1L)
                .u16(slot)
                .optional(extension, (w, it) -> it.encode(w))
                .fixed(signature);
    }

    public static Vote decode(Reader reader) {
        return new Vote(
                VoteType.of(reader.u8()),
                reader.u64(),
                reader.u64(),
                Limits.round(reader),
                reader.optional(r -> r.fixed(Limits.HASH_BYTES)),
                Limits.round(reader) - 1,
                reader.u16(),
                reader.optional(Extension::decode),
                reader.fixed(Limits.SIGNATURE_BYTES));
    }
}
