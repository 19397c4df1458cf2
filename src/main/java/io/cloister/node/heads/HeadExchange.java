package io.cloister.node.heads;

import io.cloister.channel.PeerNetwork;
import io.cloister.channel.Topic;
import io.cloister.channel.flow.TokenBucket;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.crypto.SigningKey;
import io.cloister.node.heads.Freshness.Verdict;
import io.cloister.node.heads.HeadMessage.Answer;
import io.cloister.node.heads.HeadMessage.Ask;
import io.cloister.node.heads.HeadMessage.Offer;
import io.cloister.node.heads.HeadMessage.Witnessed;
import io.cloister.node.heads.PeerHeads.Unwritten;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Keeps and witnesses the heads of peers from the moment the channel is open, asks them for the own one while the node
 * boots, and sends the own ones when it runs. Thread-safe.
 */
public final class HeadExchange implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HeadExchange.class.getName());
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration AGAIN = Duration.ofMillis(500);
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final Duration RESEND = Duration.ofSeconds(5);
    private static final Duration SAY_SO = Duration.ofSeconds(20);

    /** Messages of one peer that are looked at: at once, and a second. An honest one sends a handful. */
    private static final int BURST = 40;

    private static final double RATE = 20;

    private final PeerNetwork network;
    private final SigningKey slotKey;
    private final String chainId;
    private final long boot;
    private final KeptHeads disk;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition answered = lock.newCondition();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("cloister-heads").factory());
    private final Map<Bytes, TokenBucket> buckets = new HashMap<>();
    private final Set<Bytes> warned = new HashSet<>();
    private final PeerHeads heads;
    private final Witnesses witnesses;
    private Set<Bytes> others;
    private Optional<Freshness> asking = Optional.empty();
    private Optional<Own> own = Optional.empty();
    private Optional<String> rollback = Optional.empty();
    private boolean failing;

    /** What the own heads are made of. Used by the clock's thread only. */
    private final class Own {
        private final Supplier<Position> position;
        private final BooleanSupplier sound;
        private long readAt = System.nanoTime() - PACE.toNanos();
        private long sentAt = System.nanoTime();

        private Own(Supplier<Position> position, BooleanSupplier sound) {
            this.position = position;
            this.sound = sound;
        }

        private void tick() {
            long now = System.nanoTime();
            if (now - readAt < PACE.toNanos() || !sound.getAsBoolean()) {
                return;
            }
            readAt = now;
            Position at = position.get();
            Optional<SignedHead> latest = locked(witnesses::latest);
            if (latest.filter(it -> it.position().equals(at)).isEmpty()) {
                sentAt = now;
                SignedHead head = SignedHead.sign(slotKey, chainId, boot, at);
                locked(() -> {
                    witnesses.sent(head);
                    return head;
                });
                offer(head, locked(() -> others));
            } else if (now - sentAt >= RESEND.toNanos()) {
                sentAt = now;
                offer(latest.get(), locked(witnesses::missing));
            }
        }

        private void offer(SignedHead head, Set<Bytes> to) {
            Bytes payload = new Offer(head).encode();
            to.forEach(peer -> network.send(peer, Topic.STATE, payload));
        }
    }

    /**
     * @param slotKey stays the caller's to close
     * @param boot the number of this boot
     * @param members of the chain's first set; the one in force is told later
     */
    public HeadExchange(
            PeerNetwork network,
            SigningKey slotKey,
            String chainId,
            long boot,
            KeptHeads disk,
            Collection<Bytes> members) {
        this.network = network;
        this.slotKey = slotKey;
        this.chainId = chainId;
        this.boot = boot;
        this.disk = disk;
        Map<Bytes, Bytes> written = disk.load();
        Set<Bytes> known = new TreeSet<>(members);
        known.addAll(written.keySet());
        this.others = without(known, network.self());
        this.heads = new PeerHeads(
                chainId, written.values().stream().map(SignedHead::decode).toList(), others);
        this.witnesses = new Witnesses(others);
    }

    private static Set<Bytes> without(Collection<Bytes> members, Bytes self) {
        Set<Bytes> others = new TreeSet<>(members);
        others.remove(self);
        return Set.copyOf(others);
    }

    /** Answers peers from now on. */
    public void start() {
        network.subscribe(Topic.STATE, (from, payload) -> {
            if (HeadMessage.isAbout(payload)) {
                received(from, HeadMessage.decode(payload));
            }
        });
        clock.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The members of the set in force: nobody else's heads are kept, and nobody else's words count. */
    public void members(Collection<Bytes> inForce) {
        Set<Bytes> now = without(inForce, network.self());
        locked(() -> {
            if (!now.equals(others)) {
                others = now;
                heads.members(now);
                witnesses.others(now);
                buckets.keySet().retainAll(now);
                warned.retainAll(now);
            }
            return now;
        });
    }

    /** How many of the others have answered when this returns, or what they know better. */
    public sealed interface Answered {
        /** This disk is the latest that a quorum of the others knows of. */
        record Fresh(int answered) implements Answered {}

        /** This disk is an older one, and this boot is newer than any that is known. */
        record Behind(SignedHead known) implements Answered {}

        /** The same or a newer boot of this node has spoken. */
        record Outrun(SignedHead known) implements Answered {}
    }

    /**
     * Asks the others which head of this node they keep, until a quorum has answered, however long that takes. Those
     * who are connected have a moment more, so that whoever knows better is heard.
     *
     * @param found how far the disk had come when it was opened
     */
    public Answered ask(Position found) throws InterruptedException {
        Bytes nonce = SecretBytes.random(HeadMessage.HASH).use(Bytes::of);
        long begun = System.nanoTime();
        long said = begun;
        Freshness question = locked(() -> {
            Freshness made = new Freshness(chainId, network.self(), boot, found, nonce, others);
            asking = Optional.of(made);
            return made;
        });
        while (true) {
            Set<Bytes> silent = locked(question::silent);
            silent.retainAll(network.connected());
            Verdict verdict = locked(question::verdict);
            long waited = System.nanoTime() - begun;
            if (!(verdict instanceof Verdict.Open) && (silent.isEmpty() || waited > GRACE.toNanos())) {
                return concluded(verdict, found);
            }
            if (verdict instanceof Verdict.Open(int answers, int quorum)
                    && System.nanoTime() - said > SAY_SO.toNanos()) {
                said = System.nanoTime();
                LOG.log(
                        System.Logger.Level.INFO,
                        "{0} of {1} peers have said which head of this node they keep",
                        answers,
                        quorum);
            }
            silent.forEach(
                    peer -> network.send(peer, Topic.STATE, question.question().encode()));
            await(question, silent);
        }
    }

    private void await(Freshness question, Set<Bytes> asked) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = AGAIN.toNanos();
            while (left > 0 && (asked.isEmpty() || question.silent().containsAll(asked))) {
                left = answered.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private Answered concluded(Verdict verdict, Position found) {
        Answered result = switch (verdict) {
            case Verdict.Fresh(int answers) -> new Answered.Fresh(answers);
            case Verdict.Behind(SignedHead known) -> new Answered.Behind(known);
            case Verdict.Outrun(SignedHead known) -> new Answered.Outrun(known);
            case Verdict.Open _ -> throw new IllegalStateException("not concluded");
        };
        locked(() -> {
            asking = Optional.empty();
            rollback = switch (result) {
                case Answered.Fresh _ -> Optional.empty();
                case Answered.Behind(SignedHead known) -> Optional.of(text(known, found));
                case Answered.Outrun(SignedHead known) -> Optional.of(text(known, found));
            };
            return rollback;
        });
        return result;
    }

    private String text(SignedHead known, Position found) {
        return "rollback detected: this node has signed " + known + "; the disk of this boot, " + boot + ", has "
                + found;
    }

    /**
     * Sends a head whenever the state has changed, at most once a second.
     *
     * @param position reads how far the state is, durably
     * @param sound whether it may be shown: the state of an old disk must not take the place of a better head before the
     *     chain has seated this boot
     */
    public void begin(Supplier<Position> position, BooleanSupplier sound) {
        locked(() -> {
            own = Optional.of(new Own(position, sound));
            return own;
        });
    }

    /** How far this boot's heads have come. */
    public HeadStatus status() {
        return locked(() -> new HeadStatus(witnesses.latest(), witnesses.byQuorum(), rollback));
    }

    @Override
    public void close() {
        clock.shutdown();
        try {
            if (!clock.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.log(System.Logger.Level.WARNING, "heads are still being written");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void received(Bytes from, HeadMessage message) {
        Optional<HeadMessage> reply = locked(() -> {
            boolean heard = others.contains(from)
                    && buckets.computeIfAbsent(from, it -> new TokenBucket(BURST, RATE, System.nanoTime()))
                            .take(System.nanoTime());
            return heard ? taken(from, message) : Optional.empty();
        });
        reply.ifPresent(it -> network.send(from, Topic.STATE, it.encode()));
    }

    private Optional<HeadMessage> taken(Bytes from, HeadMessage message) {
        switch (message) {
            case Offer(SignedHead head) -> {
                return offered(from, head);
            }
            case Witnessed witness -> {
                witnesses.witnessed(from, witness);
                return Optional.empty();
            }
            case Ask(Bytes nonce) -> {
                return Optional.of(Answer.sign(slotKey, chainId, from, nonce, heads.of(from)));
            }
            case Answer answer -> {
                if (asking.filter(it -> it.answered(from, answer)).isPresent()) {
                    answered.signalAll();
                }
                return Optional.empty();
            }
        }
    }

    private Optional<HeadMessage> offered(Bytes from, SignedHead head) {
        switch (heads.offered(from, head)) {
            case WRITTEN -> {
                return Optional.of(Witnessed.sign(slotKey, head.id()));
            }
            case CONTRADICTS -> {
                if (warned.add(from)) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "node {0} has signed heads that contradict each other: two instances of it run",
                            from);
                }
                return Optional.empty();
            }
            case NEW, NOT_HIGHER, REFUSED -> {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private void tick() {
        try {
            write();
            locked(() -> own).ifPresent(Own::tick);
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.log(System.Logger.Level.WARNING, "heads are not exchanged now", e);
            }
            failing = true;
        }
    }

    /** All that came since the last time, in one transaction; whoever's head is durable hears of it. */
    private void write() {
        Unwritten news = locked(heads::unwritten);
        if (news.isEmpty()) {
            return;
        }
        Map<Bytes, Bytes> encoded = new TreeMap<>();
        news.heads().forEach((owner, head) -> encoded.put(owner, head.encode()));
        disk.keep(encoded, news.gone());
        locked(() -> {
            heads.written(news);
            return news;
        });
        news.heads()
                .forEach((owner, head) -> network.send(
                        owner, Topic.STATE, Witnessed.sign(slotKey, head.id()).encode()));
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
