package io.cloister.mpc.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.crypto.MerkleTree;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SigningKey;
import io.cloister.mpc.board.PresignatureId;
import io.cloister.mpc.dealing.ReceiverPacket;
import io.cloister.mpc.protocol.Message;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InboxTest {
    private static final Bytes ID = Bytes.zeros(32);
    private static final MerkleTree.Path PATH = new MerkleTree.Path(0, 5, List.of(ID, ID, ID));

    private final Bytes noisy = SigningKey.generate().id();
    private final Bytes honest = SigningKey.generate().id();
    private final Inbox inbox = new Inbox();

    private static Message share() {
        Message.ShareValues values = new Message.ShareValues(Scalar.ONE, Scalar.ONE, Scalar.ONE, Scalar.ONE);
        return new Message.SignatureShare(ID, 1, new PresignatureId(1, 0), values);
    }

    private static Message dealing(int bytes) {
        return new Message.DealingPush(
                1, 1, ID, Optional.empty(), new ReceiverPacket(Bytes.zeros(bytes), PATH, List.of()));
    }

    private Bytes nextSender() throws InterruptedException {
        return inbox.take(0).map(event -> ((Inbox.Event.Said) event).nodeId()).orElseThrow();
    }

    @Test
    void aNoisySenderDelaysAndLosesOnlyItsOwnMessages() throws InterruptedException {
        for (int i = 0; i < 5_000; i++) {
            inbox.put(noisy, share());
        }
        long lost = inbox.dropped();
        assertThat(lost).isPositive();
        inbox.put(honest, share());
        assertThat(inbox.dropped()).isEqualTo(lost);
        assertThat(List.of(nextSender(), nextSender())).containsExactlyInAnyOrder(noisy, honest);
    }

    @Test
    void holdsSoMuchMemoryOfASender() {
        for (int i = 0; i < 1_000; i++) {
            inbox.put(noisy, dealing(1 << 20));
        }
        assertThat(inbox.dropped()).isEqualTo(999);
        inbox.put(honest, dealing(1 << 20));
        assertThat(inbox.dropped()).isEqualTo(999);
    }

    @Test
    void aDealingIsHandedOutHoweverManySharesWait() throws InterruptedException {
        inbox.put(honest, dealing(100));
        for (int i = 0; i < 100; i++) {
            inbox.put(noisy, share());
        }
        boolean seen = false;
        for (int i = 0; i < 20; i++) {
            seen |= nextSender().equals(honest);
        }
        assertThat(seen).isTrue();
    }
}
