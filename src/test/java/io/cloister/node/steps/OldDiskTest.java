package io.cloister.node.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.channel.LoopbackNetwork;
import io.cloister.channel.PeerNetwork;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Statement;
import io.cloister.consensus.TransactionRefused;
import io.cloister.consensus.Validator;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.MessageCodec;
import io.cloister.consensus.core.Pace;
import io.cloister.consensus.core.Timeouts;
import io.cloister.consensus.engine.Acceptance;
import io.cloister.consensus.engine.Engine;
import io.cloister.consensus.engine.EngineSettings;
import io.cloister.consensus.store.ConsensusTables;
import io.cloister.consensus.store.FileConsensusLog;
import io.cloister.consensus.store.TestChainDatabase;
import io.cloister.consensus.store.VaultConsensusStore;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.Module;
import io.cloister.ledger.TestChain;
import io.cloister.ledger.local.LocalLedger;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.MembershipModule;
import io.cloister.node.heads.HeadExchange;
import io.cloister.node.heads.HeadStatus;
import io.cloister.node.heads.KeptHeads;
import io.cloister.node.heads.Position;
import io.cloister.vault.Level;
import io.cloister.vault.identity.PeerHeadStore;
import io.cloister.vault.store.Vault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Four nodes with vaults, journals, engines and ledgers of their own, one of which is given an earlier disk. */
@Timeout(300)
class OldDiskTest {
    private static final String ID = "old-disk-test";

    @TempDir
    Path folder;

    private final long started = System.nanoTime();
    private final TestChain keys = new TestChain(ID, TestChips.AT.toEpochMilli());
    private final SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
    private final LoopbackNetwork network = LoopbackNetwork.threaded();
    private final Genesis genesis = new Genesis(
            ID,
            0,
            TestChips.AT.toEpochMilli(),
            keys.validators(),
            Ledger.firstState(ID, 0, TestChips.AT.toEpochMilli(), keys.validators(), modules()));
    private final List<Node> nodes =
            IntStream.rangeClosed(1, 4).mapToObj(Node::new).toList();

    @AfterEach
    void stop() {
        nodes.forEach(Node::stop);
        network.close();
    }

    private List<Module> modules() {
        return List.of(new MembershipModule(
                keys.founders(), TestChips.policy(ProductLine.GENOA), new EvidenceVerifier(), List.of()));
    }

    private final class Node {
        private final int slot;
        private final SigningKey slotKey;
        private final BlockingQueue<Long> raised = new LinkedBlockingQueue<>();
        private final List<AutoCloseable> open = new ArrayList<>();
        private TestChainDatabase database;
        private Path journal;
        private long boot;
        private Bytes voteKey = Bytes.EMPTY;
        private Ledger ledger = new Ledger(genesis, modules());
        private Optional<HeadExchange> heads = Optional.empty();
        private Optional<BootVotes> votes = Optional.empty();

        private Node(int slot) {
            this.slot = slot;
            this.slotKey = keys.slotKeys.get(slot - 1);
            this.database = TestChainDatabase.fresh(slotKey.id());
            this.journal = Path.of("journal-" + slot);
        }

        /** The steps of a boot that have to do with state, as the node makes them. */
        private void start() throws InterruptedException {
            boot++;
            SigningKey voting = boot == 1 ? keys.voteKeys.get(slot - 1) : SigningKey.generate();
            voteKey = voting.id();
            Bytes zeros = Bytes.zeros(32);
            BootKeySet set = new BootKeySet(ID, slotKey.id(), boot, zeros, voteKey, voteKey, zeros, voteKey);
            Vault vault = opened(database.open());
            PeerNetwork port = network.join(set);
            HeadExchange exchange = opened(new HeadExchange(
                    port,
                    slotKey,
                    ID,
                    boot,
                    KeptHeads.in(new PeerHeadStore(vault)),
                    keys.validators().validators().stream()
                            .map(Validator::nodeId)
                            .toList()));
            exchange.start();
            heads = Optional.of(exchange);
            StatePosition position =
                    new StatePosition(vault, vault.fileJournal(ConsensusTables.JOURNAL, folder.resolve(journal)));
            FreshnessStep.check(exchange, position.found(vault.head(Level.STATE)), raised::add);
            engine(set, voting, port, vault, position, exchange);
        }

