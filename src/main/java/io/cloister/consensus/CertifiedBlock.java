package io.cloister.consensus;

import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/** A block with the proof that it was decided. Whoever holds it still has to check the one against the other. */
public record CertifiedBlock(Block block, Certificate certificate) {
    public long height() {
        return block.height();
    }

    public void encode(Writer writer) {
        block.encode(writer);
        certificate.encode(writer);
    }

    public static CertifiedBlock decode(Reader reader) {
        return new CertifiedBlock(Block.decode(reader), Certificate.decode(reader));
    }
}
