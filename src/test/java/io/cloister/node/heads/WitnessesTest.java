package io.cloister.node.heads;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.crypto.SigningKey;
import io.cloister.node.heads.HeadMessage.Witnessed;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How far the heads of member 0 are witnessed. */
class WitnessesTest {
    private static Witnessed by(SigningKey key, SignedHead head) {
        return Witnessed.sign(key, head.id());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 7, 31})
    void aHeadIsWitnessedByAQuorumOfTheOthersAndNotByOneLess(int members) {
        TestHeads all = new TestHeads(members);
        Witnesses witnesses = new Witnesses(all.othersOf(0));
        SignedHead head = all.head(0, 1, 10);
        witnesses.sent(head);
        int quorum = HeadQuorum.of(members - 1);
        for (int i = 1; i < quorum; i++) {
            assertThat(witnesses.witnessed(all.id(i), by(all.keys.get(i), head)))
                    .isTrue();
            assertThat(witnesses.witnessed(all.id(i), by(all.keys.get(i), head)))
                    .as("twice")
                    .isFalse();
            assertThat(witnesses.byQuorum()).isEmpty();
        }
        witnesses.witnessed(all.id(quorum), by(all.keys.get(quorum), head));
        assertThat(witnesses.byQuorum()).contains(head);
        assertThat(witnesses.missing()).hasSize(members - 1 - quorum);
    }

    @Test
    void whoHasAHeadHasAllBeforeIt() {
        TestHeads all = new TestHeads(4);
        Witnesses witnesses = new Witnesses(all.othersOf(0));
        SignedHead low = all.head(0, 1, 10);
        SignedHead high = all.head(0, 1, 20);
        witnesses.sent(low);
        witnesses.sent(high);
        witnesses.witnessed(all.id(1), by(all.keys.get(1), high));
        witnesses.witnessed(all.id(2), by(all.keys.get(2), low));
        assertThat(witnesses.byQuorum()).contains(low);
        witnesses.witnessed(all.id(3), by(all.keys.get(3), high));
        assertThat(witnesses.byQuorum()).contains(high);
        assertThat(witnesses.witnessed(all.id(3), by(all.keys.get(3), low))).isFalse();
    }

    @Test
    void nobodyWitnessesForAnotherOrForWhatWasNotSent() {
        TestHeads all = new TestHeads(4);
        Witnesses witnesses = new Witnesses(all.othersOf(0));
        SignedHead head = all.head(0, 1, 10);
        witnesses.sent(head);
        SigningKey stranger = SigningKey.generate();
        assertThat(witnesses.witnessed(all.id(1), by(all.keys.get(2), head))).isFalse();
        assertThat(witnesses.witnessed(stranger.id(), by(stranger, head))).isFalse();
        assertThat(witnesses.witnessed(all.id(1), by(all.keys.get(1), all.head(0, 1, 11))))
                .isFalse();
        assertThat(witnesses.byQuorum()).isEmpty();
    }

    @Test
    void remembersAFewHeadsThatWereSentAndOneForEachMember() {
        TestHeads all = new TestHeads(4);
        Witnesses witnesses = new Witnesses(all.othersOf(0));
        SignedHead first = all.head(0, 1, 1);
        witnesses.sent(first);
        for (int i = 0; i < Witnesses.OUTSTANDING; i++) {
            witnesses.sent(all.head(0, 1, 2 + i));
        }
        assertThat(witnesses.witnessed(all.id(1), by(all.keys.get(1), first))).isFalse();
        SignedHead latest = witnesses.latest().orElseThrow();
        witnesses.witnessed(all.id(1), by(all.keys.get(1), latest));
        witnesses.witnessed(all.id(2), by(all.keys.get(2), latest));
        assertThat(witnesses.byQuorum()).contains(latest);
        witnesses.others(Set.of(all.id(1), all.id(3)));
        assertThat(witnesses.byQuorum()).as("a quorum of two others is one").contains(latest);
        witnesses.others(Set.of(all.id(3)));
        assertThat(witnesses.byQuorum()).isEmpty();
    }
}
