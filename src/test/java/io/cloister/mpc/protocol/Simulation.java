package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.crypto.SecretBytes;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.membership.Member;
import io.cloister.mpc.Fault;
import io.cloister.mpc.KeyShareStore;
import io.cloister.mpc.MembershipCommittee;
import io.cloister.mpc.board.BoardModule;
import io.cloister.mpc.board.BoardParameters;
import io.cloister.mpc.board.BoardTransaction;
import io.cloister.mpc.board.BoardView;
import io.cloister.mpc.board.MpcKeys;
import io.cloister.mpc.board.SignatureSink;
import io.cloister.mpc.board.SigningRequest;
import io.cloister.mpc.board.TestLedger;
import io.cloister.mpc.dealing.ShareKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * n nodes, a seeded network and a ledger in simulated time: the real machines, the real messages in their real
 * encoding, and whatever misbehaviour a test puts between a machine and the network.
 */
final class Simulation implements SignatureSink {
    static final long BLOCK_MILLIS = 100;

    final BoardModule board;
    final TestLedger ledger;
    final SortedMap<Integer, Node> nodes = new TreeMap<>();
    final Map<Bytes, Signature> answers = new LinkedHashMap<>();
    final Map<Bytes, Integer> answered = new HashMap<>();
    final List<String> alarms = new ArrayList<>();
    final Random random;
    private final PriorityQueue<Delivery> queue = new PriorityQueue<>();
    private final List<TestLedger.Step> steps = new ArrayList<>();
    private final long seed;
    private double lossRate;
    private double duplicateRate;
    private int maxDelay = 40;
    private long now;
    private long order;

    Simulation(int size, long seed) {
        this(size, seed, parameters(), Map.of());
    }

    Simulation(int size, long seed, BoardParameters parameters, Map<Integer, Dealers> adversary) {
        this.seed = seed;
        this.random = new Random(seed);
        this.board = new BoardModule(parameters, new MembershipCommittee());
        board.connect(this);
        for (int slot = 1; slot <= size; slot++) {
            nodes.put(slot, new Node(slot, adversary.getOrDefault(slot, Dealers.HONEST)));
        }
        this.ledger =
                new TestLedger(board, nodes.values().stream().map(Node::member).toList());
        nodes.values().forEach(Node::start);
    }

    /** Small and quick: two presignatures a batch. */
    static BoardParameters parameters() {
        return new BoardParameters(
                2,
                4,
                2,
                8,
                new BoardParameters.Deadline(40, 6_000),
                new BoardParameters.Deadline(20, 3_000),
                new BoardParameters.Deadline(10, 1_500),
                64);
    }

