package io.cloister.ledger;

import io.cloister.codec.Bytes;
import io.cloister.ledger.state.StateTree;
import java.util.Optional;
import java.util.SortedMap;

/** A module's part of one version of the state. */
record TreeView(StateTree tree, int id) implements View {

    @Override
    public Optional<Bytes> get(Bytes key) {
        return tree.get(BlockState.absolute(id, key));
    }

    @Override
    public SortedMap<Bytes, Bytes> scan(Bytes prefix, int limit) {
        return BlockState.scan(tree, id, prefix, limit);
    }

    @Override
    public View module(int other) {
        return new TreeView(tree, other);
    }
}
