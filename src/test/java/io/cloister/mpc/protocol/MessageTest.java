package io.cloister.mpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.MerkleTree;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;
import io.cloister.crypto.SigningKey;
import io.cloister.mpc.board.BoardTransaction;
import io.cloister.mpc.board.PresignatureId;
import io.cloister.mpc.dealing.Complaint;
import io.cloister.mpc.dealing.Dealer;
import io.cloister.mpc.dealing.Dealing;
import io.cloister.mpc.dealing.DealingContext;
import io.cloister.mpc.dealing.InstanceKind;
import io.cloister.mpc.dealing.ReceiverPacket;
import io.cloister.mpc.dealing.ShareKey;
import io.cloister.mpc.sharing.DleqProof;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Every message and transaction has one encoding, and nothing else decodes. */
class MessageTest {
    private static final Bytes ID = Bytes.hex("ab".repeat(32));

    private final Random random = new Random(20261120);
    private final SigningKey signer = SigningKey.generate();

    private List<ShareKey> keys(int size) {
        List<ShareKey> keys = new ArrayList<>();
        for (int slot = 1; slot <= size; slot++) {
            keys.add(ShareKey.generate());
        }
        return keys;
    }

    private static DealingContext context(List<ShareKey> keys) {
        List<DealingContext.Receiver> receivers = new ArrayList<>();
        for (int slot = 1; slot <= keys.size(); slot++) {
            receivers.add(new DealingContext.Receiver(slot, keys.get(slot - 1).id()));
        }
        return new DealingContext("chain", 1, InstanceKind.PRESIGN_RANDOM, "batch/1", 5, 2, receivers);
    }

    private List<Message> messages() {
        Dealing dealing = new Dealer(context(keys(4)), 1).random();
        try (SecretScalar secret = SecretScalar.random()) {
            Point base = Point.base(Scalar.of(7));
            DleqProof proof =
                    DleqProof.prove(ID, new DleqProof.Statement(Point.base(secret), base, base.mul(secret)), secret);
            Message.ShareValues values =
                    new Message.ShareValues(Scalar.of(1), Scalar.of(2), Scalar.of(3), Scalar.ONE.negate());
            return List.of(
                    new Message.DealingPush(5, 1, dealing.id(), Optional.of(signer.sign(ID)), dealing.packetFor(2)),
                    new Message.DealingPush(5, 1, dealing.id(), Optional.empty(), dealing.wholePacket()),
                    new Message.Support(5, 1, ID, signer.sign(ID)),
                    new Message.DealingRequest(5, 3),
                    new Message.Opening(5, 3, Bytes.zeros(64)),
                    new Message.BeaconShare(9, ID, Point.G, proof),
                    new Message.SignatureShare(ID, 2, new PresignatureId(4, 1), values));
        }
    }

    private List<BoardTransaction> transactions() {
        List<ShareKey> keys = keys(4);
        DealingContext context = context(keys);
        Dealing dealing = new Dealer(context, 1).random();
        return List.of(
                new BoardTransaction.IncludeDealing(
                        5, 1, ID, List.of(new BoardTransaction.Support(1, signer.sign(ID)))),
                new BoardTransaction.ConfirmTranscript(5, ID, List.of(Point.G, Point.base(Scalar.of(9)))),
                new BoardTransaction.Complain(
                        Complaint.make(context, dealing.publicPart(), dealing.packetFor(2), 2, keys.get(1))),
                new BoardTransaction.DemandPacket(5, 1),
                new BoardTransaction.AnswerDemand(5, 1, 2, dealing.packetFor(2)),
                new BoardTransaction.SignatureProduced(ID, signer.sign(ID)));
    }

    /** Signatures come back without the recovery id that the wire leaves out; the bytes are what counts. */
    @Test
    void everyMessageAndTransactionComesBack() {
        for (Message message : messages()) {
            Message back = Message.decode(message.encode());
            assertThat(back.encode()).isEqualTo(message.encode());
            assertThat(back.getClass()).isEqualTo(message.getClass());
        }
        for (BoardTransaction transaction : transactions()) {
            Bytes body = transaction.encode();
            assertThat(BoardTransaction.decode(transaction.kind(), body).encode())
                    .isEqualTo(body);
        }
    }

