package io.cloister.mpc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.channel.PeerNetwork;
import io.cloister.channel.PeerStatus;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Header;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.SecretBytes;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.Committed;
import io.cloister.ledger.Context;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.Member;
import io.cloister.mpc.KeyShareStore;
import io.cloister.mpc.MembershipCommittee;
import io.cloister.mpc.board.BoardModule;
import io.cloister.mpc.board.BoardParameters;
import io.cloister.mpc.board.MpcKeys;
import io.cloister.mpc.board.SignatureSink;
import io.cloister.mpc.board.SigningRequest;
import io.cloister.mpc.board.TestLedger;
import io.cloister.mpc.dealing.ShareKey;
import io.cloister.mpc.protocol.Message;
import io.cloister.mpc.protocol.Self;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Four nodes with a thread each, on one ledger that makes a block whenever the test says so. */
@Timeout(120)
class MpcNodeTest implements SignatureSink {
    private final BoardModule board = new BoardModule(BoardParameters.defaults(), new MembershipCommittee());
    private final List<Running> nodes = new ArrayList<>();
    private final Map<Bytes, Signature> answers = new ConcurrentHashMap<>();
    private TestLedger ledger;

    /** A node with everything it is given. */
    private final class Running implements PeerNetwork, LedgerClient, KeyShareStore {
        final SigningKey nodeKey = SigningKey.generate();
        final SigningKey vote = SigningKey.generate();
        final ShareKey bootEncryption = ShareKey.generate();
        final Map<String, Bytes> stored = new ConcurrentHashMap<>();
        final ShareKey keyEncryption = ShareKey.generate();
        final int slot;
        final MpcNode node;
        volatile BiConsumer<Bytes, Bytes> receiver = (from, payload) -> {};
        volatile Optional<Throwable> failing = Optional.empty();

        Running(int slot) {
            this.slot = slot;
            this.node = new MpcNode(
                    new Self(nodeKey.id(), vote, keyEncryption, bootEncryption, 1),
                    this,
                    new MembershipCommittee(),
                    this,
                    this);
        }

        Member member() {
            return new Member(
                    slot, nodeKey.id(), vote.id(), keyEncryption.id(), bootEncryption.id(), 1, 0, "D", Bytes.zeros(32));
        }

        @Override
        public Bytes self() {
            return nodeKey.id();
        }

        private void fail() {
            switch (failing.orElse(null)) {
                case null -> {}
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }

        @Override
        public Set<Bytes> connected() {
            return Set.of();
        }

        @Override
        public boolean send(Bytes nodeId, Topic topic, Bytes payload) {
            fail();
            nodes.stream().filter(n -> n.self().equals(nodeId)).forEach(n -> n.receiver.accept(self(), payload));
            return true;
        }

        @Override
        public void broadcast(Topic topic, Bytes payload) {
            throw new AssertionError("members are addressed one by one");
        }

        @Override
        public void subscribe(Topic topic, BiConsumer<Bytes, Bytes> subscriber) {
            assertThat(topic).isEqualTo(Topic.MPC);
            receiver = subscriber;
        }

        @Override
        public List<PeerStatus> status() {
            return List.of();
        }

        @Override
        public CompletableFuture<Receipt> submit(int module, int kind, Bytes body) {
            synchronized (board) {
                long validUntil = ledger.height() + 50;
                return ledger.submit(Transaction.sign(vote, TestLedger.CHAIN, module, kind, validUntil, body))
                        .map(code -> CompletableFuture.<Receipt>failedFuture(new Refusal(code, "refused")))
                        .orElseGet(CompletableFuture::new);
            }
        }

        @Override
        public View state() {
            synchronized (board) {
                return ledger.view(0);
            }
        }

        @Override
        public long height() {
            synchronized (board) {
                return ledger.height();
            }
        }

        @Override
        public void put(String id, long epoch, SecretBytes secret) {
            stored.put(epoch + "/" + id, secret.use(Bytes::of));
        }

        @Override
        public Optional<SecretBytes> get(String id, long epoch) {
            return Optional.ofNullable(stored.get(epoch + "/" + id)).map(b -> SecretBytes.taking(b.toArray()));
        }
    }

    @Override
    public int module() {
        return 3;
    }

    @Override
    public void signatureProduced(Context own, SigningRequest request, Point publicKey, Signature signature) {
        answers.put(request.requestId(), signature);
    }

    @AfterEach
    void stop() {
        nodes.forEach(n -> n.node.close());
    }

    private void block(Optional<TestLedger.Step> step) {
        Committed committed = made(step);
        nodes.forEach(n -> n.node.committed(committed));
    }