    private record Delivery(long at, long order, int from, int to, Bytes payload) implements Comparable<Delivery> {
        @Override
        public int compareTo(Delivery other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    /** One member: keys that survive a restart, a machine that does not. */
    final class Node {
        final int slot;
        final SigningKey nodeKey = SigningKey.generate();
        final SigningKey vote = SigningKey.generate();
        final ShareKey keyEncryption = ShareKey.generate();
        final MemoryStore store = new MemoryStore();
        final List<Effect.Report> reports = new ArrayList<>();
        final Dealers dealers;
        Function<Effect, Optional<Effect>> filter = Optional::of;
        ShareKey bootEncryption = ShareKey.generate();
        long boot = 1;
        boolean up;
        Optional<MpcMachine> machine = Optional.empty();

        Node(int slot, Dealers dealers) {
            this.slot = slot;
            this.dealers = dealers;
        }

        Member member() {
            return new Member(
                    slot,
                    nodeKey.id(),
                    vote.id(),
                    keyEncryption.id(),
                    bootEncryption.id(),
                    boot,
                    0,
                    "D",
                    Bytes.zeros(32));
        }

        void start() {
            up = true;
            machine = Optional.of(
                    new MpcMachine(new Self(nodeKey.id(), vote, keyEncryption, bootEncryption, boot), store, dealers));
        }

        void step(Input input) {
            if (up) {
                machine.orElseThrow()
                        .step(input)
                        .forEach(effect -> filter.apply(effect).ifPresent(this::run));
            }
        }

        private void run(Effect effect) {
            switch (effect) {
                case Effect.Send send -> transmit(slot, send.slot(), send.message());
                case Effect.Broadcast broadcast ->
                    nodes.keySet().stream()
                            .filter(to -> to != slot)
                            .forEach(to -> transmit(slot, to, broadcast.message()));
                case Effect.Submit submit -> submit(this, submit.transaction());
                case Effect.Persist persist -> {
                    store.put(persist.id(), persist.epoch(), persist.secret());
                    persist.secret().close();
                }
                case Effect.Report report -> reports.add(report);
                case Effect.Alarm alarm -> alarms.add("slot " + slot + ": " + alarm.text());
            }
        }
    }

    /** What a disk would keep. */
    static final class MemoryStore implements KeyShareStore {
        private final Map<String, Bytes> content = new TreeMap<>();

        @Override
        public void put(String id, long epoch, SecretBytes secret) {
            content.put(epoch + "/" + id, secret.use(Bytes::of));
        }

        @Override
        public Optional<SecretBytes> get(String id, long epoch) {
            return Optional.ofNullable(content.get(epoch + "/" + id)).map(b -> SecretBytes.taking(b.toArray()));
        }

        Map<String, Bytes> content() {
            return content;
        }
    }

    @Override
    public int module() {
        return 3;
    }

    @Override
    public void signatureProduced(Context own, SigningRequest request, Point publicKey, Signature signature) {
        answers.put(request.requestId(), signature);
        answered.merge(request.requestId(), 1, Integer::sum);
    }

    void network(double loss, double duplicates, int delay) {
        lossRate = loss;
        duplicateRate = duplicates;
        maxDelay = delay;
    }

    /** Kills the machine; nothing of it survives but the store and the sealed keys. */
    void kill(int slot) {
        Node node = nodes.get(slot);
        node.up = false;
        node.machine.orElseThrow().close();
        node.machine = Optional.empty();
    }

    /** Starts a killed node in a new boot and lets the membership module order its new keys. */
    void restart(int slot) {
        Node node = nodes.get(slot);
        node.boot++;
        node.bootEncryption = ShareKey.generate();
        node.start();
        steps.add(context -> {
            register(context, node.member());
            board.slotRestarted(context, slot, node.boot);
        });
    }

    void request(SigningRequest request) {
        steps.add(context -> board.requestSignature(context, request));
    }

    MpcKeys keys() {
        return new MpcKeys(ledger.view(0));
    }

    BoardView view() {
        return BoardView.of(ledger.view(0));
    }

    List<Fault> faultsSeenOf(int slot) {
        return nodes.values().stream()
                .flatMap(n -> n.reports.stream())
                .filter(r -> r.slot() == slot)
                .map(Effect.Report::fault)
                .distinct()
                .toList();
    }

    /** Runs until a condition holds; fails after so much simulated time. */
    void until(String what, long limitMillis, BooleanSupplier condition) {
        long end = now + limitMillis;
        while (!condition.getAsBoolean()) {
            if (now >= end) {
                throw new AssertionError("no " + what + " within " + limitMillis + " ms; seed " + seed + ", height "
                        + ledger.height() + ", instances " + view().instances().size() + ", batches "
                        + view().batches() + ", refusals " + ledger.refusals() + ", alarms " + alarms);
            }
            round();
        }
    }

    void run(long millis) {
        long end = now + millis;
        while (now < end) {
            round();
        }
    }

    /** One block and everything that arrives until the next one. */
    private void round() {
        ledger.block(BLOCK_MILLIS, Optional.of(context -> {
            for (TestLedger.Step step : List.copyOf(steps)) {
                step.run(context);
            }
            steps.clear();
        }));
        Snapshot snapshot = Snapshot.read(
                ledger.view(0),
                TestLedger.CHAIN,
                TestLedger.EPOCH,
                ledger.height(),
                new MembershipCommittee().committee(ledger.view(0)).orElseThrow(),
                ledger::blockId);
        nodes.values().forEach(node -> node.step(new Input.Advanced(snapshot, now)));
        long end = now + BLOCK_MILLIS;
        while (!queue.isEmpty() && queue.peek().at() <= end) {
            Delivery delivery = queue.poll();
            now = Math.max(now, delivery.at());
            deliver(delivery);
        }
        now = end;
        nodes.values().forEach(node -> node.step(new Input.Tick(now)));
    }

    private void deliver(Delivery delivery) {
        nodes.get(delivery.to()).step(new Input.Received(delivery.from(), Message.decode(delivery.payload()), now));
    }

    private void transmit(int from, int to, Message message) {
        if (random.nextDouble() < lossRate || !nodes.get(to).up) {
            return;
        }
        int copies = random.nextDouble() < duplicateRate ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            queue.add(new Delivery(now + 1 + random.nextInt(maxDelay), order++, from, to, message.encode()));
        }
    }

    void submit(Node node, BoardTransaction transaction) {
        ledger.submit(Transaction.sign(
                node.vote,
                TestLedger.CHAIN,
                BoardModule.ID,
                transaction.kind(),
                ledger.height() + 50,
                transaction.encode()));
    }

    private static void register(Context context, Member member) throws Refusal {
        Bytes key = Bytes.concat(
                Bytes.utf8("member/"), new Writer().u16(member.slot()).toBytes());
        context.as(1).put(key, member.encode());
    }
}