        private void engine(
                BootKeySet set,
                SigningKey voting,
                PeerNetwork port,
                Vault vault,
                StatePosition position,
                HeadExchange exchange) {
            BootVotes signer = new BootVotes(slotKey, voting, set, leaf -> evidence(set, leaf));
            votes = Optional.of(signer);
            ledger = new Ledger(genesis, modules());
            OwnHeads sound = new OwnHeads(exchange, ledger, slot, set);
            signer.stateOnlyWhen(sound::areSound);
            Engine engine = new Engine(
                    EngineSettings.DEFAULT
                            .withPace(new Pace(50, 0, 200, 400, 1_000))
                            .withTimeouts(new Timeouts(400, 200, 100, 100, 2_000)),
                    genesis,
                    signer,
                    port,
                    new VaultConsensusStore(vault),
                    new FileConsensusLog(position.journal()),
                    ledger,
                    () -> TestChips.AT.plusNanos(System.nanoTime() - started));
            signer.connect(engine::stated);
            LocalLedger client = new LocalLedger(ID, ledger, voting, transaction -> {
                if (engine.submit(transaction) instanceof Acceptance.Refused(String code, String detail)) {
                    throw new TransactionRefused(code, detail);
                }
            });
            ledger.addListener(client);
            ledger.addListener(sound);
            opened(engine).start();
            ledger.addListener(new ReKeyer(slot, slotKey, set, leaf -> evidence(set, leaf), client, raised::add));
            exchange.begin(position::now, sound::areSound);
        }

        private CompletableFuture<Evidence> evidence(BootKeySet set, Leaf leaf) {
            return CompletableFuture.supplyAsync(() -> TestChips.evidence(chip, TestChips.report(chip, 3), set, leaf));
        }

        private <T extends AutoCloseable> T opened(T resource) {
            open.add(resource);
            return resource;
        }

