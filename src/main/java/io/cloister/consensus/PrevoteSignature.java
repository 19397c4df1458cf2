package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.List;
import java.util.function.IntFunction;

/**
 * One validator's prevote as part of a polka.
 *
 * @param basis round of the polka or lock that the prevote rests on, -1 for none; see {@link SignBytes#vote}
 * @param signature r, s and recovery id, 65 bytes
 */
public record PrevoteSignature(int slot, int basis, Bytes signature) {
    public PrevoteSignature {
        Limits.require(slot >= 1 && slot <= 0xffff, "slot " + slot);
        Limits.require(basis >= -1 && basis < Limits.ROUND, "basis " + basis);
        Limits.length(signature, Limits.SIGNATURE_BYTES, "a signature");
    }

    /**
     * Whether these are genuine and of strictly more than two thirds of the weight.
     *
     * @param digests what a prevote with a basis signs
     */
    static boolean prove(
            List<PrevoteSignature> signatures,
            IntFunction<Bytes> digests,
            ValidatorSet validators,
            SignatureCheck check) {
        long weight = 0;
        for (PrevoteSignature each : signatures) {
            weight += validators.bySlot(each.slot).map(Validator::weight).orElse(0L);
        }
        return validators.isQuorum(weight)
                && signatures.stream()
                        .allMatch(each -> validators
                                .bySlot(each.slot)
                                .filter(it -> check.genuine(it.voteKey(), digests.apply(each.basis), each.signature))
                                .isPresent());
    }

    /** @throws CodecException NOT_CANONICAL when a slot stands twice or out of order */
    public static void requireRising(List<PrevoteSignature> signatures) {
        Limits.require(
                !signatures.isEmpty() && signatures.size() <= Limits.VALIDATORS, signatures.size() + " signatures");
        int last = 0;
        for (PrevoteSignature signature : signatures) {
            if (signature.slot <= last) {
                throw new CodecException(Reason.NOT_CANONICAL, "signatures not in rising order of slots");
            }
            last = signature.slot;
        }
    }

    public void encode(Writer writer) {
        writer.u16(slot).u32(basis + 1L).fixed(signature);
    }

    public static PrevoteSignature decode(Reader reader) {
        return new PrevoteSignature(reader.u16(), Limits.round(reader) - 1, reader.fixed(Limits.SIGNATURE_BYTES));
    }
}
