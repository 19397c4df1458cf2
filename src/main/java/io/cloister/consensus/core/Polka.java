package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Limits;
import io.cloister.consensus.VoteType;
import java.util.List;
import java.util.Optional;

/**
 * Proof that strictly more than two thirds of the weight prevoted a value in a round. A proposal with a valid round
 * carries it, so that nobody who missed those prevotes has to wait for them (line 28).
 */
public record Polka(int round, Bytes blockId, List<CommitSignature> signatures) {
    public Polka {
        signatures = List.copyOf(signatures);
        Certificate.requireRising(signatures);
    }

    /** The prevotes that it is made of. */
    List<Vote> votes(long height) {
        return signatures.stream()
                .map(s -> new Vote(VoteType.PREVOTE, height, round, Optional.of(blockId), s.slot(), s.signature()))
                .toList();
    }

    void encode(Writer writer) {
        writer.u32(round).fixed(blockId).list(signatures, (w, signature) -> signature.encode(w));
    }

    static Polka decode(Reader reader) {
        return new Polka(
                Limits.round(reader),
                reader.fixed(Limits.HASH_BYTES),
                reader.list(Limits.VALIDATORS, CommitSignature::decode));
    }
}
