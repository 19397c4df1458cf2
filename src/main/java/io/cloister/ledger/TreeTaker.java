package io.cloister.ledger;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.consensus.SnapshotTaker;
import io.cloister.ledger.state.BadChunk;
import io.cloister.ledger.state.SnapshotAssembler;
import io.cloister.ledger.state.StateChunk;
import io.cloister.ledger.state.StateTree;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/** Puts a state tree together from chunks, asked for in the order of keys; gaps that are left are asked for again. */
final class TreeTaker implements SnapshotTaker {
    private final SnapshotAssembler assembler;
    private final Consumer<StateTree> adopted;
    private Optional<Bytes> missing;
    private Optional<StateTree> tree = Optional.empty();

    TreeTaker(Bytes root, Consumer<StateTree> adopted) {
        this.assembler = new SnapshotAssembler(root);
        this.adopted = adopted;
        this.missing = firstGap();
    }

    @Override
    public Optional<Bytes> missing() {
        return missing;
    }

    @Override
    public boolean accept(Bytes encoded) {
        StateChunk chunk;
        try {
            chunk = StateChunk.decode(encoded);
            if (!assembler.add(chunk)) {
                return false;
            }
        } catch (CodecException | BadChunk e) {
            return false;
        }
        missing = chunk.next().or(this::firstGap);
        return true;
    }

    private Optional<Bytes> firstGap() {
        List<SnapshotAssembler.Gap> gaps = assembler.missing();
        return gaps.stream().map(SnapshotAssembler.Gap::from).findFirst();
    }

    @Override
    public SortedMap<Bytes, Bytes> state() {
        return tree().scan(Bytes.EMPTY, Integer.MAX_VALUE);
    }

    @Override
    public void adopt() {
        adopted.accept(tree());
    }

    private StateTree tree() {
        StateTree whole = tree.orElseGet(assembler::state);
        tree = Optional.of(whole);
        return whole;
    }
}
