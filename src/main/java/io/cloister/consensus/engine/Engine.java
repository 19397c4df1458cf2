package io.cloister.consensus.engine;

import io.cloister.channel.PeerNetwork;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.consensus.Application;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.Statement;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.MessageCodec;
import io.cloister.consensus.core.Now;
import io.cloister.consensus.core.Presence;
import io.cloister.consensus.core.Replica;
import io.cloister.consensus.core.Timer;
import io.cloister.consensus.store.ConsensusLog;
import io.cloister.consensus.store.ConsensusStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A node's part in the chain: one platform thread that owns the core and everything the application is called with.
 *
 * <p>{@link #start} takes up the stored chain and returns when it is verified. Queries, {@link #submit} and {@link
 * #status} may be called from any thread at any time after that.
 */
public final class Engine implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Engine.class.getName());
    private static final long ORIGIN_NANOS = System.nanoTime();
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long STATUS_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** The code of a refusal by an engine that takes no part. */
    public static final String STOPPED = "engine-stopped";

    /** Least time between two batches of what is submitted here; a lone transaction goes at once. */
    private static final long BATCH_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    private static final int UNSTORED_BLOCKS = 64;

    private record Alarm(long dueNanos, long number, Timer timer) {}

    private final String chainId;
    private final Genesis genesis;
    private final PeerNetwork network;
    private final TransactionPool pool;
    private final Participant participant;
    private final Inbox inbox = new Inbox();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(Engine::compare);
    private final ExecutorService background = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("cloister-blocks-", 0).factory());
    private final ExecutorService storing = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("cloister-store").factory());
    private final Semaphore unstored = new Semaphore(UNSTORED_BLOCKS);
    private final Queue<Runnable> news = new ConcurrentLinkedQueue<>();
    private final List<Consumer<CertifiedBlock>> decided = new CopyOnWriteArrayList<>();
    private final AtomicBoolean pending = new AtomicBoolean();
    private final AtomicReference<Optional<Bytes>> asked = new AtomicReference<>(Optional.empty());
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean running = true;
    private volatile Optional<EngineStatus> status = Optional.empty();
    private volatile Optional<String> ended = Optional.empty();
    private volatile List<Evidence> evidence = List.of();
    private long alarmNumber;
    private long sealedAt = System.nanoTime() - BATCH_GAP_NANOS;
    private long publishedAt;

    /**
     * @param boot signs proposals, votes and what a recovery needs
     * @param network how the other nodes are reached; its own id is this node's
     * @param clock milliseconds since 1970, for the time of blocks
     */
    public Engine(
            EngineSettings settings,
            Genesis genesis,
            BootSigner boot,
            PeerNetwork network,
            ConsensusStore store,
            ConsensusLog log,
            Application application,
            InstantSource clock) {
        this.chainId = genesis.chainId();
        this.genesis = genesis;
        this.network = network;
        this.pool = new TransactionPool(application, settings.pool());
        Participant.Surroundings around = new Participant.Surroundings(
                genesis,
                network.self(),
                boot,
                SignatureCheck.SECP256K1,
                application,
                store,
                log,
                pool,
                new NetworkOutbox(),
                this::arm,
                background,
                this::store,
                new OtherThreads(),
                () -> new Now(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - ORIGIN_NANOS), clock.millis()));
        this.participant = new Participant(around, settings);
        participant.onDecided(block -> decided.forEach(listener -> listener.accept(block)));
        this.thread = Thread.ofPlatform().name("cloister-consensus").unstarted(this::run);
    }

    /**
     * Verifies and takes up the stored chain, then takes part.
     *
     * @throws RuntimeException what the store, the log or the application found wrong; nothing runs then
     */
    public void start() {
        thread.start();
        try {
            ready.join();
        } catch (CompletionException e) {
            close();
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        network.subscribe(Topic.CONSENSUS, this::receive);
        network.subscribe(Topic.SYNC, this::receive);
    }

    /** Stops taking part; what is being committed is finished first. */
    @Override
    public void close() {
        running = false;
        inbox.wake();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        storing.close();
        background.close();
    }

    private void run() {
        try {
            participant.start();
            publish();
            ready.complete(true);
        } catch (RuntimeException | Error e) {
            ready.completeExceptionally(e);
            return;
        }
        String cause = "the consensus thread has ended";
        try {
            while (running) {
                work();
            }
        } catch (InterruptedException e) {
            cause = "the consensus thread was interrupted";
        } catch (RuntimeException | Error e) {
            cause = "failed: " + e;
            LOG.log(Level.ERROR, "the consensus thread ends", e);
        } finally {
            ended = Optional.of(cause);
        }
    }

    private void work() throws InterruptedException {
        long now = System.nanoTime();
        while (running && !alarms.isEmpty() && alarms.peek().dueNanos() - now <= 0) {
            participant.fire(alarms.remove().timer());
        }
        sealWhenDue();
        for (Runnable next = news.poll(); next != null; next = news.poll()) {
            next.run();
        }
        long wait = alarms.isEmpty() ? IDLE_NANOS : alarms.peek().dueNanos() - System.nanoTime();
        if (pending.get()) {
            wait = Math.min(wait, sealedAt + BATCH_GAP_NANOS - System.nanoTime());
        }
        inbox.take(wait).ifPresent(this::deliver);
        if (System.nanoTime() - publishedAt > STATUS_NANOS) {
            publish();
        }
    }

    /** Makes batches of what was submitted, not more often than the gap allows. */
    private void sealWhenDue() {
        long now = System.nanoTime();
        if (pending.get() && now - sealedAt >= BATCH_GAP_NANOS) {
            pending.set(false);
            sealedAt = now;
            participant.transactionsPending();
        }
    }

    private void deliver(Inbox.Item item) {
        item.message()
                .ifPresentOrElse(
                        message -> participant.deliver(item.from(), message), () -> participant.malformed(item.from()));
    }

    /** By time, which {@code nanoTime} lets wrap, then by the order of arming. */
    private static int compare(Alarm one, Alarm other) {
        long apart = one.dueNanos() - other.dueNanos();
        return apart != 0 ? Long.signum(apart) : Long.compare(one.number(), other.number());
    }

    private void arm(Timer timer, long delayMillis) {
        alarms.add(new Alarm(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMillis), alarmNumber++, timer));
    }

    /** On the channel's thread. A {@link CodecException} tells the channel what the peer is worth. */
    private void receive(Bytes from, Bytes payload) {
        if (!running || ended.isPresent()) {
            return;
        }
        if (MessageCodec.isAnswer(payload) && !isAsked(from)) {
            inbox.drop();
            return;
        }
        Message message;
        try {
            message = MessageCodec.decode(payload);
        } catch (CodecException e) {
            inbox.offer(new Inbox.Item(from, Optional.empty(), payload.length()));
            throw e;
        }
        inbox.offer(Inbox.Item.of(from, participant.admit(message), payload.length()));
    }

    /** Blocks and snapshots are large when decoded, so they are read from the peer that was asked last, and once for each request. */
    private boolean isAsked(Bytes from) {
        Optional<Bytes> last = asked.get();
        return last.equals(Optional.of(from)) && asked.compareAndSet(last, Optional.empty());
    }

    private void notePending() {
        if (!pending.getAndSet(true)) {
            inbox.wake();
        }
    }

    /** The own statement for a recovery, made by the {@link BootSigner}. May be called from any thread. */
    public void stated(Statement statement) {
        news.add(() -> participant.stated(statement));
        inbox.wake();
    }

    /** Called on the consensus thread, which waits here when storing cannot keep up. */
    private void store() {
        unstored.acquireUninterruptibly();
        storing.execute(() -> {
            try {
                participant.tail().storeNext().ifPresent(height -> {
                    news.add(() -> participant.stored(height));
                    inbox.wake();
                });
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "a decided block could not be stored", e);
                news.add(() -> participant.fail("a decided block could not be stored: " + e));
                inbox.wake();
            } finally {
                unstored.release();
            }
        });
    }

    /** Puts a transaction into the pool and spreads it. Acceptance says nothing about when or whether it is ordered. */
    public Acceptance submit(Bytes transaction) {
        return submitAll(List.of(transaction)).getFirst();
    }

    /** The same for many, whose checks are divided among the processors. */
    public List<Acceptance> submitAll(List<Bytes> transactions) {
        if (!running || halted().isPresent()) {
            Acceptance stopped = new Acceptance.Refused(STOPPED, "this node does not take part in the chain now");
            return transactions.stream().map(it -> stopped).toList();
        }
        List<Acceptance> acceptances = pool.addAll(transactions);
        if (acceptances.stream().anyMatch(Acceptance.Accepted.class::isInstance)) {
            notePending();
        }
        return acceptances;
    }

    /**
     * Adds who hears of each decided block, on the consensus thread and before the block is stored: certificate and
     * header prove it already, and more than two thirds have it in their logs.
     */
    public void onDecided(Consumer<CertifiedBlock> listener) {
        decided.add(listener);
    }

    /** @throws IllegalStateException before {@link #start} has returned */
    public EngineStatus status() {
        return status.map(last -> last.halted(halted()))
                .orElseThrow(() -> new IllegalStateException("the engine is not started"));
    }

    /** Why this node takes part no longer, if so; for good, whatever ended it. */
    public Optional<String> halted() {
        return status.flatMap(EngineStatus::halted).or(() -> ended);
    }

    /** Contradicting messages that validators signed, the first of those seen since the start. */
    public List<Evidence> evidence() {
        return evidence;
    }

    /** Height of the last decided block, 0 before the first. */
    public long height() {
        return participant.tail().height();
    }

    public Optional<CertifiedBlock> block(long height) {
        return participant.tail().block(height);
    }

    public Optional<CertifiedBlock> latest() {
        return block(height());
    }

    public Optional<Certificate> certificate(long height) {
        return header(height).map(CertifiedHeader::certificate);
    }

    /** A decided header with its certificate, without the transactions. */
    public Optional<CertifiedHeader> header(long height) {
        return participant.tail().header(height);
    }

    /** Who decides, or decided, a height: any up to the one in progress. */
    public Optional<ValidatorSet> validators(long height) {
        return participant.tail().validatorsOf(height, genesis);
    }

    private void publish() {
        publishedAt = System.nanoTime();
        Replica replica = participant.replica();
        int round = replica.round();
        Set<Integer> prevoted = new HashSet<>(replica.voters(round, VoteType.PREVOTE));
        Set<Integer> precommitted = new HashSet<>(replica.voters(round, VoteType.PRECOMMIT));
        var seen = replica.seen();
        List<EngineStatus.ValidatorStatus> validators = replica.context().validators().validators().stream()
                .map(it -> of(it, Optional.ofNullable(seen.get(it.nodeId())), prevoted, precommitted))
                .toList();
        evidence = participant.evidence();
        status = Optional.of(new EngineStatus(
                chainId,
                replica.epoch(),
                replica.height(),
                round,
                replica.step(),
                replica.parent().id(),
                replica.parent().timeMillis(),
                validators,
                pool.size(),
                pool.bytes(),
                evidence.size(),
                inbox.dropped(),
                participant.halted()));
    }

    private static EngineStatus.ValidatorStatus of(
            Validator validator, Optional<Presence.Seen> seen, Set<Integer> prevoted, Set<Integer> precommitted) {
        return new EngineStatus.ValidatorStatus(
                validator.slot(),
                validator.nodeId(),
                validator.weight(),
                validator.bootCounter(),
                seen.map(Presence.Seen::height).orElse(0L),
                seen.map(Presence.Seen::round).orElse(0),
                prevoted.contains(validator.slot()),
                precommitted.contains(validator.slot()));
    }

    private final class OtherThreads implements Beside {
        @Override
        public void store(Runnable work) {
            storing.execute(work);
        }

        @Override
        public void back(Runnable result) {
            news.add(result);
            inbox.wake();
        }
    }

    private final class NetworkOutbox implements Outbox {
        @Override
        public void send(Bytes to, Message message) {
            if (MessageCodec.isAsking(message)) {
                asked.set(Optional.of(to));
            }
            network.send(to, topic(message), MessageCodec.encode(message));
        }

        @Override
        public void broadcast(Message message) {
            network.broadcast(topic(message), MessageCodec.encode(message));
        }

        private static Topic topic(Message message) {
            return switch (message) {
                case Message.Proposed p -> Topic.CONSENSUS;
                case Message.Votes v -> Topic.CONSENSUS;
                case Message.Status s -> Topic.CONSENSUS;
                case Message.BlockRequest r -> Topic.SYNC;
                case Message.Blocks b -> Topic.SYNC;
                case Message.Statements x -> Topic.CONSENSUS;
                case Message.Opened o -> Topic.CONSENSUS;
                case Message.Body b -> Topic.SYNC;
                case Message.Batches b -> Topic.SYNC;
                case Message.BatchRequest r -> Topic.SYNC;
                case Message.Misbehaviour m -> Topic.SYNC;
                case Message.SnapshotRequest s -> Topic.SYNC;
                case Message.SnapshotOffer s -> Topic.SYNC;
                case Message.ChunkRequest c -> Topic.SYNC;
                case Message.Chunk c -> Topic.SYNC;
            };
        }
    }
}
