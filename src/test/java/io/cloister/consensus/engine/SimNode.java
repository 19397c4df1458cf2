package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.Change;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.core.LogRecord;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.Replica;
import io.cloister.consensus.core.Timer;
import io.cloister.consensus.store.ConsensusLog;
import io.cloister.consensus.store.ConsensusStore;
import io.cloister.consensus.store.MemoryConsensusLog;
import io.cloister.consensus.store.MemoryConsensusStore;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** One simulated machine: the production participant over a disk that survives, and a power switch. */
final class SimNode {
    final int index;
    final int copy;
    final boolean honest;
    final MemoryConsensusStore disk = new MemoryConsensusStore();
    final MemoryConsensusLog logDisk = new MemoryConsensusLog();

    private final SimWorld world;
    private final Genesis genesis;
    long skewMillis;
    int incarnation;

    /** So many operations from now the power goes off; negative for never. */
    int crashIn = -1;

    /** Never switched on again. */
    boolean retired;

    Optional<Participant> participant = Optional.empty();
    private Optional<TransactionPool> pool = Optional.empty();
    private TestApplication application = new TestApplication();

    SimNode(SimWorld world, Genesis genesis, int index, int copy, boolean honest) {
        this.world = world;
        this.genesis = genesis;
        this.index = index;
        this.copy = copy;
        this.honest = honest;
    }

    Bytes nodeId() {
        return TestKeys.nodeId(index);
    }

    boolean isUp() {
        return participant.isPresent();
    }

    long height() {
        return disk.height();
    }

    TestApplication application() {
        return application;
    }

    void start() {
        if (retired) {
            return;
        }
        incarnation++;
        application = new TestApplication();
        TransactionPool fresh = new TransactionPool(application, PoolLimits.DEFAULT);
        pool = Optional.of(fresh);
        Bytes key = TestKeys.voteKey(index);
        EngineSettings settings = world.settings();
        Participant.Surroundings around = new Participant.Surroundings(
                genesis,
                nodeId(),
                digest -> TestKeys.sign(key, digest),
                TestKeys.CHECK,
                application,
                new CrashingStore(),
                new CrashingLog(),
                fresh,
                new Network(),
                this::arm,
                Runnable::run,
                () -> world.now() + 1_000_000 + skewMillis);
        Replica replica = new Replica(new Replica.Config(
                genesis.chainId(),
                nodeId(),
                key,
                settings.proposerRule(),
                settings.timeouts(),
                settings.pace(),
                TestKeys.CHECK));
        Participant started = new Participant(around, settings, replica);
        participant = Optional.of(started);
        started.start();
    }

    void crash() {
        participant = Optional.empty();
        pool = Optional.empty();
        crashIn = -1;
        incarnation++;
    }

    void deliver(Bytes from, Message message) {
        Participant up = participant.orElseThrow();
        if (message instanceof Message.Transactions transactions) {
            for (Bytes transaction : transactions.transactions()) {
                if (pool.orElseThrow().add(transaction, false) instanceof Acceptance.Accepted) {
                    up.transactionsPending();
                }
            }
        } else {
            up.deliver(from, message);
        }
    }

    void submit(Bytes transaction) {
        if (pool.orElseThrow().add(transaction, true) instanceof Acceptance.Accepted) {
            new Network().broadcast(new Message.Transactions(List.of(transaction)));
            participant.orElseThrow().transactionsPending();
        }
    }

    private void arm(Timer timer, long delay) {
        int armedIn = incarnation;
        world.at(world.now() + delay, () -> {
            if (armedIn == incarnation && isUp()) {
                world.guard(this, () -> participant.orElseThrow().fire(timer));
            }
        });
    }

    /** Every operation that touches the world is a place where the power may go off. */
    private void mayCrash() {
        if (crashIn >= 0 && crashIn-- == 0) {
            throw new SimCrash();
        }
    }

    private final class Network implements Outbox {
        @Override
        public void send(Bytes to, Message message) {
            mayCrash();
            world.observer().sent(SimNode.this, message);
            world.send(SimNode.this, to, message);
        }

        @Override
        public void broadcast(Message message) {
            mayCrash();
            world.observer().sent(SimNode.this, message);
            world.broadcast(SimNode.this, message);
        }
    }

    private final class CrashingLog implements ConsensusLog {
        @Override
        public void append(LogRecord record) {
            mayCrash();
            logDisk.append(record);
            mayCrash();
        }

        @Override
        public List<LogRecord> replay() {
            return logDisk.replay();
        }

        @Override
        public void forgetBelow(long height) {
            mayCrash();
            logDisk.forgetBelow(height);
        }
    }

    private final class CrashingStore implements ConsensusStore {
        @Override
        public void open(Genesis of) {
            disk.open(of);
        }

        @Override
        public long height() {
            return disk.height();
        }

        @Override
        public long base() {
            return disk.base();
        }

        @Override
        public Optional<CertifiedHeader> beforeBase() {
            return disk.beforeBase();
        }

        @Override
        public void install(Snapshot snapshot) {
            mayCrash();
            disk.install(snapshot);
            mayCrash();
        }

        @Override
        public Optional<CertifiedBlock> block(long height) {
            return disk.block(height);
        }

        @Override
        public List<CertifiedHeader> headers(long from, int limit) {
            return disk.headers(from, limit);
        }

        @Override
        public Optional<ValidatorSet> validators(Bytes hash) {
            return disk.validators(hash);
        }

        @Override
        public SortedMap<Bytes, Bytes> state() {
            return disk.state();
        }

        @Override
        public void commit(CertifiedBlock block, List<Change> changes, ValidatorSet next) {
            mayCrash();
            disk.commit(block, changes, next);
            world.observer().committed(SimNode.this, block);
            mayCrash();
        }
    }
}
