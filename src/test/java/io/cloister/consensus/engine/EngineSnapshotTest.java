package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.MessageCodec;
import io.cloister.consensus.core.Pace;
import io.cloister.consensus.core.Snapshots;
import io.cloister.consensus.core.Step;
import io.cloister.consensus.store.MemoryConsensusLog;
import io.cloister.consensus.store.MemoryConsensusStore;
import io.cloister.consensus.store.TestChainDatabase;
import io.cloister.consensus.store.VaultConsensusStore;
import io.cloister.crypto.SigningKey;
import io.cloister.vault.store.Vault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node that is far behind takes up a recent state. */
class EngineSnapshotTest extends EngineFixture {
    private static final EngineSettings WITH_SNAPSHOTS = SETTINGS.withSnapshots(new Snapshots(6, 3));

    private void make(Node late, EngineSettings settings) {
        for (int i = 0; i < 3; i++) {
            nodes.add(new Node(i, new MemoryConsensusStore(), new MemoryConsensusLog()));
        }
        nodes.add(late);
        nodes.forEach(node -> node.engine = node.makeAgain(settings));
    }

    private void awaitHeightOfOthers(Node late) {
        await(
                "the others' height",
                () -> late.engine.height() >= nodes.getFirst().engine.height() - 1);
    }

    private void decide(int blocks, String text) {
        for (int i = 0; i < blocks; i++) {
            long before = nodes.getFirst().engine.height();
            submit(0, 1, text + i);
            await("a block", () -> nodes.getFirst().engine.height() > before);
        }
    }

    /** Three that keep snapshots, and a fourth that comes when they are far; blocks go on meanwhile. */
    private Node threeAheadOfOne() {
        return threeAheadOf(new Node(3, new MemoryConsensusStore(), new MemoryConsensusLog()));
    }

    private Node threeAheadOf(Node late) {
        make(late, WITH_SNAPSHOTS);
        nodes.subList(0, 3).forEach(Node::start);
        decide(4, "first");
        submit(0, 1, "weight:1:2");
        decide(6, "second");
        return nodes.get(3);
    }

    @Test
    void aNodeThatIsFarBehindCatchesUpBySnapshotWhileOthersGoOn() {
        Node late = threeAheadOfOne();
        late.start();
        await("a snapshot", () -> late.store.base() > 1);
        decide(3, "third");
        awaitHeightOfOthers(late);
        long from = late.store.base();
        assertThat(late.engine.validators(from)).isPresent();
        assertThat(late.engine.block(from).orElseThrow().block())
                .isEqualTo(nodes.getFirst().engine.block(from).orElseThrow().block());
        long height = late.engine.height() + 1;
        decide(2, "fourth");
        await("its vote", () -> votedFrom(late, height));
        late.stop();
        late.restart(WITH_SNAPSHOTS);
        assertThat(late.engine.height()).isGreaterThanOrEqualTo(from);
    }

    @Test
    void lyingAndVanishingServersDoNotKeepItFromASnapshot() {
        Node late = threeAheadOfOne();
        MemoryNetwork.Port liar = network.plug(SigningKey.generate().id());
        liar.subscribe(Topic.SYNC, (from, payload) -> lie(liar, from, payload));
        MemoryNetwork.Port mute = network.plug(SigningKey.generate().id());
        late.start();
        Message.Status claim = new Message.Status(0, 1_000, 0, Step.PROPOSE, false, Optional.empty(), List.of());
        await("a snapshot", () -> {
            liar.send(late.id(), Topic.CONSENSUS, MessageCodec.encode(claim));
            mute.send(late.id(), Topic.CONSENSUS, MessageCodec.encode(claim));
            return late.store.base() > 1;
        });
        liar.close();
        mute.close();
        assertThat(late.engine.halted()).isEmpty();
    }

    /** A header that others certified, without its state: the first part is garbage. */
    private void lie(MemoryNetwork.Port liar, Bytes to, Bytes payload) {
        Message message = MessageCodec.decode(payload);
        if (message instanceof Message.SnapshotRequest) {
            long height = nodes.getFirst().engine.height();
            CertifiedHeader newest = nodes.getFirst().engine.header(height).orElseThrow();
            HeaderLink link = new HeaderLink(newest, Optional.empty(), Optional.empty());
            liar.send(to, Topic.SYNC, MessageCodec.encode(new Message.SnapshotOffer(height, List.of(link))));
        } else if (message instanceof Message.ChunkRequest asked) {
            liar.send(to, Topic.SYNC, MessageCodec.encode(new Message.Chunk(asked.height(), Bytes.utf8("garbage"))));
        }
    }

    @Test
    void aFetchedStateIsInstalledInPostgreSqlAndResumedFrom() {
        TestChainDatabase database = TestChainDatabase.fresh(nodeKeys.get(3).id());
        Vault vault = database.open();
        Node late = threeAheadOf(new Node(3, new VaultConsensusStore(vault), log(vault, 3)));
        late.start();
        await("a snapshot", () -> late.store.base() > 1);
        decide(3, "third");
        awaitHeightOfOthers(late);
        late.stop();
        long base = late.store.base();
        long height = late.store.height();
        closeQuietly(vault);
        nodes.remove(late);

        Vault again = database.open();
        resources.add(again);
        Node back = new Node(3, new VaultConsensusStore(again), log(again, 3), 1);
        nodes.add(back);
        back.engine = back.makeAgain(WITH_SNAPSHOTS);
        back.start(); // which checks the stored state against the last header
        assertThat(back.store.base()).isEqualTo(base);
        assertThat(back.engine.height()).isGreaterThanOrEqualTo(height);
        assertThat(back.store.change(1))
                .hasValueSatisfying(it -> assertThat(it.height())
                        .as("the change that led to the snapshot")
                        .isLessThan(base));
        decide(3, "fourth");
        awaitHeightOfOthers(back);
    }

    /** The seat's node before it lost everything; the new one comes with an empty disk and another vote key. */
    @Test
    @Tag("nightly")
    void aNodeThatJoinsAtHeightTenThousandCatchesUpBySnapshotAndVotes() {
        EngineSettings quick = SETTINGS.withPace(new Pace(1, 0, 1, 200, 3_000));
        Node gone = new Node(3, new MemoryConsensusStore(), new MemoryConsensusLog());
        make(gone, quick);
        nodes.forEach(Node::start);
        await(
                "height 10,000",
                Duration.ofMinutes(10),
                () -> nodes.getFirst().engine.height() >= 10_000);
        gone.stop();
        nodes.remove(gone);

        Node late = new Node(3, new MemoryConsensusStore(), new MemoryConsensusLog(), 1);
        nodes.add(late);
        late.engine = late.makeAgain(quick);
        late.start();
        await("a snapshot", () -> late.store.base() > 1);
        assertThat(late.store.base()).isGreaterThan(9_000);
        assertThat(late.store.block(1)).isEmpty();
        awaitHeightOfOthers(late);
        assertThat(nodes.getFirst().engine.submit(Bytes.utf8(late.boot.rekey(4))))
                .isInstanceOf(Acceptance.Accepted.class);
        await("its seat", late::isSeated);
        long height = late.engine.height() + 1;
        await("its vote", () -> votedFrom(late, height));
        assertThat(late.engine.halted()).isEmpty();
    }
}
