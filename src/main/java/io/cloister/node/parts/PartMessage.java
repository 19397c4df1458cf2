package io.cloister.node.parts;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.Optional;

/** What nodes say to each other about parts, on the topic STATE; numbers from {@value #OTHERS} on are of somebody else. */
sealed interface PartMessage {
    int LENGTH = 32;
    int OTHERS = 16;

    /** Keep this for me. */
    record Keep(long generation, Bytes part) implements PartMessage {}

    /** I keep your part of this generation durably. */
    record Kept(long generation) implements PartMessage {}

    /** Hand out what you keep for me. */
    record Fetch() implements PartMessage {}

    /** What I keep for you, if anything. */
    record Handed(Optional<Keep> part) implements PartMessage {}

    /** Whether a payload of the topic is to be read here. */
    static boolean isAbout(Bytes payload) {
        return payload.isEmpty() || (payload.at(0) & 0xff) < OTHERS;
    }

    default Bytes encode() {
        Writer out = new Writer();
        switch (this) {
            case Keep(long generation, Bytes part) -> out.u8(1).u64(generation).fixed(part);
            case Kept(long generation) -> out.u8(2).u64(generation);
            case Fetch() -> out.u8(3);
            case Handed(Optional<Keep> part) ->
                out.u8(4).optional(part, (w, k) -> w.u64(k.generation()).fixed(k.part()));
        }
        return out.toBytes();
    }

    static PartMessage decode(Bytes encoded) {
        Reader in = new Reader(encoded);
        PartMessage message = switch (in.u8()) {
            case 1 -> new Keep(in.u64(), in.fixed(LENGTH));
            case 2 -> new Kept(in.u64());
            case 3 -> new Fetch();
            case 4 -> new Handed(in.optional(r -> new Keep(r.u64(), r.fixed(LENGTH))));
            default -> throw new CodecException(Reason.UNKNOWN, "not a message about parts");
        };
        in.end();
        return message;
    }
}
