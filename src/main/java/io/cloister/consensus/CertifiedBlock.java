package io.cloister.consensus;

import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.List;

/**
 * A block with the proof that it was decided. Whoever holds it still has to check the one against the other.
 *
 * @param keys the keys of the certificate's epoch when that is later than the header's, else empty
 */
public record CertifiedBlock(Block block, Certificate certificate, List<KeyClaim> keys) {
    public CertifiedBlock {
        keys = List.copyOf(keys);
        Limits.require(keys.size() <= Limits.VALIDATORS, keys.size() + " key claims");
    }

    /** A block that its own epoch decided. */
    public CertifiedBlock(Block block, Certificate certificate) {
        this(block, certificate, List.of());
    }

    public long height() {
        return block.height();
    }

    public CertifiedHeader header() {
        return new CertifiedHeader(block.header(), certificate, keys);
    }

    public void encode(Writer writer) {
        block.encode(writer);
        certificate.encode(writer);
        writer.list(keys, (w, it) -> it.encode(w));
    }

    public static CertifiedBlock decode(Reader reader) {
        return new CertifiedBlock(
                Block.decode(reader), Certificate.decode(reader), reader.list(Limits.VALIDATORS, KeyClaim::decode));
    }
}
