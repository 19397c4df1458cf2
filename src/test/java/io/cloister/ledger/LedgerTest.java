package io.cloister.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.BlockContext;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Execution;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.SnapshotTaker;
import io.cloister.consensus.StateSnapshot;
import io.cloister.consensus.TransactionRefused;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.membership.Member;
import io.cloister.ledger.membership.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final String CHAIN = "ledger-test";
    private final SigningKey voteKey = SigningKey.generate();
    private final ValidatorSet validators = new ValidatorSet(List.of(new Validator(
            1, SigningKey.generate().publicKey().encode(), voteKey.publicKey().encode(), 1, 1)));
    private final List<Module> modules = List.of(new Committee(), new CounterModule());
    private final Genesis genesis =
            new Genesis(CHAIN, 0, 1_000, validators, Ledger.firstState(CHAIN, 0, 1_000, validators, modules));
    private final Ledger ledger = new Ledger(genesis, modules);

    /** Stands in the place of the membership module with one founder. */
    private final class Committee implements Module {
        @Override
        public int id() {
            return Members.MODULE;
        }

        @Override
        public void genesis(Context context) {
            Validator only = validators.at(0);
            context.put(
                    Bytes.concat(Bytes.utf8("member/"), Bytes.of((byte) 0, (byte) 1)),
                    new Member(
                                    1,
                                    only.nodeId(),
                                    only.voteKey(),
                                    only.nodeId(),
                                    only.nodeId(),
                                    1,
                                    0,
                                    "D",
                                    Bytes.zeros(32))
                            .encode());
        }

        @Override
        public void check(Transaction transaction, View state) {}

        @Override
        public void execute(Transaction transaction, Context context) {}
    }

    @Test
    void executesTransactionsAndKeepsWhatTheyWroteOnlyWhenCommitted() throws Exception {
        Execution execution = ledger.process(at(1), List.of(add(5, 100), add(7, 101)));
        assertThat(CounterModule.read(ledger.state().module(CounterModule.ID), CounterModule.TOTAL))
                .isZero();
        Committed committed = commit(1, execution, List.of(add(5, 100), add(7, 101)));
        assertThat(CounterModule.read(committed.state().module(CounterModule.ID), CounterModule.TOTAL))
                .isEqualTo(12);
        assertThat(committed.receipts()).hasSize(3).allMatch(Receipt::succeeded);
        assertThat(execution.receiptsRoot()).isEqualTo(Ledger.receiptsRoot(committed.receipts()));
    }

    @Test
    void undoesTheWritesOfARefusedTransactionAndKeepsItsCode() throws Exception {
        List<Bytes> transactions = List.of(add(5, 100), add(0, 100));
        Committed committed = commit(1, ledger.process(at(1), transactions), transactions);
        assertThat(CounterModule.read(ledger.state().module(CounterModule.ID), CounterModule.TOTAL))
                .isEqualTo(5);
        assertThat(committed.receipts().get(1).code()).isEqualTo("zero");
        assertThat(committed.receipts().get(1).events()).isEmpty();
    }

    @Test
    void refusesWhatWasOrderedBeforeUntilItExpires() throws Exception {
        Bytes once = add(5, 3);
        commit(1, ledger.process(at(1), List.of(once)), List.of(once));
        assertThatThrownBy(() -> ledger.check(once))
                .isInstanceOf(TransactionRefused.class)
                .hasMessageContaining("duplicate");
        Committed again = commit(2, ledger.process(at(2), List.of(once)), List.of(once));
        assertThat(again.receipts()).as("no trace of what was ordered before").hasSize(1);
        for (long height = 3; height <= 4; height++) {
            commit(height, ledger.process(at(height), List.of()), List.of());
        }
        assertThatThrownBy(() -> ledger.check(once)).hasMessageContaining("expired");
        assertThat(ledger.state().module(Ledger.FRAME).scan(Bytes.utf8("seen/"), 10))
                .isEmpty();
    }

    @Test
    void refusesForeignChainsUnknownSendersBadSignaturesAndBytesThatAreNoTransaction() {
        Transaction good = Transaction.decode(add(1, 10));
        Transaction elsewhere = Transaction.sign(voteKey, "other", CounterModule.ID, 1, 10, CounterModule.number(1));
        Transaction stranger =
                Transaction.sign(SigningKey.generate(), CHAIN, CounterModule.ID, 1, 10, CounterModule.number(1));
        Transaction forged = new Transaction(
                CHAIN, CounterModule.ID, 1, 10, good.sender(), CounterModule.number(2), good.signature());
        Transaction late = Transaction.sign(voteKey, CHAIN, CounterModule.ID, 1, 10_000, CounterModule.number(1));
        assertCode("wrong-chain", elsewhere.encode());
        assertCode("unknown-sender", stranger.encode());
        assertCode("signature-invalid", forged.encode());
        assertCode("expired", late.encode());
        assertCode("malformed", Bytes.of((byte) 1));
        assertCode(
                "unknown-module",
                Transaction.sign(voteKey, CHAIN, 77, 1, 10, Bytes.EMPTY).encode());
    }

    @Test
    void aBlockExecutesATransactionOnlyOnce() throws InvalidBlock {
        Bytes once = add(5, 100);
        Committed committed = commit(1, ledger.process(at(1), List.of(once, once)), List.of(once, once));
        assertThat(CounterModule.read(committed.state().module(CounterModule.ID), CounterModule.TOTAL))
                .isEqualTo(5);
        assertThat(committed.receipts()).hasSize(2);
    }

    @Test
    void whatIsNoLongerAdmissibleLeavesNoReceipt() throws InvalidBlock {
        List<Bytes> transactions = List.of(add(5, 0), Bytes.of((byte) 1), add(7, 100));
        Committed committed = commit(1, ledger.process(at(1), transactions), transactions);
        assertThat(committed.receipts()).hasSize(2);
        assertThat(committed.receipts().getFirst().transactionHash())
                .isEqualTo(Transaction.decode(transactions.getLast()).hash());
    }

    @Test
    void leavesOutBatchesOfWhichNothingCanBeExecuted() {
        Batch dead = new Batch(List.of(add(5, 0), Bytes.of((byte) 1)));
        Batch alive = new Batch(List.of(add(5, 0), add(7, 100)));
        assertThat(ledger.prepare(at(1), List.of(dead, alive), 10_000)).containsExactly(alive);
    }

    @Test
    void bytesThatAreNoTransactionHaveNoSender() {
        assertThat(ledger.sender(Bytes.of((byte) 1))).isEmpty();
        assertThat(ledger.sender(add(1, 100))).contains(voteKey.id());
    }

    @Test
    void aStateIsTakenInChunksAndOnlyAsItWasCertified() throws Exception {
        Execution execution = ledger.process(at(1), List.of(add(5, 100)));
        Block block = block(1, execution, List.of(add(5, 100)));
        StateSnapshot before = ledger.snapshot();
        Certificate certificate =
                new Certificate(0, 1, 0, block.id(), List.of(new CommitSignature(1, Bytes.zeros(65))));
        ledger.finalizeBlock(block, certificate, execution);
        StateSnapshot after = ledger.snapshot();

        Ledger joining = new Ledger(genesis, modules);
        SnapshotTaker taker = joining.taker(block.header());
        assertThat(taker.accept(Bytes.utf8("no chunk"))).isFalse();
        assertThat(taker.accept(before.chunk(Bytes.EMPTY, 64))).isFalse();
        int chunks = 0;
        while (taker.missing().isPresent()) {
            Bytes chunk = after.chunk(taker.missing().get(), 64);
            assertThat(taker.accept(chunk)).isTrue();
            assertThat(taker.accept(chunk)).isFalse();
            chunks++;
        }
        assertThat(chunks).isGreaterThan(1);
        taker.adopt();
        assertThat(joining.height()).isEqualTo(1);
        assertThat(joining.snapshot().chunk(Bytes.EMPTY, 1_000)).isEqualTo(after.chunk(Bytes.EMPTY, 1_000));
    }

    @Test
    void takesUpAStoredStateOnlyWhenItsRootIsTheCertifiedOne() throws Exception {
        SortedMap<Bytes, Bytes> stored = new TreeMap<>(genesis.state());
        Execution execution = ledger.process(at(1), List.of(add(5, 100)));
        execution
                .changes()
                .forEach(c -> c.value().ifPresentOrElse(v -> stored.put(c.key(), v), () -> stored.remove(c.key())));
        Header header = block(1, execution, List.of(add(5, 100))).header();

        Ledger restarted = new Ledger(genesis, modules);
        restarted.restore(stored, Optional.of(header));
        assertThat(restarted.height()).isEqualTo(1);
        assertThat(CounterModule.read(restarted.state().module(CounterModule.ID), CounterModule.TOTAL))
                .isEqualTo(5);

        stored.put(BlockState.absolute(CounterModule.ID, CounterModule.TOTAL), CounterModule.number(6));
        assertThatThrownBy(() -> new Ledger(genesis, modules).restore(stored, Optional.of(header)))
                .isInstanceOf(StateMismatch.class);
    }

    @Test
    void provesAValueUnderTheStateRootOfTheHeader() throws Exception {
        Execution execution = ledger.process(at(1), List.of(add(5, 100)));
        commit(1, execution, List.of(add(5, 100)));
        var proof = ledger.prove(CounterModule.ID, CounterModule.TOTAL).orElseThrow();
        assertThat(proof.proves(execution.stateRoot())).isTrue();
        assertThat(proof.value()).isEqualTo(CounterModule.number(5));
    }

    @Test
    void aListenerThatFailsKeepsNeitherTheOthersNorTheChainFromTheBlock() throws InvalidBlock {
        List<Long> told = new ArrayList<>();
        ledger.addListener(committed -> {
            throw new IllegalStateException("cannot take it in");
        });
        ledger.addListener(committed -> told.add(committed.block().height()));
        commit(1, ledger.process(at(1), List.of()), List.of());
        commit(2, ledger.process(at(2), List.of()), List.of());
        assertThat(told).containsExactly(1L, 2L);
        assertThat(ledger.height()).isEqualTo(2);
    }

    private void assertCode(String code, Bytes transaction) {
        assertThatThrownBy(() -> ledger.check(transaction))
                .isInstanceOfSatisfying(
                        TransactionRefused.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private Committed commit(long height, Execution execution, List<Bytes> transactions) {
        List<Committed> seen = new ArrayList<>();
        ledger.addListener(seen::add);
        Block block = block(height, execution, transactions);
        CommitSignature signature =
                new CommitSignature(1, voteKey.sign(Bytes.zeros(32)).recoverable());
        ledger.finalizeBlock(block, new Certificate(0, height, 0, block.id(), List.of(signature)), execution);
        return seen.getLast();
    }

    private Block block(long height, Execution execution, List<Bytes> transactions) {
        return TestBlocks.block(CHAIN, at(height), transactions, validators.hash(), execution);
    }

    private static BlockContext at(long height) {
        return TestBlocks.context(height, 1_000 + height, Bytes.zeros(33), Bytes.zeros(32));
    }

    private Bytes add(long number, long validUntil) {
        return Transaction.sign(voteKey, CHAIN, CounterModule.ID, 1, validUntil, CounterModule.number(number))
                .encode();
    }
}