    @Test
    void refusesTruncatedAndTrailingBytes() {
        for (Message message : messages()) {
            Bytes encoded = message.encode();
            for (Bytes bad : List.of(
                    encoded.slice(0, encoded.length() - 1), Bytes.concat(encoded, Bytes.zeros(1)), Bytes.EMPTY)) {
                assertThatThrownBy(() -> Message.decode(bad)).isInstanceOf(CodecException.class);
            }
        }
        for (BoardTransaction transaction : transactions()) {
            Bytes body = transaction.encode();
            for (Bytes bad :
                    List.of(body.slice(0, body.length() - 1), Bytes.concat(body, Bytes.zeros(1)), Bytes.EMPTY)) {
                assertThatThrownBy(() -> BoardTransaction.decode(transaction.kind(), bad))
                        .isInstanceOf(CodecException.class);
            }
        }
    }

    @Test
    void countsWhateverAMessageKeepsInMemory() {
        for (Message message : messages()) {
            assertThat(message.size()).isGreaterThanOrEqualTo(message.encode().length());
        }
        MerkleTree.Path path = new MerkleTree.Path(0, 257, Collections.nCopies(9, ID));
        List<ReceiverPacket.Sealed> sealed = Collections.nCopies(256, new ReceiverPacket.Sealed(1, Bytes.EMPTY, path));
        Message.DealingPush hollow =
                new Message.DealingPush(5, 1, ID, Optional.empty(), new ReceiverPacket(Bytes.EMPTY, path, sealed));
        assertThat(Message.decode(hollow.encode()).size()).isGreaterThan(256 * (9 * 80 + 100));
    }

    @Test
    void refusesPathsThatAreLongerThanThoseOfTheLargestCommittee() {
        MerkleTree.Path path = new MerkleTree.Path(0, 1L << 40, Collections.nCopies(10, ID));
        Bytes inPublic = new Message.DealingPush(
                        5, 1, ID, Optional.empty(), new ReceiverPacket(Bytes.EMPTY, path, List.of()))
                .encode();
        assertThatThrownBy(() -> Message.decode(inPublic)).isInstanceOf(CodecException.class);
    }

    @Test
    void refusesUnknownKindsAndOverlongMessages() {
        assertThatThrownBy(() -> Message.decode(Bytes.of((byte) 7))).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> Message.decode(Bytes.zeros(Message.MAX_LENGTH + 1)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("bytes of a message");
        assertThatThrownBy(() -> BoardTransaction.decode(0, Bytes.EMPTY)).isInstanceOf(CodecException.class);
    }

    @Test
    void mutatedBytesNeitherCrashNorHaveASecondEncoding() {
        long budget = Long.getLong("cloister.budget", 0L);
        long end = System.nanoTime() + budget * 1_000_000_000L;
        long tried = 0;
        do {
            for (Message message : messages()) {
                tried += mutate(message.encode(), bytes -> Message.decode(bytes).encode());
            }
            for (BoardTransaction transaction : transactions()) {
                tried += mutate(
                        transaction.encode(),
                        bytes -> BoardTransaction.decode(transaction.kind(), bytes)
                                .encode());
            }
        } while (System.nanoTime() < end);
        assertThat(tried).isPositive();
    }

    private int mutate(Bytes good, Function<Bytes, Bytes> recode) {
        int tries = 60;
        for (int k = 0; k < tries; k++) {
            byte[] changed = good.toArray();
            int edits = 1 + random.nextInt(3);
            for (int e = 0; e < edits; e++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            Bytes input = Bytes.wrap(changed)
                    .slice(0, random.nextInt(4) == 0 ? random.nextInt(changed.length) : changed.length);
            try {
                assertThat(recode.apply(input))
                        .as("the one encoding of what was read")
                        .isEqualTo(input);
            } catch (CodecException e) {
                assertThat(e.reason()).isNotNull();
            }
        }
        return tries;
    }
}
