package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Limits;
import io.cloister.consensus.Outline;
import io.cloister.consensus.Polka;
import java.util.Optional;

/**
 * The paper's PROPOSAL(h, r, v, vr), with the digests of the block's batches in place of their contents. The signer is
 * proposer(h, r).
 *
 * @param epoch in which it is made; a recovery may propose a block of an earlier one again
 * @param polka the prevotes of the valid round; its presence means vr &gt;= 0
 * @param signature over {@link io.cloister.consensus.SignBytes#proposal}, 65 bytes
 */
public record Proposal(long epoch, int round, Outline outline, Optional<Polka> polka, Bytes signature) {
    public Proposal {
        if (epoch < outline.header().epoch()) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a block of a later epoch");
        }
        if (round < 0 || round > Limits.ROUND) {
            throw new CodecException(Reason.OUT_OF_RANGE, "round " + round);
        }
        if (signature.length() != Limits.SIGNATURE_BYTES) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a signature of another length");
        }
        if (polka.isPresent() && polka.get().round() >= round) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a valid round that is not before the round"); // vr < r, L28
        }
    }

    public long height() {
        return outline.height();
    }

    /** The paper's vr, -1 without one. */
    public int validRound() {
        return polka.map(Polka::round).orElse(-1);
    }

    void encode(Writer writer) {
        writer.u64(epoch).u32(round);
        outline.encode(writer);
        writer.optional(polka, (w, it) -> it.encode(w)).fixed(signature);
    }

    static Proposal decode(Reader reader) {
        return new Proposal(
                reader.u64(),
                Limits.round(reader),
                Outline.decode(reader),
                reader.optional(Polka::decode),
                reader.fixed(Limits.SIGNATURE_BYTES));
    }
}
