package io.cloister.ledger.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Writer;
import io.cloister.ledger.state.BadChunk.Reason;
import io.cloister.ledger.state.SnapshotAssembler.Gap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A state carried in chunks that each prove themselves. */
class SnapshotTest {
    @Provide
    Arbitrary<Map<Bytes, Bytes>> contents() {
        Arbitrary<Bytes> bytes = Arbitraries.bytes()
                .array(byte[].class)
                .ofMinSize(0)
                .ofMaxSize(4)
                .map(Bytes::wrap);
        return Arbitraries.maps(bytes, bytes).ofMinSize(1).ofMaxSize(60).map(TreeMap::new);
    }

    private static List<Bytes> chunks(StateTree tree, int maxBytes) {
        return tree.chunks(maxBytes).map(StateChunk::encode).toList();
    }

    private static Map<Bytes, Bytes> all(StateTree tree) {
        return tree.scan(Bytes.EMPTY, Integer.MAX_VALUE);
    }

    @Property(tries = 300)
    void chunksInAnyOrderGiveExactlyTheState(
            @ForAll("contents") Map<Bytes, Bytes> content,
            @ForAll @IntRange(min = 1, max = 300) int size,
            @ForAll long seed)
            throws BadChunk {
        StateTree tree = StateTree.of(content);
        List<Bytes> chunks = new ArrayList<>(chunks(tree, size));
        Collections.shuffle(chunks, new Random(seed));
        SnapshotAssembler assembler = new SnapshotAssembler(tree.root());
        for (Bytes chunk : chunks) {
            assertThat(assembler.isComplete()).isFalse();
            assertThatThrownBy(assembler::state).isInstanceOf(IllegalStateException.class);
            assertThat(assembler.add(chunk)).isTrue();
            assertThat(assembler.add(chunk)).isFalse();
        }
        assertThat(assembler.missing()).isEmpty();
        assertThat(all(assembler.state())).isEqualTo(content);
        assertThat(assembler.state().root()).isEqualTo(tree.root());
    }

    @Property(tries = 200)
    void whatIsMissingIsNamedAndAskedForAnew(
            @ForAll("contents") Map<Bytes, Bytes> content,
            @ForAll @IntRange(min = 1, max = 100) int size,
            @ForAll long seed)
            throws BadChunk {
        StateTree tree = StateTree.of(content);
        Random random = new Random(seed);
        SnapshotAssembler assembler = new SnapshotAssembler(tree.root());
        for (Bytes chunk : chunks(tree, size)) {
            if (random.nextBoolean()) {
                assembler.add(chunk);
            }
        }
        int asked = 0;
        for (List<Gap> gaps = assembler.missing(); !gaps.isEmpty(); gaps = assembler.missing()) {
            Gap gap = gaps.get(random.nextInt(gaps.size()));
            assertThat(assembler.add(tree.chunk(gap.from(), size).orElseThrow().encode()))
                    .isTrue();
            assertThat(++asked).isLessThanOrEqualTo(content.size());
        }
        assertThat(all(assembler.state())).isEqualTo(content);
    }

    @Property(tries = 60)
    void everyChangedChunkIsRefusedAloneAndLeavesNothing(
            @ForAll("contents") Map<Bytes, Bytes> content,
            @ForAll @IntRange(min = 1, max = 100) int size,
            @ForAll long seed)
            throws BadChunk {
        StateTree tree = StateTree.of(content);
        Random random = new Random(seed);
        for (Bytes chunk : chunks(tree, size)) {
            SnapshotAssembler assembler = new SnapshotAssembler(tree.root());
            List<Gap> before = assembler.missing();
            for (int at = 0; at < chunk.length(); at++) {
                byte[] changed = chunk.toArray();
                changed[at] ^= (byte) (1 << random.nextInt(8));
                assertThatThrownBy(() -> assembler.add(Bytes.of(changed))).isInstanceOf(BadChunk.class);
                Bytes cut = chunk.slice(0, at);
                assertThatThrownBy(() -> assembler.add(cut)).isInstanceOf(BadChunk.class);
            }
            assertThatThrownBy(() -> assembler.add(Bytes.concat(chunk, Bytes.zeros(1))))
                    .isInstanceOf(BadChunk.class);
            assertThat(assembler.missing()).isEqualTo(before);
            assembler.add(chunk);
        }
    }

