package io.cloister.ledger;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A named part of a module's state that holds records of one type.
 *
 * @param prefix beginning of every key of the section; ends with a slash
 */
public record Section<T>(Bytes prefix, BiConsumer<Writer, T> encoder, Function<Reader, T> decoder) {

    public static <T> Section<T> of(String name, BiConsumer<Writer, T> encoder, Function<Reader, T> decoder) {
        return new Section<>(Bytes.utf8(name + "/"), encoder, decoder);
    }

    public Optional<T> get(View view, Bytes key) {
        return view.get(Bytes.concat(prefix, key)).map(this::decode);
    }

    public void put(Context context, Bytes key, T value) {
        Writer out = new Writer();
        encoder.accept(out, value);
        context.put(Bytes.concat(prefix, key), out.toBytes());
    }

    public void remove(Context context, Bytes key) {
        context.remove(Bytes.concat(prefix, key));
    }

    /** Records whose keys begin with {@code start}, in the order of keys. */
    public List<T> list(View view, Bytes start, int limit) {
        return view.scan(Bytes.concat(prefix, start), limit).values().stream()
                .map(this::decode)
                .toList();
    }

    public List<T> list(View view, int limit) {
        return list(view, Bytes.EMPTY, limit);
    }

    /** Keys, without the prefix, that begin with {@code start}. */
    public List<Bytes> keys(View view, Bytes start, int limit) {
        List<Bytes> keys = new ArrayList<>();
        for (Bytes key : view.scan(Bytes.concat(prefix, start), limit).keySet()) {
            keys.add(key.slice(prefix.length(), key.length() - prefix.length()));
        }
        return keys;
    }

    private T decode(Bytes encoded) {
        Reader in = new Reader(encoded);
        T value = decoder.apply(in);
        in.end();
        return value;
    }
}
