package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Change;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.Statement;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.core.LogRecord;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.Now;
import io.cloister.consensus.core.Timer;
import io.cloister.consensus.store.ConsensusLog;
import io.cloister.consensus.store.ConsensusStore;
import io.cloister.crypto.Hashes;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One simulated machine: the production participant over a disk that survives, and a power switch. Each start is a boot
 * with a vote key of its own, which the machine gets registered by an ordered transaction.
 */
final class SimNode {
    final int index;
    final int copy;
    final SimRole role;

    private final SimWorld world;
    private final Genesis genesis;
    private SimDisk disk = new SimDisk();
    long skewMillis;
    int incarnation;

    /** Everything takes this much longer here, in milliseconds. */
    int slowMillis;

    /** So many operations from now the power goes off; negative for never. */
    int crashIn = -1;

    /** So many writes from now the disk is full; negative for never. */
    int fullIn = -1;

    /** Never switched on again. */
    boolean retired;

    Optional<Participant> participant = Optional.empty();
    private Optional<TransactionPool> pool = Optional.empty();
    private Optional<SimApplication> application = Optional.empty();
    private Optional<SimBoot> boot = Optional.empty();
    private long boots;

    SimNode(SimWorld world, Genesis genesis, int index, int copy, SimRole role) {
        this.world = world;
        this.genesis = genesis;
        this.index = index;
        this.copy = copy;
        this.role = role;
    }

    Genesis genesis() {
        return genesis;
    }

    Bytes nodeId() {
        return TestKeys.nodeId(index);
    }

    int slot() {
        return index + 1;
    }

    boolean honest() {
        return role != SimRole.BYZANTINE;
    }

    boolean isUp() {
        return participant.isPresent();
    }

    /** The last decided height, durable or not. */
    long height() {
        return participant.map(it -> it.tail().height()).orElse(disk.height());
    }

    SimDisk disk() {
        return disk;
    }

    /** Another disk is put in while the machine is off. */
    void disk(SimDisk other) {
        disk = other;
    }

    Optional<SimApplication> application() {
        return application;
    }

    Optional<SimBoot> boot() {
        return boot;
    }

    void start() {
        if (retired) {
            return;
        }
        incarnation++;
        SimApplication fresh = new SimApplication(
                genesis.validators(), (block, certificate) -> world.observer().decided(this, block, certificate));
        application = Optional.of(fresh);
        TransactionPool emptyPool = new TransactionPool(fresh, PoolLimits.DEFAULT);
        pool = Optional.of(emptyPool);
        boolean first = boots++ == 0 && copy == 0;
        disk.bootCounter++;
        Bytes key = first || role == SimRole.BYZANTINE
                ? TestKeys.voteKey(index)
                : Bytes.concat(
                        Bytes.of((byte) 3), Hashes.sha256(Bytes.utf8("vote " + index + " " + copy + " " + boots)));
        SimBoot keys = new SimBoot(key, disk.bootCounter);
        boot = Optional.of(keys);
        world.observer().booted(this);
        Participant started = new Participant(
                new Participant.Surroundings(
                        genesis,
                        nodeId(),
                        keys,
                        TestKeys.CHECK,
                        fresh,
                        new CrashingStore(),
                        new CrashingLog(),
                        emptyPool,
                        new Network(),
                        this::arm,
                        Runnable::run,
                        this::storeLater,
                        Beside.DIRECT,
                        () -> new Now(world.now(), world.now() + 1_000_000 + skewMillis)),
                world.settings());
        participant = Optional.of(started);
        started.start();
        watchSeat();
    }

    void crash(int survivors) {
        if (isUp()) {
            disk.cut(survivors);
        }
        participant = Optional.empty();
        pool = Optional.empty();
        application = Optional.empty();
        crashIn = -1;
        fullIn = -1;
        incarnation++;
    }

    void deliver(Bytes from, Message message) {
        Participant up = participant.orElseThrow();
        up.deliver(from, up.admit(message));
    }