        private void stop() {
            for (AutoCloseable resource : open.reversed()) {
                try {
                    resource.close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            open.clear();
            network.leave(slotKey.id());
        }

        /** A copy of its disk; the node is stopped. */
        private Runnable backUp() {
            TestChainDatabase copy = database.copy();
            Path kept = Path.of(journal + "-kept");
            copyFolder(folder.resolve(journal), folder.resolve(kept));
            return () -> {
                database = copy;
                journal = kept;
            };
        }

        private boolean isSeated() {
            return Members.at(ledger.state(), slot)
                    .filter(member -> member.voteKey().equals(voteKey))
                    .isPresent();
        }

        private HeadStatus status() {
            return heads.orElseThrow().status();
        }
    }

    private static void copyFolder(Path from, Path to) {
        try (Stream<Path> files = Files.list(from)) {
            Files.createDirectories(to);
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(String what, BooleanSupplier holds) throws InterruptedException {
        long end = System.nanoTime() + 90_000_000_000L;
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private void startAll() {
        List<CompletableFuture<Void>> starts = nodes.stream()
                .map(node -> CompletableFuture.runAsync(() -> start(node), Thread::startVirtualThread))
                .toList();
        starts.forEach(CompletableFuture::join);
    }

    private static void start(Node node) {
        try {
            node.start();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void passes(Collection<Node> of, int blocks) throws InterruptedException {
        long height = of.stream().mapToLong(it -> it.ledger.height()).max().orElseThrow();
        await(blocks + " blocks", () -> of.stream().allMatch(it -> it.ledger.height() >= height + blocks));
    }

    private void witnessedPast(Node node, long height) throws InterruptedException {
        await("witnessed", () -> node.status().witnessedHeight() > height);
    }

    @Test
    void allThatRestartAtOnceStartAndGoOnWithoutARollback() throws InterruptedException {
        startAll();
        passes(nodes, 3);
        witnessedPast(nodes.getFirst(), 1);
        nodes.forEach(Node::stop);
        startAll();
        assertThat(nodes).allMatch(it -> it.status().rollback().isEmpty());
        await("all vote", () -> nodes.stream().allMatch(Node::isSeated));
        passes(nodes, 3);
    }

    @Test
    void anOldDiskIsNoticedBeforeItVotesAndItsNodeComesBack() throws InterruptedException {
        Node victim = nodes.getFirst();
        List<Node> others = nodes.subList(1, 4);
        startAll();
        passes(nodes, 2);
        victim.stop();
        Runnable restore = victim.backUp();
        victim.start();
        await("votes", victim::isSeated);
        passes(nodes, 5);
        long height = victim.ledger.height();
        witnessedPast(victim, height);
        victim.stop();
        restore.run();

        victim.start();
        assertThat(victim.status().rollback().orElseThrow()).contains("rollback detected", "the disk of this boot, 3");
        assertThat(victim.status().latest()).as("no head of the old state").isEmpty();
        assertThat(victim.isSeated()).isFalse();
        await("votes again", victim::isSeated);
        assertThat(victim.ledger.height()).isGreaterThan(height);
        passes(others, 2);
        witnessedPast(victim, height);
        victim.stop();

        victim.start();
        assertThat(victim.status().rollback()).as("the next boot").isEmpty();
        assertThat(victim.raised).isEmpty();
    }

    @Test
    void anOldDiskStatesNothingWhenAllRestart() throws InterruptedException {
        Node victim = nodes.getFirst();
        startAll();
        passes(nodes, 2);
        victim.stop();
        Runnable restore = victim.backUp();
        victim.start();
        await("votes", victim::isSeated);
        witnessedPast(victim, victim.ledger.height() + 2);
        nodes.forEach(Node::stop);
        restore.run();
        Set<Integer> stated = ConcurrentHashMap.newKeySet();
        network.drop(message -> {
            if (!victim.isSeated()) {
                stated.addAll(statedBy(message));
            }
            return false;
        });
        startAll();
        assertThat(victim.status().rollback()).isPresent();
        await("all vote", () -> nodes.stream().allMatch(Node::isSeated));
        passes(nodes, 2);
        assertThat(stated).containsExactlyInAnyOrder(2, 3, 4);
    }

    private static Set<Integer> statedBy(LoopbackNetwork.Message message) {
        return message.topic() == Topic.CONSENSUS
                        && MessageCodec.decode(message.payload()) instanceof Message.Statements(List<Statement> all)
                ? all.stream().map(Statement::slot).collect(Collectors.toSet())
                : Set.of();
    }

    @Test
    void aDiskWithAnOldBootCounterEndsTheBootAndRaisesIt() throws InterruptedException {
        Node victim = nodes.getFirst();
        startAll();
        passes(nodes, 2);
        victim.stop();
        Runnable restore = victim.backUp();
        victim.start();
        witnessedPast(victim, victim.ledger.height());
        victim.stop();
        restore.run();
        victim.boot = 1;
        assertThatThrownBy(victim::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("rollback detected")
                .hasMessageContaining("start again");
        assertThat(victim.raised).containsExactly(2L);
    }

    @Test
    void aPositionIsReadAsItIsOnTheDisk() throws InterruptedException {
        Node node = nodes.getFirst();
        startAll();
        passes(nodes, 3);
        witnessedPast(node, 1);
        Position signed = node.status().latest().orElseThrow().position();
        node.stop();
        try (Vault vault = node.database.open()) {
            StatePosition position =
                    new StatePosition(vault, vault.fileJournal(ConsensusTables.JOURNAL, folder.resolve(node.journal)));
            Position found = position.found(vault.head(Level.STATE));
            assertThat(found.isBehind(signed)).isFalse();
            assertThat(found.height()).isGreaterThanOrEqualTo(signed.height()).isPositive();
            assertThat(found.journal()).isPositive();
            assertThat(position.now()).isEqualTo(found);
        }
    }
}
