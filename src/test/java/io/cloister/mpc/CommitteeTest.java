package io.cloister.mpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CommitteeTest {
    private static Member member(int slot, int name) {
        Bytes key = Bytes.concat(Bytes.zeros(32), Bytes.of((byte) name));
        return new Member(slot, key, key, key, key, 1);
    }

    private static List<Member> members(int size) {
        return IntStream.rangeClosed(1, size)
                .mapToObj(slot -> member(slot, slot))
                .toList();
    }

    @Test
    void derivesTheThresholdFromTheSize() {
        for (int[] each : new int[][] {{4, 1, 3}, {5, 1, 4}, {6, 1, 5}, {7, 2, 5}, {10, 3, 7}, {100, 33, 67}}) {
            Committee committee = new Committee(members(each[0]));
            assertThat(committee.threshold()).isEqualTo(each[1]);
            assertThat(committee.quorum()).isEqualTo(each[2]);
        }
    }

    @Test
    void refusesFewerThanFourGapsAndRepeatedKeys() {
        assertThatThrownBy(() -> new Committee(members(3))).isInstanceOf(CodecException.class);
        List<Member> gap = new ArrayList<>(members(4));
        gap.set(3, member(5, 5));
        assertThatThrownBy(() -> new Committee(gap)).isInstanceOf(CodecException.class);
        List<Member> twice = new ArrayList<>(members(4));
        twice.set(3, member(4, 1));
        assertThatThrownBy(() -> new Committee(twice)).isInstanceOf(CodecException.class);
        List<Member> order = new ArrayList<>(members(4));
        Collections.swap(order, 0, 1);
        assertThatThrownBy(() -> new Committee(order)).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> member(0, 1)).isInstanceOf(CodecException.class);
    }

    @Test
    void findsMembers() {
        Committee committee = new Committee(members(4));
        assertThat(committee.member(0)).isEmpty();
        assertThat(committee.member(5)).isEmpty();
        assertThat(committee.byNodeId(committee.members().get(2).nodeId()))
                .contains(committee.members().get(2));
        assertThat(committee.byVoteKey(Bytes.zeros(33))).isEmpty();
    }
}
