package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Statement;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.TestStatements;
import io.cloister.crypto.SigningKey;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The keys of one boot; what is stated goes to a taker at once. */
final class TestBoot implements BootSigner {
    private final Bytes voteKey;
    private final long counter;
    private final UnaryOperator<Bytes> byVoteKey;
    private final UnaryOperator<Bytes> bySlotKey;
    private Consumer<Statement> taker = statement -> {};

    private TestBoot(Bytes voteKey, long counter, UnaryOperator<Bytes> byVoteKey, UnaryOperator<Bytes> bySlotKey) {
        this.voteKey = voteKey;
        this.counter = counter;
        this.byVoteKey = byVoteKey;
        this.bySlotKey = bySlotKey;
    }

    /** With the stand-ins of {@link TestKeys}, for slot {@code index + 1}. */
    static TestBoot of(int index, long counter) {
        Bytes voteKey = TestKeys.voteKey(index, counter);
        return new TestBoot(
                voteKey,
                counter,
                digest -> TestKeys.sign(voteKey, digest),
                digest -> TestKeys.sign(TestKeys.nodeId(index), digest));
    }

    /** With real keys. */
    static TestBoot of(SigningKey slotKey, SigningKey voteKey, long counter) {
        return new TestBoot(
                voteKey.id(),
                counter,
                digest -> voteKey.sign(digest).recoverable(),
                digest -> slotKey.sign(digest).recoverable());
    }

    void connect(Consumer<Statement> to) {
        taker = to;
    }

    /** The transaction that seats this boot. */
    String rekey(int slot) {
        return TestApplication.rekey(slot, voteKey, counter);
    }

    @Override
    public Bytes voteKey() {
        return voteKey;
    }

    @Override
    public Bytes sign(Bytes digest) {
        return byVoteKey.apply(digest);
    }

    @Override
    public Bytes signBySlot(Bytes digest) {
        return bySlotKey.apply(digest);
    }

    @Override
    public void state(Request wanted) {
        Bytes evidence = TestStatements.evidence(voteKey, counter);
        taker.accept(wanted.statement(voteKey, counter, evidence, this::signBySlot));
    }
}
