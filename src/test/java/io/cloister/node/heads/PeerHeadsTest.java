package io.cloister.node.heads;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;
import io.cloister.node.heads.PeerHeads.Taken;
import io.cloister.node.heads.PeerHeads.Unwritten;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What one node keeps of the heads of three others. */
class PeerHeadsTest {
    private final TestHeads all = new TestHeads(4);
    private final PeerHeads kept = new PeerHeads(TestHeads.CHAIN, List.of(), all.othersOf(0));

    private Taken offered(SignedHead head) {
        return kept.offered(head.nodeId(), head);
    }

    @Test
    void keepsTheHighestAndNeverALowerOneAfterwards() {
        SignedHead high = all.head(1, 2, 500);
        assertThat(offered(all.head(1, 2, 100))).isEqualTo(Taken.NEW);
        assertThat(offered(high)).isEqualTo(Taken.NEW);
        assertThat(offered(all.head(1, 2, 400))).isEqualTo(Taken.NOT_HIGHER);
        assertThat(offered(all.head(1, 1, 900))).isEqualTo(Taken.NOT_HIGHER);
        assertThat(kept.of(all.id(1))).contains(high);
        assertThat(kept.size()).isEqualTo(1);
    }

    @Test
    void aNewerBootTakesThePlaceOfAnOlderOneThatWasFurther() {
        offered(all.head(1, 2, 500));
        SignedHead begunAgain = all.head(1, 3, 120);
        assertThat(offered(begunAgain)).isEqualTo(Taken.NEW);
        assertThat(kept.of(all.id(1))).contains(begunAgain);
    }

    @Test
    void countsAsWitnessedOnlyWhenItIsWritten() {
        SignedHead head = all.head(1, 2, 100);
        offered(head);
        assertThat(offered(head)).isEqualTo(Taken.NOT_HIGHER);
        kept.written(kept.unwritten());
        assertThat(offered(head)).isEqualTo(Taken.WRITTEN);
        assertThat(kept.unwritten().isEmpty()).isTrue();
    }

    @Test
    void whatCameDuringAWriteIsStillToBeWritten() {
        offered(all.head(1, 2, 100));
        Unwritten first = kept.unwritten();
        SignedHead later = all.head(1, 2, 101);
        offered(later);
        kept.written(first);
        assertThat(kept.unwritten().heads()).containsEntry(all.id(1), later);
    }

    @Test
    void twoLiveInstancesOfOneBootContradictEachOther() {
        offered(all.head(1, 2, 100));
        Position at = TestHeads.at(100);
        Position twin = new Position(100, TestHeads.filled(36, 9), at.height(), at.blockId(), 0, at.journal());
        assertThat(offered(all.head(1, 2, twin))).isEqualTo(Taken.CONTRADICTS);
        Position shorter = new Position(101, TestHeads.filled(36, 9), at.height() - 1, at.blockId(), 0, at.journal());
        assertThat(offered(all.head(1, 2, shorter))).isEqualTo(Taken.CONTRADICTS);
        assertThat(kept.of(all.id(1)).orElseThrow().position()).isEqualTo(at);
    }

    @Test
    void refusesWhatTheSlotKeyHasNotSigned() {
        SignedHead genuine = all.head(1, 2, 100);
        SignedHead forged = new SignedHead(TestHeads.CHAIN, all.id(1), 2, TestHeads.at(200), genuine.signature());
        assertThat(offered(forged)).isEqualTo(Taken.REFUSED);
        assertThat(kept.offered(all.id(2), genuine)).isEqualTo(Taken.REFUSED);
        SignedHead elsewhere = SignedHead.sign(all.keys.get(1), "another-chain", 2, TestHeads.at(100));
        assertThat(offered(elsewhere)).isEqualTo(Taken.REFUSED);
        assertThat(kept.size()).isZero();
    }

    @Test
    void keepsOneForEachMemberAndNoneForAnybodyElse() {
        for (int i = 0; i < 50; i++) {
            SigningKey stranger = SigningKey.generate();
            assertThat(offered(SignedHead.sign(stranger, TestHeads.CHAIN, 1, TestHeads.at(i))))
                    .isEqualTo(Taken.REFUSED);
            offered(all.head(1 + i % 3, 1, 10 + i));
        }
        assertThat(kept.size()).isEqualTo(3);
        Bytes leaving = all.id(3);
        kept.members(Set.of(all.id(1), all.id(2)));
        assertThat(kept.size()).isEqualTo(2);
        assertThat(kept.unwritten().gone()).containsExactly(leaving);
        assertThat(kept.unwritten().heads()).doesNotContainKey(leaving);
    }
}
