package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.List;
import java.util.Optional;

/**
 * Proof that strictly more than two thirds of the weight prevoted a value in a round. A proposal with a valid round
 * carries it, so that nobody who missed those prevotes has to wait for them (line 28).
 */
public record Polka(int round, Bytes blockId, List<PrevoteSignature> signatures) {
    public Polka {
        signatures = List.copyOf(signatures);
        PrevoteSignature.requireRising(signatures);
        Limits.require(round >= 0 && round <= Limits.ROUND, "round " + round);
        Limits.length(blockId, Limits.HASH_BYTES, "a block id");
    }

    /** Whether it proves that these validators prevoted the value in this epoch and height. */
    public boolean isGenuine(String chainId, long epoch, long height, ValidatorSet validators, SignatureCheck check) {
        return PrevoteSignature.prove(
                signatures,
                basis -> SignBytes.vote(chainId, epoch, height, round, VoteType.PREVOTE, Optional.of(blockId), basis),
                validators,
                check);
    }

    public void encode(Writer writer) {
        writer.u32(round).fixed(blockId).list(signatures, (w, signature) -> signature.encode(w));
    }

    public static Polka decode(Reader reader) {
        return new Polka(
                Limits.round(reader),
                reader.fixed(Limits.HASH_BYTES),
                reader.list(Limits.VALIDATORS, PrevoteSignature::decode));
    }
}
