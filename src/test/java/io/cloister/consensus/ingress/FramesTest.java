package io.cloister.consensus.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.TestHeaders;
import io.cloister.consensus.TestKeys;
import io.cloister.crypto.MerkleTree;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final Bytes HASH = Bytes.zeros(32);

    @Test
    void whatClientsSayIsReadAsItWasWritten() {
        for (ClientFrame frame : List.of(
                new ClientFrame.Submit(List.of(
                        new ClientFrame.Request(1, Bytes.utf8("a")), new ClientFrame.Request(2, Bytes.utf8("bc")))),
                new ClientFrame.Ask(0),
                new ClientFrame.Ask(17))) {
            assertThat(ClientFrame.decode(frame.encode())).isEqualTo(frame);
        }
    }

    @Test
    void whatNodesAnswerIsReadAsItWasWritten() {
        CertifiedHeader decided = TestHeaders.certified(
                TestHeaders.header(0, 1, 2, TestKeys.validators(List.of(1L, 1L, 1L, 1L))),
                TestKeys.validators(List.of(1L, 1L, 1L, 1L)));
        MerkleTree.Path path = MerkleTree.path(List.of(Bytes.utf8("a"), Bytes.utf8("b"), Bytes.utf8("c")), 2);
        TransactionPath both = new TransactionPath(path, HASH, MerkleTree.path(List.of(HASH), 0));
        for (NodeFrame frame : List.of(
                new NodeFrame.Refused(List.of(new NodeFrame.Refusal(3, RefusalReason.INVALID, "signature"))),
                new NodeFrame.Committed(decided, List.of(new NodeFrame.Commit(9, both))),
                new NodeFrame.Standing(5, Optional.of(HASH), Optional.of("halted")),
                new NodeFrame.Standing(0, Optional.empty(), Optional.empty()))) {
            assertThat(NodeFrame.decode(frame.encode())).isEqualTo(frame);
        }
    }

    @Property
    void noBytesDoMoreThanBeRefused(@ForAll byte[] bytes) {
        Bytes frame = Bytes.of(bytes);
        try {
            assertThat(ClientFrame.decode(frame).encode()).isEqualTo(frame);
        } catch (CodecException refused) {
            assertThat(refused.reason()).isNotNull();
        }
    }

    @Test
    void aFrameAboveItsBoundIsRefusedUnread() {
        assertThatThrownBy(() -> ClientFrame.decode(Bytes.zeros(ClientFrame.MAX_BYTES + 1)))
                .isInstanceOf(CodecException.class);
    }
}
