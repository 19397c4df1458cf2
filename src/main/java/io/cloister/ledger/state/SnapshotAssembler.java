package io.cloister.ledger.state;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.ledger.state.BadChunk.Reason;
import io.cloister.ledger.state.Pruned.Branch;
import io.cloister.ledger.state.Pruned.Entry;
import io.cloister.ledger.state.Pruned.Stub;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts a state together from chunks in any order, whoever sends them. Each is verified alone against the certified root
 * before anything of it is kept, so what is complete is exactly the state with that root. Not thread-safe.
 */
public final class SnapshotAssembler {
    private final Bytes root;
    private Pruned known;

    /** @param root the state root of a certified header */
    public SnapshotAssembler(Bytes root) {
        this.root = root;
        this.known = new Stub(root);
    }

    /**
     * A run of keys that is not known yet. What a chunk may bring is found between its ends, if anything is.
     *
     * @param from the least key that may be missing
     * @param to the known key behind the gap; empty when the gap goes to the end
     */
    public record Gap(Bytes from, Optional<Bytes> to) {}

    /**
     * Takes a chunk.
     *
     * @return whether it brought anything that was not known
     * @throws BadChunk when it proves nothing about this state; nothing of it is kept
     */
    public boolean add(Bytes encoded) throws BadChunk {
        StateChunk chunk;
        try {
            chunk = StateChunk.decode(encoded);
        } catch (CodecException e) {
            throw new BadChunk(Reason.MALFORMED, "no chunk: " + e.getMessage());
        }
        return add(chunk);
    }

    /** The same for a chunk that is decoded. */
    public boolean add(StateChunk chunk) throws BadChunk {
        if (!chunk.root().equals(root)) {
            throw new BadChunk(Reason.OTHER_ROOT, "a chunk of state " + chunk.root() + ", wanted is " + root);
        }
        Pruned merged = Pruned.merge(known, chunk.tree());
        boolean more = merged != known;
        known = merged;
        return more;
    }

    public boolean isComplete() {
        return root.equals(StateTree.EMPTY.root()) || missing().isEmpty();
    }

    /** What is still missing, in the order of keys. */
    public List<Gap> missing() {
        if (root.equals(StateTree.EMPTY.root())) {
            return List.of();
        }
        Gaps gaps = new Gaps();
        gaps.walk(known);
        return gaps.end();
    }

    /** @throws IllegalStateException when something is missing */
    public StateTree state() {
        if (!isComplete()) {
            throw new IllegalStateException("the state has gaps: " + missing().size());
        }
        StateTree state = root.equals(StateTree.EMPTY.root()) ? StateTree.EMPTY : StateTree.of(whole(known));
        if (!state.root().equals(root)) {
            throw new IllegalStateException("the entries have another root than their chunks");
        }
        return state;
    }

    private static Node whole(Pruned node) {
        return switch (node) {
            case Entry(Bytes key, Bytes value, Bytes hash) -> new Node.Leaf(key, value);
            case Branch(int bit, Pruned left, Pruned right, Bytes hash) ->
                new Node.Fork(bit, whole(left), whole(right));
            case Stub stub -> throw new IllegalStateException("a gap");
        };
    }

    private static final class Gaps {
        private final List<Gap> found = new ArrayList<>();
        private Bytes next = Bytes.EMPTY;
        private boolean open;

        void walk(Pruned node) {
            switch (node) {
                case Stub stub -> open = true;
                case Branch(int bit, Pruned left, Pruned right, Bytes hash) -> {
                    walk(left);
                    walk(right);
                }
                case Entry(Bytes key, Bytes value, Bytes hash) -> {
                    close(Optional.of(key));
                    next = StateChunk.after(key);
                }
            }
        }

        private void close(Optional<Bytes> to) {
            if (open) {
                found.add(new Gap(next, to));
            }
            open = false;
        }

        List<Gap> end() {
            close(Optional.empty());
            return List.copyOf(found);
        }
    }
}