    private Committed made(Optional<TestLedger.Step> step) {
        synchronized (board) {
            ledger.block(100, step);
            Bytes zeros = Bytes.zeros(32);
            Header header = new Header(
                    TestLedger.CHAIN,
                    TestLedger.EPOCH,
                    ledger.height(),
                    0,
                    ledger.time(),
                    zeros,
                    zeros,
                    zeros,
                    zeros,
                    zeros,
                    ledger.root(),
                    zeros,
                    zeros,
                    List.of(),
                    nodes.getFirst().self());
            Block block = new Block(header, Optional.empty(), Optional.empty(), List.of());
            Certificate certificate = new Certificate(
                    TestLedger.EPOCH, ledger.height(), 0, block.id(), List.of(new CommitSignature(1, Bytes.zeros(65))));
            return new Committed(block, certificate, ledger.view(0), List.of());
        }
    }

    /** A state that nothing can be read from. */
    private record Unreadable() implements View {
        @Override
        public Optional<Bytes> get(Bytes key) {
            throw new IllegalStateException("cannot be read");
        }

        @Override
        public SortedMap<Bytes, Bytes> scan(Bytes prefix, int limit) {
            throw new IllegalStateException("cannot be read");
        }

        @Override
        public View module(int id) {
            return this;
        }
    }

    private void fourNodes() {
        board.connect(this);
        for (int slot = 1; slot <= 4; slot++) {
            nodes.add(new Running(slot));
        }
        ledger = new TestLedger(board, nodes.stream().map(Running::member).toList());
        nodes.forEach(n -> n.node.start());
    }

    private void until(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            block(Optional.empty());
            Thread.sleep(10);
        }
    }

    private MpcKeys keys() {
        synchronized (board) {
            return new MpcKeys(ledger.view(0));
        }
    }

    @Test
    void signsOverRealThreadsAndReportsWhatItHolds() throws InterruptedException {
        fourNodes();
        until(() -> keys().poolLevel() >= 8);
        SigningRequest request = new SigningRequest(
                Hashes.sha256(Bytes.utf8("id")), Hashes.sha256(Bytes.utf8("message")), List.of(), "test");
        block(Optional.of(context -> board.requestSignature(context, request)));
        until(() -> answers.size() == 1);

        Point key = keys().signingKey().orElseThrow();
        assertThat(Ecdsa.verify(key, request.digest(), answers.get(request.requestId())))
                .isTrue();
        for (Running running : nodes) {
            MpcStatus status = running.node.status();
            assertThat(status.signingShare()).isTrue();
            assertThat(status.beaconShare()).isTrue();
            assertThat(status.faults()).isEmpty();
            assertThat(status.alarms()).isZero();
        }
        assertThat(nodes.stream().filter(n -> n.node.status().presignaturesHeld() > 0))
                .hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void aNetworkOrAStateThatFailsIsAnAlarmAndNotTheEnd() throws InterruptedException {
        fourNodes();
        Running first = nodes.getFirst();
        first.failing = Optional.of(new IllegalArgumentException("no such peer"));
        until(() -> first.node.status().alarms() > 0);
        first.failing = Optional.empty();
        until(() -> first.node.status().signingShare());
        long before = first.node.status().alarms();
        Committed good = made(Optional.empty());
        first.node.committed(new Committed(good.block(), good.certificate(), new Unreadable(), List.of()));
        while (first.node.status().alarms() == before) {
            Thread.sleep(10);
        }
        assertThat(first.node.ended()).isEmpty();
        until(() -> first.node.status().presignaturesHeld() > 0);
    }

    @Test
    void saysThatItHasEndedAndWhy() throws InterruptedException {
        fourNodes();
        Running first = nodes.getFirst();
        assertThat(first.node.ended()).isEmpty();
        first.failing = Optional.of(new StackOverflowError("too deep"));
        until(() -> first.node.ended().isPresent());
        assertThat(first.node.ended()).hasValueSatisfying(why -> assertThat(why).contains("too deep"));
        until(() -> first.node.status().alarms() == 1);
    }

    @Test
    void survivesMessagesOfStrangersAndGarbage() throws InterruptedException {
        signsOverRealThreadsAndReportsWhatItHolds();
        Running first = nodes.getFirst();
        Bytes stranger = SigningKey.generate().id();
        first.receiver.accept(stranger, new Message.DealingRequest(1, 1).encode());
        assertThatThrownBy(() -> first.receiver.accept(stranger, Bytes.of((byte) 9)))
                .isInstanceOf(CodecException.class);
        long before = first.node.status().height();
        until(() -> first.node.status().height() > before);
        assertThat(first.node.status().alarms()).isZero();
    }
}
