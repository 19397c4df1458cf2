package io.cloister.mpc.board;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.mpc.dealing.PublicDealing;
import java.util.Optional;

/**
 * A receiver says on the chain that it never got its ciphertext of an included presignature dealing.
 *
 * @param answer the encoded receiver's packet once somebody has published it
 */
public record Demand(long instance, int dealer, int receiver, Moment at, Optional<Bytes> answer) {
    void encode(Writer writer) {
        writer.u64(instance).u16(dealer).u16(receiver);
        at.encode(writer);
        writer.optional(answer, Writer::bytes);
    }

    static Demand decode(Reader reader) {
        return new Demand(
                reader.u64(),
                reader.u16(),
                reader.u16(),
                Moment.decode(reader),
                reader.optional(r -> r.bytes(PublicDealing.MAX_LENGTH)));
    }
}