    @Property(tries = 100)
    void aChunkHasOneEncoding(
            @ForAll("contents") Map<Bytes, Bytes> content, @ForAll @IntRange(min = 1, max = 100) int size) {
        for (StateChunk chunk : StateTree.of(content).chunks(size).toList()) {
            StateChunk decoded = StateChunk.decode(chunk.encode());
            assertThat(decoded.encode()).isEqualTo(chunk.encode());
            assertThat(decoded.entries()).isEqualTo(chunk.entries()).isNotEmpty();
            assertThat(content).containsAllEntriesOf(decoded.entries());
        }
    }

    @Test
    void aChunkOfAnotherStateIsRefusedByItsRoot() {
        StateTree tree = StateTree.EMPTY.put(Bytes.utf8("a"), Bytes.utf8("1"));
        StateTree other = tree.put(Bytes.utf8("b"), Bytes.utf8("2"));
        assertThatThrownBy(() ->
                        new SnapshotAssembler(tree.root()).add(chunks(other, 10).getFirst()))
                .isInstanceOfSatisfying(
                        BadChunk.class, e -> assertThat(e.reason()).isEqualTo(Reason.OTHER_ROOT))
                .hasMessageContaining(other.root().toString());
    }

    @Test
    void theEmptyStateNeedsNoChunk() {
        SnapshotAssembler assembler = new SnapshotAssembler(StateTree.EMPTY.root());
        assertThat(chunks(StateTree.EMPTY, 10)).isEmpty();
        assertThat(assembler.isComplete()).isTrue();
        assertThat(assembler.state().root()).isEqualTo(StateTree.EMPTY.root());
    }

    @Test
    void chunksAreAboutAsLongAsAskedFor() throws BadChunk {
        StateTree tree = StateTree.EMPTY;
        Random random = new Random(5);
        for (int i = 0; i < 5_000; i++) {
            byte[] key = new byte[32];
            random.nextBytes(key);
            tree = tree.put(Bytes.wrap(key), Bytes.zeros(random.nextInt(200)));
        }
        List<Bytes> chunks = chunks(tree, 64 * 1024);
        assertThat(chunks).hasSizeBetween(11, 13).allMatch(it -> it.length() < 66 * 1024);
        SnapshotAssembler assembler = new SnapshotAssembler(tree.root());
        assembler.add(chunks.get(4));
        assertThat(assembler.missing()).hasSize(2);
        assertThat(assembler.missing().getFirst().from()).isEqualTo(Bytes.EMPTY);
        assertThat(assembler.missing().getLast().to()).isEqualTo(Optional.empty());
    }

    @Test
    void anEntryLongerThanAChunkComesAlone() {
        StateTree tree = StateTree.EMPTY
                .put(Bytes.utf8("a"), Bytes.zeros(10))
                .put(Bytes.utf8("b"), Bytes.zeros(100_000))
                .put(Bytes.utf8("c"), Bytes.zeros(10));
        assertThat(tree.chunks(1_000).map(chunk -> chunk.entries().size())).containsExactly(1, 1, 1);
    }

    @Test
    void refusesEncodingsThatAreNotTheOne() {
        Bytes stub = new Writer().u8(0).fixed(Bytes.zeros(32)).toBytes();
        Bytes entry =
                new Writer().u8(2).bytes(Bytes.utf8("k")).bytes(Bytes.EMPTY).toBytes();
        refused("a chunk without entries", stub);
        refused("a fork of which nothing is known", fork(1, stub, stub), stub);
        refused("entries that do not follow", fork(1, entry, fork(2, stub, entry)));
        refused("entries that do not follow", fork(1, entry, entry));
        refused("a fork at bit 1", fork(1, entry, fork(1, stub, entry)));
        refused("node 3", Bytes.hex("03"));
        assertThatThrownBy(() -> StateChunk.decode(Bytes.zeros(StateChunk.MAX_BYTES + 1)))
                .isInstanceOf(CodecException.class);
        Bytes deep = Bytes.EMPTY;
        for (int bit = 0; bit < 10_000; bit++) {
            deep = Bytes.concat(deep, new Writer().u8(1).u32(bit).toBytes());
        }
        refused("a fork at bit 4096", deep);
    }

    private static Bytes fork(int bit, Bytes left, Bytes right) {
        return new Writer().u8(1).u32(bit).fixed(left).fixed(right).toBytes();
    }

    private static void refused(String why, Bytes... parts) {
        assertThatThrownBy(() -> StateChunk.decode(Bytes.concat(Bytes.hex("01"), Bytes.concat(parts))))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining(why);
    }
}