    void submit(Bytes transaction) {
        if (pool.orElseThrow().add(transaction) instanceof Acceptance.Accepted) {
            participant.orElseThrow().transactionsPending();
        }
    }

    /** Now and then: a boot that has no seat asks for it; one whose counter is too low boots again with a higher one. */
    private void watchSeat() {
        later(500, () -> {
            SimApplication app = application.orElseThrow();
            SimBoot keys = boot.orElseThrow();
            Optional<Validator> seat = app.validators().bySlot(slot());
            boolean seated =
                    seat.filter(it -> it.voteKey().equals(keys.voteKey())).isPresent();
            if (seat.isPresent() && !seated && seat.get().bootCounter() >= keys.counter()) {
                world.rollbackNoticed(this);
                disk.bootCounter = Math.max(disk.bootCounter, seat.get().bootCounter());
                world.switchOff(this, 1);
                return;
            }
            if (!seated && !app.isWaiting(slot())) {
                submit(SimApplication.rekey(slot(), nodeId(), keys.voteKey(), keys.counter()));
            }
            watchSeat();
        });
    }

    @Override
    public String toString() {
        return "node " + index + (copy > 0 ? "'" : "");
    }

    private void later(long delay, Runnable action) {
        int bornIn = incarnation;
        world.at(world.now() + delay, () -> {
            if (bornIn == incarnation && isUp()) {
                world.guard(this, action);
            }
        });
    }

    private void arm(Timer timer, long delay) {
        later(delay, () -> participant.orElseThrow().fire(timer));
    }

    private void storeLater() {
        later(world.storeDelay(), () -> {
            Participant up = participant.orElseThrow();
            try {
                up.tail().storeNext().ifPresent(up::stored);
            } catch (SimDiskFull e) {
                up.fail("a decided block could not be stored: " + e);
            }
        });
    }

    /** Every operation that touches the world is a place where the power may go off. */
    private void mayCrash() {
        if (crashIn >= 0 && crashIn-- == 0) {
            throw new SimCrash();
        }
    }

    private void mayBeFull() {
        if (fullIn >= 0 && fullIn-- == 0) {
            throw new SimDiskFull();
        }
    }

    /** The keys of one boot. */
    final class SimBoot implements BootSigner {
        private final Bytes voteKey;
        private final long counter;

        SimBoot(Bytes voteKey, long counter) {
            this.voteKey = voteKey;
            this.counter = counter;
        }

        long counter() {
            return counter;
        }

        @Override
        public Bytes voteKey() {
            return voteKey;
        }

        @Override
        public Bytes sign(Bytes digest) {
            return TestKeys.sign(voteKey, digest);
        }

        @Override
        public Bytes signBySlot(Bytes digest) {
            return TestKeys.sign(nodeId(), digest);
        }

        @Override
        public void state(Request wanted) {
            later(20, () -> participant.orElseThrow().stated(statement(wanted)));
        }

        Statement statement(Request wanted) {
            Bytes evidence = SimApplication.evidence(voteKey, counter);
            return wanted.statement(voteKey, counter, evidence, this::signBySlot);
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
        public void append(LogRecord record, boolean sync) {
            mayCrash();
            mayBeFull();
            disk.append(record, sync);
            world.observer().logged(SimNode.this, record);
            mayCrash();
        }

        @Override
        public List<LogRecord> replay() {
            return disk.replay();
        }

        @Override
        public void forgetBelow(long height) {
            mayCrash();
            disk.forgetBelow(height);
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
        public Optional<HeaderLink> change(long from) {
            return disk.change(from);
        }

        @Override
        public SortedMap<Bytes, Bytes> state() {
            return disk.state();
        }

        @Override
        public void commit(CertifiedBlock block, List<Change> changes, ValidatorSet next) {
            mayCrash();
            mayBeFull();
            disk.commit(block, changes, next);
            mayCrash();
        }
    }
}
