package io.cloister.ledger.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.MerkleTree;
import io.cloister.ledger.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class HistoryLogTest {

    /** A history of so many entries; counts how many are read. */
    private static final class Histories implements View {
        final List<Bytes> leaves = new ArrayList<>();
        int read;

        private final Map<Bytes, Bytes> state = new HashMap<>();
        private Frontier frontier = Frontier.EMPTY;

        Histories(String name, int size) {
            for (int i = 0; i < size; i++) {
                Bytes set = Hashes.sha256(Bytes.utf8(name + i));
                Bytes leaf = new SetEntry(i, i + 1, 0, set).encode();
                leaves.add(leaf);
                frontier = frontier.append(leaf);
                state.put(key(i), leaf);
            }
            state.put(ValidatorHistory.FRONTIER, frontier.encode());
        }

        private static Bytes key(long index) {
            return Bytes.concat(
                    Bytes.utf8("history/entry/"), new Writer().u64(index).toBytes());
        }

        @Override
        public Optional<Bytes> get(Bytes key) {
            read += key.equals(ValidatorHistory.FRONTIER) ? 0 : 1;
            return Optional.ofNullable(state.get(key));
        }

        @Override
        public SortedMap<Bytes, Bytes> scan(Bytes prefix, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public View module(int id) {
            return this;
        }
    }

    @Test
    void givesThePathsOfTheTreeOverAllEntries() {
        HistoryLog log = new HistoryLog();
        for (int size = 1; size <= 40; size++) {
            Histories state = new Histories("a", size);
            for (int index = 0; index < size; index++) {
                assertThat(log.proof(state, index)).isEqualTo(MerkleTree.path(state.leaves, index));
            }
            assertThat(log.entries(state)).extracting(SetEntry::encode).isEqualTo(state.leaves);
        }
        Histories older = new Histories("a", 13);
        assertThat(log.proof(older, 12)).isEqualTo(MerkleTree.path(older.leaves, 12));
        assertThatThrownBy(() -> log.proof(older, 13)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> log.proof(older, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void readsEachEntryOnce() {
        HistoryLog log = new HistoryLog();
        Histories state = new Histories("a", 100);
        log.proof(state, 3);
        log.proof(state, 90);
        log.entries(state);
        assertThat(state.read).isEqualTo(100);
    }

    @Test
    void doesNotMixHistories() {
        HistoryLog log = new HistoryLog();
        log.proof(new Histories("a", 20), 3);
        Histories other = new Histories("b", 25);
        assertThat(log.proof(other, 3)).isEqualTo(MerkleTree.path(other.leaves, 3));
    }
}
