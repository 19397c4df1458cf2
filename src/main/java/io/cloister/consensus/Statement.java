package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * What a node says once for each recovery number when no quorum of living vote keys is left: its keys from then on, the
 * last block that it knows to be decided, and the highest polka above that. Having said it, it never votes in an
 * earlier epoch again.
 *
 * @param evidence for the boot's keys, in the application's encoding
 * @param base the last decided block; empty when that is the genesis
 * @param polka of the height after the base
 */
public record Statement(KeyClaim claim, Bytes evidence, Optional<CertifiedHeader> base, Optional<HeldPolka> polka) {
    public Statement {
        Limits.require(evidence.length() <= Limits.EVIDENCE_BYTES, "evidence of " + evidence.length() + " bytes");
        boolean fits = claim.evidenceHash().equals(Hashes.sha256(evidence))
                && claim.baseHash().equals(hash(base, (w, it) -> it.encode(w)))
                && claim.polkaHash().equals(hash(polka, (w, it) -> it.encode(w)));
        if (!fits) {
            throw new CodecException(Reason.NOT_CANONICAL, "a statement with other parts than it signs");
        }
        long height = base.map(it -> it.header().height()).orElse(0L);
        Limits.require(polka.isEmpty() || polka.get().header().height() == height + 1, "a polka of another height");
    }

    /** The claim, not yet signed, of a statement with these parts. */
    public static KeyClaim claim(
            String chainId,
            long fromEpoch,
            long recovery,
            int slot,
            Bytes voteKey,
            long bootCounter,
            Bytes evidence,
            Optional<CertifiedHeader> base,
            Optional<HeldPolka> polka) {
        return new KeyClaim(
                chainId,
                fromEpoch,
                recovery,
                slot,
                voteKey,
                bootCounter,
                Hashes.sha256(evidence),
                hash(base, (w, it) -> it.encode(w)),
                hash(polka, (w, it) -> it.encode(w)),
                KeyClaim.UNSIGNED);
    }

    private static <T> Bytes hash(Optional<T> part, BiConsumer<Writer, T> encoder) {
        return Hashes.sha256(new Writer().optional(part, encoder).toBytes());
    }

    public long recovery() {
        return claim.recovery();
    }

    public int slot() {
        return claim.slot();
    }

    /** Height of the base, 0 for the genesis. */
    public long baseHeight() {
        return base.map(it -> it.header().height()).orElse(0L);
    }

    public void encode(Writer writer) {
        claim.encode(writer);
        writer.bytes(evidence).optional(base, (w, it) -> it.encode(w)).optional(polka, (w, it) -> it.encode(w));
    }

    public static Statement decode(Reader reader) {
        return new Statement(
                KeyClaim.decode(reader),
                reader.bytes(Limits.EVIDENCE_BYTES),
                reader.optional(CertifiedHeader::decode),
                reader.optional(HeldPolka::decode));
    }
}
