package io.cloister.consensus.engine;

import io.cloister.channel.PeerNetwork;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.consensus.Application;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.Evidence;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.MessageCodec;
import io.cloister.consensus.core.Replica;
import io.cloister.consensus.core.Timer;
import io.cloister.consensus.store.ConsensusLog;
import io.cloister.consensus.store.ConsensusStore;
import io.cloister.consensus.store.ConsensusStore.CertifiedHeader;
import io.cloister.crypto.SigningKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
    /** The code of a refusal by an engine that takes no part. */
    public static final String STOPPED = "engine-stopped";

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long STATUS_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private record Alarm(long dueNanos, long number, Timer timer) {}

    private final String chainId;
    private final Genesis genesis;
    private final PeerNetwork network;
    private final ConsensusStore store;
    private final TransactionPool pool;
    private final Participant participant;
    private final Spreader spreader;
    private final List<Consumer<CertifiedBlock>> decided = new CopyOnWriteArrayList<>();
    private final Inbox inbox = new Inbox();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(Engine::compare);
    private final ExecutorService background = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("cloister-blocks-", 0).factory());
    private final AtomicBoolean pending = new AtomicBoolean();
    private volatile boolean told; // that transactions wait, at this height
    private final AtomicReference<Optional<Bytes>> asked = new AtomicReference<>(Optional.empty());
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean running = true;
    private volatile Optional<EngineStatus> status = Optional.empty();
    private volatile Optional<String> ended = Optional.empty();
    private volatile List<Evidence> evidence = List.of();
    private long alarmNumber;
    private long publishedAt;

    /**
     * @param voteKey signs proposals and votes; stays the caller's to close, after this engine
     * @param network how the other nodes are reached; its own id is this node's
     * @param clock milliseconds since 1970, for the time of blocks
     */
    public Engine(
            EngineSettings settings,
            Genesis genesis,
            SigningKey voteKey,
            PeerNetwork network,
            ConsensusStore store,
            ConsensusLog log,
            Application application,
            InstantSource clock) {
        this.chainId = genesis.chainId();
        this.genesis = genesis;
        this.network = network;
        this.store = store;
        this.pool = new TransactionPool(application, settings.pool());
        Participant.Surroundings around = new Participant.Surroundings(
                genesis,
                network.self(),
                digest -> voteKey.sign(digest).recoverable(),
                SignatureCheck.SECP256K1,
                application,
                store,
                log,
                pool,
                new NetworkOutbox(),
                this::arm,
                background,
                clock::millis);
        Replica replica = new Replica(new Replica.Config(
                chainId,
                network.self(),
                voteKey.id(),
                settings.proposerRule(),
                settings.timeouts(),
                settings.pace(),
                SignatureCheck.SECP256K1));
        this.participant = new Participant(around, settings, replica);
        participant.onDecided(block -> {
            told = false;
            decided.forEach(listener -> listener.accept(block));
        });
        this.spreader = new Spreader(transactions ->
                network.broadcast(Topic.SYNC, MessageCodec.encode(new Message.Transactions(transactions))));
        this.thread = Thread.ofPlatform().name("cloister-consensus").unstarted(this::run);
    }

    /**
     * Verifies and takes up the stored chain, then takes part.
     *
     * @throws RuntimeException what the store, the log or the application found wrong; nothing runs then
     */
    public void start() {
        thread.start();
        spreader.start();
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
        spreader.close();
        inbox.wake();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
        if (pending.getAndSet(false)) {
            told = true;
            participant.transactionsPending();
        }
        long wait = alarms.isEmpty() ? IDLE_NANOS : alarms.peek().dueNanos() - System.nanoTime();
        inbox.take(wait).ifPresent(this::deliver);
        if (System.nanoTime() - publishedAt > STATUS_NANOS) {
            publish();
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
        if (MessageCodec.isBlocks(payload) && !isAsked(from)) {
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
        if (message instanceof Message.Transactions(List<Bytes> transactions)) {
            noteIfAccepted(pool.addAll(transactions, false));
        } else {
            inbox.offer(Inbox.Item.of(from, message, payload.length()));
        }
    }

    /** Blocks are large when decoded, so they are read from the peer that was asked last, and once for each request. */
    private boolean isAsked(Bytes from) {
        Optional<Bytes> last = asked.get();
        return last.equals(Optional.of(from)) && asked.compareAndSet(last, Optional.empty());
    }

    /** Once a height is enough: the core keeps in mind that transactions wait. */
    private void notePending() {
        if (!told && !pending.getAndSet(true)) {
            inbox.wake();
        }
    }

    /** Puts a transaction into the pool and spreads it. Acceptance says nothing about when or whether it is ordered. */
    public Acceptance submit(Bytes transaction) {
        return submitAll(List.of(transaction)).getFirst();
    }

    /** The same for several, which are checked in parallel and keep their order; one answer for each. */
    public List<Acceptance> submitAll(List<Bytes> transactions) {
        if (!running || halted().isPresent()) {
            Acceptance stopped = new Acceptance.Refused(STOPPED, "this node does not take part in the chain now");
            return Collections.nCopies(transactions.size(), stopped);
        }
        List<Acceptance> acceptances = pool.addAll(transactions, true);
        for (int i = 0; i < acceptances.size(); i++) {
            if (acceptances.get(i) instanceof Acceptance.Accepted) {
                spreader.add(transactions.get(i));
            }
        }
        noteIfAccepted(acceptances);
        return acceptances;
    }

    private void noteIfAccepted(List<Acceptance> acceptances) {
        if (acceptances.stream().anyMatch(Acceptance.Accepted.class::isInstance)) {
            notePending();
        }
    }

    /**
     * Adds who hears of each decided block, on the consensus thread and before the block is stored: certificate and
     * block prove themselves, but a query may not find them yet. A listener must neither block nor throw.
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
        return store.height();
    }

    public Optional<CertifiedBlock> block(long height) {
        return store.block(height);
    }

    public Optional<CertifiedBlock> latest() {
        return store.block(store.height());
    }

    public Optional<Certificate> certificate(long height) {
        return header(height).map(CertifiedHeader::certificate);
    }

    /** A decided header with its certificate, without the transactions. */
    public Optional<CertifiedHeader> header(long height) {
        return store.headers(height, 1).stream()
                .filter(it -> it.header().height() == height)
                .findFirst();
    }

    /** Who decides, or decided, a height: any up to the one in progress. */
    public Optional<ValidatorSet> validators(long height) {
        if (height == 1) {
            return Optional.of(genesis.validators());
        }
        return header(height - 1)
                .map(it -> it.header())
                .map(Header::nextValidatorsHash)
                .flatMap(store::validators);
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
                replica.lastId(),
                replica.lastTimeMillis(),
                validators,
                pool.size(),
                pool.bytes(),
                evidence.size(),
                inbox.dropped(),
                participant.halted()));
    }

    private static EngineStatus.ValidatorStatus of(
            Validator validator, Optional<Replica.Seen> seen, Set<Integer> prevoted, Set<Integer> precommitted) {
        return new EngineStatus.ValidatorStatus(
                validator.slot(),
                validator.nodeId(),
                validator.weight(),
                validator.bootCounter(),
                seen.map(Replica.Seen::height).orElse(0L),
                seen.map(Replica.Seen::round).orElse(0),
                prevoted.contains(validator.slot()),
                precommitted.contains(validator.slot()));
    }

    private final class NetworkOutbox implements Outbox {
        @Override
        public void send(Bytes to, Message message) {
            if (message instanceof Message.BlockRequest) {
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
                case Message.Transactions t -> Topic.SYNC;
            };
        }
    }
}
