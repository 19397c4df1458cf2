package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Header;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Statement;
import io.cloister.consensus.TestHeaders;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.TestStatements;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.store.ConsensusStore;
import io.cloister.consensus.store.MemoryConsensusStore;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a node keeps and shows of its snapshots. */
class SnapshotServerTest {
    private final ValidatorSet first = TestKeys.validators(List.of(1L, 1L, 1L, 1L));
    private final ValidatorSet second = TestKeys.validators(List.of(1L, 1L, 1L, 2L));
    private final MemoryConsensusStore store = new MemoryConsensusStore();
    private final StoreTail tail = new StoreTail(store);
    private long now = 100_000;
    private final SnapshotServer server = new SnapshotServer(tail, () -> now);

    private void add(Header header, ValidatorSet own, ValidatorSet next, Optional<Opening> opening) {
        CertifiedHeader certified = TestHeaders.certified(header, own);
        Block block = new Block(header, Optional.empty(), opening, List.of());
        tail.add(new StoreTail.Entry(new CertifiedBlock(block, certified.certificate()), List.of(), next));
    }

    private void add(long from, long to, ValidatorSet own, ValidatorSet next) {
        for (long height = from; height <= to; height++) {
            ValidatorSet named = height == to ? next : own;
            add(TestHeaders.header(0, height, 0, own, named, Optional.empty()), own, named, Optional.empty());
        }
    }

    private List<Long> way(long from, long epoch, ValidatorSet named) {
        return server.offer(new Message.SnapshotRequest(from, epoch, named.hash())).links().stream()
                .map(HeaderLink::height)
                .toList();
    }

    @Test
    void showsTheHeadersInWhichValidatorsChangeAndNoOthers() {
        add(1, 20, first, second);
        add(21, 50, second, first);
        add(51, 100, first, first);
        server.keep(90, (from, max) -> from);
        assertThat(way(1, 0, TestKeys.validators(List.of(2L, 1L)))).isEmpty();
        assertThat(way(21, 0, second)).containsExactly(50L, 90L);
        assertThat(way(51, 0, first)).containsExactly(90L);
        assertThat(way(91, 0, first)).isEmpty();
        assertThat(way(1, 0, first)).containsExactly(20L, 50L, 90L);
    }

    @Test
    void leadsPastDroppedHeightsByTheChangesThatItKept() {
        add(1, 20, first, second);
        add(21, 39, second, second);
        take(40, second, List.of());
        add(41, 60, second, first);
        add(61, 100, first, first);
        server.keep(90, (from, max) -> from);
        assertThat(way(1, 0, first)).containsExactly(20L, 60L, 90L);
        assertThat(way(30, 0, second)).containsExactly(60L, 90L);
    }

    @Test
    void whoTookASnapshotLeadsOthersTheWayItWent() {
        Header change = TestHeaders.header(0, 20, 0, first, second, Optional.empty());
        HeaderLink link = new HeaderLink(TestHeaders.certified(change, first), Optional.empty(), Optional.of(second));
        take(40, second, List.of(link));
        add(41, 60, second, second);
        server.keep(50, (from, max) -> from);
        assertThat(way(1, 0, first)).containsExactly(20L, 50L);
        server.keep(40, (from, max) -> from);
        assertThat(server.heights()).contains(40L);
    }

    @Test
    void showsNoWayWhereItsChangesDoNotLead() {
        take(40, second, List.of());
        add(41, 60, second, second);
        server.keep(50, (from, max) -> from);
        assertThat(way(1, 0, first)).isEmpty();
        assertThat(way(30, 0, second)).containsExactly(50L);
        assertThat(way(30, 1, second)).isEmpty();
    }

    /** Begins behind a height, like after a snapshot. */
    private void take(long height, ValidatorSet set, List<HeaderLink> way) {
        CertifiedHeader last = TestHeaders.certified(TestHeaders.header(0, height, 0, set), set);
        for (Optional<Long> stored = tail.storeNext(); stored.isPresent(); stored = tail.storeNext()) {
            assertThat(stored.get()).isPositive();
        }
        store.install(new ConsensusStore.Snapshot(last, List.of(set), way, new TreeMap<>()));
    }

    @Test
    void showsOpeningsWithTheirStatements() {
        add(1, 20, first, first);
        Optional<CertifiedHeader> base = tail.header(20);
        Opening opening = TestStatements.opening(4, statement(base, 0), statement(base, 1), statement(base, 3));
        ValidatorSet renewed = KeyClaim.replaced(first, opening.claims()).orElseThrow();
        add(
                TestHeaders.header(2, 21, 0, renewed, renewed, Optional.of(opening)),
                renewed,
                renewed,
                Optional.of(opening));
        add(TestHeaders.header(2, 22, 0, renewed), renewed, renewed, Optional.empty());
        server.keep(22, (from, max) -> from);
        assertThat(way(5, 0, first)).containsExactly(21L, 22L);
        assertThat(server.offer(new Message.SnapshotRequest(5, 0, first.hash()))
                        .links()
                        .getFirst()
                        .opening())
                .contains(opening);
    }

    private static Statement statement(Optional<CertifiedHeader> base, int index) {
        return TestStatements.statement(TestHeaders.CHAIN, 2, index, 2, base, Optional.empty());
    }

    @Test
    void keepsTwoAndThoseThatAreBeingFetched() {
        for (long height = 10; height <= 40; height += 10) {
            server.keep(height, (from, max) -> from);
        }
        assertThat(server.heights()).containsExactly(30L, 40L);
        Bytes key = Bytes.utf8("key");
        assertThat(server.chunk(new Message.ChunkRequest(30, key)).data()).isEqualTo(key);
        assertThat(server.chunk(new Message.ChunkRequest(20, key)).data()).isEqualTo(Bytes.EMPTY);
        server.keep(50, (from, max) -> from);
        server.keep(60, (from, max) -> from);
        assertThat(server.heights()).containsExactly(30L, 50L, 60L);
        now += 60_000;
        server.keep(70, (from, max) -> from);
        assertThat(server.heights()).containsExactly(60L, 70L);
        for (long height = 80; height <= 200; height += 10) {
            server.heights().forEach(it -> server.chunk(new Message.ChunkRequest(it, key)));
            server.keep(height, (from, max) -> from);
        }
        assertThat(server.heights()).hasSize(4);
    }
}
