package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** A snapshot in one chunk, for applications that are small. */
public final class WholeState implements SnapshotTaker {
    private static final int MAX = 1 << 20;

    private final Bytes root;
    private final Function<SortedMap<Bytes, Bytes>, Bytes> roots;
    private final Consumer<SortedMap<Bytes, Bytes>> adopted;
    private Optional<SortedMap<Bytes, Bytes>> state = Optional.empty();

    public WholeState(
            Bytes root, Function<SortedMap<Bytes, Bytes>, Bytes> roots, Consumer<SortedMap<Bytes, Bytes>> adopted) {
        this.root = root;
        this.roots = roots;
        this.adopted = adopted;
    }

    public static StateSnapshot of(Map<Bytes, Bytes> state) {
        Writer writer = new Writer();
        new TreeMap<>(state).forEach((key, value) -> writer.bytes(key).bytes(value));
        Bytes all = writer.toBytes();
        return (from, maxBytes) -> all;
    }

    @Override
    public Optional<Bytes> missing() {
        return state.isPresent() ? Optional.empty() : Optional.of(Bytes.EMPTY);
    }

    @Override
    public boolean accept(Bytes chunk) {
        SortedMap<Bytes, Bytes> read = new TreeMap<>();
        try {
            Reader reader = new Reader(chunk);
            while (reader.remaining() > 0) {
                read.put(reader.bytes(MAX), reader.bytes(MAX));
            }
        } catch (CodecException e) {
            return false;
        }
        state = Optional.of(read).filter(it -> roots.apply(it).equals(root));
        return state.isPresent();
    }

    @Override
    public SortedMap<Bytes, Bytes> state() {
        return state.orElseThrow();
    }

    @Override
    public void adopt() {
        adopted.accept(state());
    }
}
