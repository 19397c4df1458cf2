package io.cloister.mpc.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.consensus.core.Pace;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.EthereumAddress;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.Transaction;
import io.cloister.mpc.board.Batch.Stage;
import io.cloister.mpc.board.BoardTransaction.ConfirmTranscript;
import io.cloister.mpc.board.BoardTransaction.DemandPacket;
import io.cloister.mpc.board.BoardTransaction.IncludeDealing;
import io.cloister.mpc.board.BoardTransaction.SignatureProduced;
import io.cloister.mpc.board.BoardTransaction.Support;
import io.cloister.mpc.dealing.InstanceKind;
import io.cloister.mpc.sharing.Derivation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BoardModuleTest {
    private final BoardHarness harness = new BoardHarness(4, BoardHarness.parameters());

    @BeforeEach
    void firstBlock() {
        harness.ledger.block(100);
    }

    private static SigningRequest request(String name, String... path) {
        return new SigningRequest(
                Hashes.sha256(Bytes.utf8("id of " + name)),
                Hashes.sha256(Bytes.utf8(name)),
                List.of(path).stream().map(Bytes::utf8).toList(),
                "test");
    }

    private void ready() {
        harness.makeKeys();
        for (Batch batch : harness.view().batches()) {
            harness.makeBatch(batch.number(), 1, 2, 3, 4);
        }
    }

    private Signature signed(SigningRequest request) {
        try (SecretScalar x = SecretScalar.decode(harness.root.export());
                SecretScalar child = x.add(Derivation.tweak(harness.root.publicKey(), request.path()))) {
            return Ecdsa.sign(child, request.digest());
        }
    }

    @Test
    void opensBothKeysWithTheFirstBlock() {
        assertThat(harness.view().instances())
                .extracting(Instance::kind)
                .containsExactly(InstanceKind.KEY_RANDOM, InstanceKind.KEY_RANDOM);
        assertThat(harness.view().instances()).extracting(Instance::label).containsExactly("signing", "beacon");
        assertThat(harness.view().parameters()).isEqualTo(BoardHarness.parameters());
    }

    @Test
    void refusesADealingWithFewerSupportsThanAQuorum() {
        assertThat(harness.execute(1, harness.dealing(1, 1, 1, 2))).contains("too-few-supports");
        assertThat(harness.execute(1, harness.dealing(1, 1, 1, 2, 3))).isEmpty();
    }

    @Test
    void refusesADealingWithoutItsDealersOwnSupport() {
        assertThat(harness.execute(1, harness.dealing(1, 1, 2, 3, 4))).contains("too-few-supports");
    }

    @Test
    void refusesASupportThatIsCountedTwice() {
        assertThat(harness.execute(1, harness.dealing(1, 1, 1, 2, 2))).contains("bad-support");
    }

    @Test
    void refusesASupportForAnotherInstanceOrDealer() {
        Support elsewhere = harness.support(2, 1, 3);
        IncludeDealing good = harness.dealing(1, 1, 1, 2);
        List<Support> supports = new ArrayList<>(good.supports());
        supports.add(elsewhere);
        assertThat(harness.execute(1, new IncludeDealing(1, 1, good.dealingId(), supports)))
                .contains("bad-support");
        supports.set(2, harness.support(1, 2, 3));
        assertThat(harness.execute(1, new IncludeDealing(1, 1, good.dealingId(), supports)))
                .contains("bad-support");
    }

    @Test
    void refusesDealersThatAreNoSlots() {
        assertThat(harness.execute(1, harness.dealing(1, 0, 1, 2, 3))).contains("not-a-dealer");
        assertThat(harness.execute(1, harness.dealing(1, 5, 1, 2, 3))).contains("not-a-dealer");
    }

    @Test
    void fixesTheSetByBlockOrderAtTPlusOne() {
        assertThat(harness.execute(3, harness.dealing(1, 3, 1, 2, 3))).isEmpty();
        assertThat(harness.execute(3, harness.dealing(1, 3, 1, 2, 3))).contains("already-included");
        assertThat(harness.execute(2, harness.dealing(1, 2, 1, 2, 3))).isEmpty();
        assertThat(harness.execute(1, harness.dealing(1, 1, 1, 2, 3))).contains("set-complete");
        assertThat(harness.view().instance(1).orElseThrow().dealings().keySet()).containsExactly(2, 3);
        assertThat(harness.view().key("signing").orElseThrow().unmaskInstance()).isEqualTo(3);
    }

    @Test
    void refusesStrangersAtTheDoor() {
        SigningKey stranger = SigningKey.generate();
        BoardTransaction body = harness.dealing(1, 1, 1, 2, 3);
        assertThat(harness.ledger.submit(
                        Transaction.sign(stranger, TestLedger.CHAIN, BoardModule.ID, body.kind(), 20, body.encode())))
                .contains("not-a-member");
        assertThat(harness.ledger.submit(Transaction.sign(
                        harness.votes.get(1), TestLedger.CHAIN, BoardModule.ID, 99, 20, body.encode())))
                .contains("malformed");
        assertThat(harness.check(1, new SignatureProduced(Bytes.zeros(32), signed(request("x")))))
                .contains("already-answered");
        assertThat(harness.check(1, new DemandPacket(77, 1))).contains("unknown-instance");
    }

    @Test
    void completesAKeyOnlyWhenAQuorumSaysTheSame() {
        harness.close(1, 1, 2);
        long unmask = harness.view().key("signing").orElseThrow().unmaskInstance();
        assertThat(harness.execute(1, harness.key(unmask, harness.root.publicKey())))
                .contains("nothing-to-confirm");
        harness.close(unmask, 1, 2);
        ConfirmTranscript lie = harness.key(unmask, SigningKey.generate().publicKey());
        assertThat(harness.execute(1, lie)).isEmpty();
        assertThat(harness.execute(2, harness.key(unmask, harness.root.publicKey())))
                .isEmpty();
        assertThat(harness.execute(3, harness.key(unmask, harness.root.publicKey())))
                .isEmpty();
        assertThat(harness.keys().signingKey()).isEmpty();
        assertThat(harness.execute(3, harness.key(unmask, harness.root.publicKey())))
                .contains("already-confirmed");
        assertThat(harness.execute(4, harness.key(unmask, harness.root.publicKey())))
                .isEmpty();
        assertThat(harness.keys().signingKey()).contains(harness.root.publicKey());
        assertThat(harness.keys().ethereumAddress()).contains(EthereumAddress.of(harness.root.publicKey()));
    }

    @Test
    void refusesAKeyWithAnotherNumberOfCommitments() {
        harness.close(1, 1, 2);
        long unmask = harness.view().key("signing").orElseThrow().unmaskInstance();
        harness.close(unmask, 1, 2);
        assertThat(harness.execute(
                        1, new ConfirmTranscript(unmask, Bytes.zeros(32), List.of(harness.root.publicKey()))))
                .contains("malformed");
    }

    @Test
    void opensBatchesUpToTheHighMarkOnceThereIsASigningKey() {
        assertThat(harness.view().batches()).isEmpty();
        harness.makeKeys();
        assertThat(harness.view().batches()).hasSize(2).allMatch(b -> b.stage() == Stage.RANDOM);
        assertThat(harness.keys().poolInProgress()).isEqualTo(4);
    }

    @Test
    void countsTwoTPlusOneProductsAndAQuorumOfHolders() {
        harness.makeKeys();
        harness.close(harness.view().batch(1).orElseThrow().randomInstance(), 1, 2);
        Batch batch = harness.view().batch(1).orElseThrow();
        assertThat(batch.stage()).isEqualTo(Stage.PRODUCT);
        harness.execute(1, harness.dealing(batch.productInstance(), 1, 1, 2, 3));
        harness.execute(2, harness.dealing(batch.productInstance(), 2, 1, 2, 3));
        assertThat(harness.view().batch(1).orElseThrow().stage()).isEqualTo(Stage.PRODUCT);
        harness.execute(3, harness.dealing(batch.productInstance(), 3, 1, 2, 3));
        assertThat(harness.view().batch(1).orElseThrow().stage()).isEqualTo(Stage.CONFIRMING);

        ConfirmTranscript same = new ConfirmTranscript(batch.productInstance(), Bytes.zeros(32), List.of());
        ConfirmTranscript other =
                new ConfirmTranscript(batch.productInstance(), Hashes.sha256(Bytes.utf8("other")), List.of());
        harness.execute(1, same);
        harness.execute(2, other);
        harness.execute(3, same);
        assertThat(harness.keys().poolLevel()).isZero();
        harness.execute(4, same);
        assertThat(harness.keys().poolLevel()).isEqualTo(2);
        assertThat(harness.keys().presignatures())
                .allSatisfy(held ->
                        assertThat(held.holders()).extracting(Generation::slot).containsExactly(1, 3, 4));
        assertThat(harness.execute(4, same)).contains("already-confirmed");
    }

    @Test
    void retiresARestartedSlotAtOnceAndDiscardsBelowAQuorum() {
        harness.makeKeys();
        harness.makeBatch(1, 1, 2, 3, 4);
        assertThat(harness.keys().heldBy(2)).isEqualTo(2);
        long random = harness.view().batch(2).orElseThrow().randomInstance();
        harness.restart(2);
        assertThat(harness.keys().heldBy(2)).isZero();
        assertThat(harness.keys().poolLevel()).isEqualTo(2);
        assertThat(harness.execute(2, harness.dealing(random, 2, 1, 2, 3))).contains("retired");
        assertThat(harness.execute(1, harness.dealing(random, 1, 1, 2, 3))).contains("retired");
        assertThat(harness.execute(1, harness.dealing(random, 1, 1, 3, 4))).isEmpty();
        harness.restart(3);
        assertThat(harness.view().batch(1)).isEmpty();
        assertThat(harness.view().batch(2)).isEmpty();
        assertThat(harness.view().instance(random)).isEmpty();
        assertThat(harness.view().batches().getLast().live()).hasSize(4);
        assertThat(harness.keys().poolInProgress())
                .as("refilled in the same block")
                .isPositive();
    }

    @Test
    void opensABatchForABootThatNoneWasDealtTo() {
        ready();
        int before = harness.view().batches().size();
        harness.restart(4);
        assertThat(harness.view().batches()).hasSize(before + 1);
        assertThat(harness.view().batches().getLast().live()).contains(new Generation(4, 2));
        harness.ledger.block(100);
        assertThat(harness.view().batches()).as("only one").hasSize(before + 1);
    }

    @Test
    void assignsInTheOrderOfRequestsAndAnswersOnceForEver() {
        ready();
        SigningRequest request = request("one", "gateway", "7");
        assertThat(harness.request(request)).isEmpty();
        RequestState state = harness.view().request(request.requestId()).orElseThrow();
        assertThat(state.assignment().orElseThrow().presignature()).isEqualTo(new PresignatureId(1, 0));
        assertThat(state.assignment().orElseThrow().holders()).hasSize(4);
        assertThat(harness.keys().poolLevel()).isEqualTo(3);

        Signature signature = signed(request);
        assertThat(harness.execute(2, new SignatureProduced(request.requestId(), signature)))
                .isEmpty();
        assertThat(harness.sunk).containsExactly(signature);
        assertThat(harness.ledger.view(3).get(request.requestId())).contains(signature.recoverable());
        assertThat(harness.execute(3, new SignatureProduced(request.requestId(), signature)))
                .contains("already-answered");
        assertThat(harness.request(request)).as("a repeat changes nothing").isEmpty();
        assertThat(harness.view().request(request.requestId()).orElseThrow().answer())
                .contains(signature);
        assertThat(harness.sunk).hasSize(1);
        assertThat(harness.view().pending()).isEmpty();
    }

    @Test
    void refusesAnotherRequestUnderAKnownId() {
        ready();
        SigningRequest request = request("one");
        harness.request(request);
        SigningRequest other =
                new SigningRequest(request.requestId(), request("two").digest(), List.of(), "test");
        assertThat(harness.request(other)).contains("request-differs");
    }

    @Test
    void refusesSignaturesThatAreNotTheKeysInTheirOneForm() {
        ready();
        SigningRequest request = request("one");
        harness.request(request);
        Signature good = signed(request);
        Signature high = new Signature(good.r(), good.s().negate(), good.recoveryId() ^ 1);
        Signature otherId = new Signature(good.r(), good.s(), good.recoveryId() ^ 1);
        Signature otherKey = SigningKey.generate().sign(request.digest());
        Signature otherDigest = harness.root.sign(request("two").digest());
        for (Signature wrong : List.of(high, otherId, otherKey, otherDigest)) {
            assertThat(harness.execute(1, new SignatureProduced(request.requestId(), wrong)))
                    .contains("signature-wrong");
        }
        assertThat(harness.sunk).isEmpty();
        assertThat(harness.execute(1, new SignatureProduced(request.requestId(), good)))
                .isEmpty();
    }

    @Test
    void burnsALatePresignatureAndTakesAnother() {
        ready();
        SigningRequest request = request("late");
        harness.request(request);
        for (int k = 0; k < 5; k++) {
            harness.ledger.block(100);
        }
        RequestState state = harness.view().request(request.requestId()).orElseThrow();
        assertThat(state.attempts()).isEqualTo(2);
        assertThat(state.assignment().orElseThrow().presignature()).isEqualTo(new PresignatureId(1, 1));
        assertThat(harness.execute(1, new SignatureProduced(request.requestId(), signed(request))))
                .as("a signature of the first attempt is as good")
                .isEmpty();
    }

    @Test
    void reassignsAtOnceWhenTooFewHoldersAreLeft() {
        harness.makeKeys();
        harness.makeBatch(1, 1, 2, 3);
        SigningRequest request = request("lost");
        harness.request(request);
        harness.restart(1);
        assertThat(harness.view().request(request.requestId()).orElseThrow().assignment())
                .as("two of three are t+1")
                .isPresent();
        harness.restart(2);
        assertThat(harness.view().request(request.requestId()).orElseThrow().assignment())
                .isEmpty();
        long fresh = harness.view().batches().getLast().number();
        harness.makeBatch(fresh, 1, 2, 3, 4);
        assertThat(harness.view().request(request.requestId()).orElseThrow().attempts())
                .isEqualTo(2);
    }

    @Test
    void boundsTheQueue() {
        harness.makeKeys();
        for (int k = 0; k < 3; k++) {
            assertThat(harness.request(request("queued " + k))).isEmpty();
        }
        assertThat(harness.request(request("one too many"))).contains("signing-queue-full");
    }

    @Test
    void discardsABatchThatTakesTooLong() {
        harness.makeKeys();
        long first = harness.view().batches().getFirst().number();
        for (int k = 0; k < 60; k++) {
            harness.ledger.block(100);
        }
        assertThat(harness.view().batch(first)).isEmpty();
        assertThat(harness.view().batches()).isNotEmpty();
    }

    @Test
    void takesDemandsOnlyFromLiveReceiversOfIncludedPresignatureDealings() {
        harness.makeKeys();
        long random = harness.view().batch(1).orElseThrow().randomInstance();
        assertThat(harness.execute(1, new DemandPacket(random, 2))).contains("unknown-dealing");
        harness.execute(2, harness.dealing(random, 2, 2, 3, 4));
        assertThat(harness.execute(1, new DemandPacket(random, 2))).isEmpty();
        assertThat(harness.execute(1, new DemandPacket(random, 2))).contains("already-demanded");
        assertThat(harness.execute(2, new DemandPacket(random, 2))).contains("unknown-dealing");
    }

    @Test
    void refusesRequestsThatCannotBeServed() {
        Bytes id = Bytes.zeros(32);
        Bytes order = Scalar.ONE.negate().encode();
        byte[] q = order.toArray();
        q[31]++;
        for (Bytes digest : List.of(Bytes.zeros(32), Bytes.wrap(q), Bytes.zeros(31))) {
            assertThatThrownBy(() -> new SigningRequest(id, digest, List.of(), "zero digest"))
                    .isInstanceOf(CodecException.class);
        }
        assertThatThrownBy(() -> new SigningRequest(id, order, List.of(Bytes.EMPTY), "empty element"))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void deadlinesOfAQuietChainAreTheirTimeAndNotTheirBlocks() {
        long emptyBlockMillis = Pace.DEFAULT.emptyBlockInterval();
        BoardParameters defaults = BoardParameters.defaults();
        for (BoardParameters.Deadline deadline : List.of(defaults.batch(), defaults.request(), defaults.demand())) {
            assertThat(deadline.blocks()).isPositive();
            assertThat(deadline.blocks() * emptyBlockMillis).isLessThanOrEqualTo(deadline.millis());
        }
    }

    @Test
    void refusesParametersThatCannotWorkTogether() {
        BoardParameters.Deadline deadline = new BoardParameters.Deadline(1, 1);
        assertThatThrownBy(() -> new BoardParameters(5, 4, 2, 4, deadline, deadline, deadline, 1))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> new BoardParameters(2, 9, 2, 4, deadline, deadline, deadline, 1))
                .isInstanceOf(CodecException.class);
    }
}
