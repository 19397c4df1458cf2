package io.cloister.node.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.channel.LoopbackNetwork;
import io.cloister.codec.Bytes;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.TransactionRefused;
import io.cloister.consensus.core.Pace;
import io.cloister.consensus.core.Timeouts;
import io.cloister.consensus.engine.Acceptance;
import io.cloister.consensus.engine.Engine;
import io.cloister.consensus.engine.EngineSettings;
import io.cloister.consensus.store.MemoryConsensusLog;
import io.cloister.consensus.store.MemoryConsensusStore;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.Module;
import io.cloister.ledger.TestChain;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.local.LocalLedger;
import io.cloister.ledger.membership.AtOnce;
import io.cloister.ledger.membership.Join;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.MembershipModule;
import io.cloister.ledger.membership.MembershipRules;
import io.cloister.ledger.membership.NodeRecord;
import io.cloister.ledger.membership.SeatGrant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Real engines, ledgers and evidence in one process, with disks that outlive a boot. */
final class RunningNodes implements AutoCloseable {
    static final String ID = "running-nodes-test";
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final long started = System.nanoTime();
    final TestChain keys;
    private final SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
    final LoopbackNetwork network = LoopbackNetwork.threaded();
    final List<Node> nodes;
    private final Genesis genesis;

    RunningNodes(int size) {
        long start = TestChips.AT.toEpochMilli();
        keys = new TestChain(ID, start, size);
        genesis = new Genesis(
                ID, 0, start, keys.validators(), Ledger.firstState(ID, 0, start, keys.validators(), modules()));
        nodes = new ArrayList<>(
                IntStream.rangeClosed(1, size).mapToObj(Node::new).toList());
    }

    private List<Module> modules() {
        List<Bytes> operators = IntStream.rangeClosed(1, keys.founders().size())
                .mapToObj(slot -> operator(slot).id())
                .toList();
        return List.of(new MembershipModule(
                keys.founders(),
                MembershipRules.FIXED.with(operators, false),
                TestChips.policy(ProductLine.GENOA),
                new EvidenceVerifier(),
                new AtOnce(),
                List.of()));
    }

    static SigningKey operator(int slot) {
        return TestChain.key("operator of slot " + slot);
    }

    /** One more machine, for a slot that nobody has yet. */
    Node newcomer() {
        Node node = new Node(nodes.size() + 1);
        keys.slotKeys.add(TestChain.key("slot key of a newcomer"));
        keys.voteKeys.add(TestChain.key("vote key of a newcomer"));
        nodes.add(node);
        return node;
    }

    private Instant now() {
        return TestChips.AT.plusNanos(System.nanoTime() - started);
    }

    /** One machine with its disk. */
    final class Node {
        final int slot;
        final MemoryConsensusStore store = new MemoryConsensusStore();
        final MemoryConsensusLog log = new MemoryConsensusLog();
        long boot;
        Optional<Engine> engine = Optional.empty();
        Ledger ledger = new Ledger(genesis, modules());
        Bytes voteKey = Bytes.EMPTY;

        Node(int slot) {
            this.slot = slot;
        }

        void start() {
            boot++;
            SigningKey votes = boot == 1 ? keys.voteKeys.get(slot - 1) : SigningKey.generate();
            SigningKey slotKey = keys.slotKeys.get(slot - 1);
            voteKey = votes.id();
            BootKeySet set = keySet();
            BootVotes signer = new BootVotes(
                    slotKey,
                    votes,
                    set,
                    leaf -> CompletableFuture.supplyAsync(
                            () -> TestChips.evidence(chip, TestChips.report(chip, 3), set, leaf)));
            ledger = new Ledger(genesis, modules());
            Engine running = new Engine(
                    EngineSettings.DEFAULT
                            .withPace(new Pace(20, 0, 200, 400, 1_000))
                            .withTimeouts(new Timeouts(400, 200, 100, 100, 2_000)),
                    genesis,
                    signer,
                    network.join(set),
                    store,
                    log,
                    ledger,
                    RunningNodes.this::now);
            signer.connect(running::stated);
            LocalLedger client = new LocalLedger(ID, ledger, votes, transaction -> {
                if (running.submit(transaction) instanceof Acceptance.Refused(String code, String detail)) {
                    throw new TransactionRefused(code, detail);
                }
            });
            ledger.addListener(client);
            running.start();
            ledger.addListener(new ReKeyer(
                    slot,
                    slotKey,
                    set,
                    leaf -> CompletableFuture.supplyAsync(
                            () -> TestChips.evidence(chip, TestChips.report(chip, 3), set, leaf)),
                    client,
                    known -> {}));
            ledger.addListener(new EvidenceReporter(running::evidence, client));
            engine = Optional.of(running);
        }

        BootKeySet keySet() {
            Bytes zeros = Bytes.zeros(32);
            Bytes nodeId = keys.slotKeys.get(slot - 1).id();
            return new BootKeySet(ID, nodeId, boot, zeros, voteKey, voteKey, zeros, voteKey);
        }

        /** By the grant of the first slot's operator; over the newest block whose id the state has. */
        Bytes join() {
            long height = ledger.height() - 1;
            Bytes blockId = Ledger.blockId(ledger.state(), height).orElseThrow();
            SigningKey slotKey = keys.slotKeys.get(slot - 1);
            var evidence =
                    TestChips.evidence(chip, TestChips.report(chip, 3), keySet(), Join.leaf(ID, slot, height, blockId));
            Join join = new Join(
                    SeatGrant.sign(operator(1), ID, false, slot, slotKey.id(), 1, height + 1_000),
                    NodeRecord.sign(slotKey, ID, voteKey, voteKey, "newcomer", 9_000),
                    height,
                    blockId,
                    evidence);
            return Transaction.sign(
                            keys.voteKeys.get(slot - 1),
                            ID,
                            Members.MODULE,
                            MembershipModule.JOIN,
                            height + 300,
                            join.encode())
                    .encode();
        }

        void stop() {
            engine.ifPresent(Engine::close);
            engine = Optional.empty();
            network.leave(keys.slotKeys.get(slot - 1).id());
        }

        boolean votes() {
            return ledger.validators().byVoteKey(voteKey).isPresent();
        }
    }

    @Override
    public void close() {
        nodes.forEach(Node::stop);
        network.close();
    }

    void await(String what, BooleanSupplier holds) throws InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what + ": " + this).isLessThan(end);
            Thread.sleep(20);
        }
    }

    void passes(int blocks) throws InterruptedException {
        List<Node> alive = nodes.stream().filter(it -> it.engine.isPresent()).toList();
        long height = alive.stream().mapToLong(it -> it.ledger.height()).max().orElseThrow();
        await(blocks + " more blocks", () -> alive.stream().allMatch(it -> it.ledger.height() >= height + blocks));
    }

    @Override
    public String toString() {
        return nodes.stream()
                .map(it -> "slot " + it.slot + " boot " + it.boot + " height " + it.ledger.height() + " votes "
                        + it.votes()
                        + it.engine
                                .flatMap(Engine::halted)
                                .map(why -> " halted: " + why)
                                .orElse(""))
                .toList()
                .toString();
    }
}
