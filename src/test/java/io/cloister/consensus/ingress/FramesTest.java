package io.cloister.consensus.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Header;
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
        Header header = new Header("chain", 0, 1, 2, HASH, HASH, HASH, HASH, HASH, HASH, Bytes.zeros(33));
        Certificate certificate = new Certificate(1, 0, header.id(), List.of(new CommitSignature(1, Bytes.zeros(65))));
        MerkleTree.Path path = MerkleTree.path(List.of(Bytes.utf8("a"), Bytes.utf8("b"), Bytes.utf8("c")), 2);
        for (NodeFrame frame : List.of(
                new NodeFrame.Refused(List.of(new NodeFrame.Refusal(3, RefusalReason.INVALID, "signature"))),
                new NodeFrame.Committed(header, certificate, List.of(new NodeFrame.Commit(9, path))),
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
