package io.cloister.ledger.receipt.bundle;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.function.Consumer;
import java.util.function.Function;

/** Parts of a bundle in the project's binary codec, each alone in a byte string. */
final class Parts {
    private Parts() {}

    /** @throws io.cloister.codec.CodecException when it is malformed or something stands behind it */
    static <T> T whole(Bytes encoded, Function<Reader, T> decoder) {
        Reader in = new Reader(encoded);
        T value = decoder.apply(in);
        in.end();
        return value;
    }

    static Tree.Blob blob(Consumer<Writer> encoder) {
        Writer out = new Writer();
        encoder.accept(out);
        return new Tree.Blob(out.toBytes());
    }
}
