package io.cloister.mpc;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The n members in slot order. The threshold follows from n and cannot be chosen: t = floor((n-1)/3).
 *
 * @param members slots 1..n without a gap, distinct node ids and vote keys, n at least 4
 */
public record Committee(List<Member> members) {
    public static final int MIN_SIZE = 4;
    public static final int MAX_SIZE = 256;

    /** @throws CodecException OUT_OF_RANGE for a committee that the protocol does not allow */
    public Committee {
        members = List.copyOf(members);
        if (members.size() < MIN_SIZE || members.size() > MAX_SIZE) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a committee of " + members.size());
        }
        Set<Bytes> nodeIds = new HashSet<>();
        Set<Bytes> voteKeys = new HashSet<>();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (member.slot() != i + 1 || !nodeIds.add(member.nodeId()) || !voteKeys.add(member.voteKey())) {
                throw new CodecException(Reason.OUT_OF_RANGE, "slot " + member.slot() + " is out of order or repeated");
            }
        }
    }

    /** n. */
    public int size() {
        return members.size();
    }

    /** t: so many members may be faulty, and a sharing has this degree. */
    public int threshold() {
        return thresholdOf(size());
    }

    /** n - t: supports that make a dealing includable, equal confirmations that complete a transcript. */
    public int quorum() {
        return size() - threshold();
    }

    /** t = floor((n-1)/3). */
    public static int thresholdOf(int size) {
        return (size - 1) / 3;
    }

    public Optional<Member> member(int slot) {
        return slot >= 1 && slot <= size() ? Optional.of(members.get(slot - 1)) : Optional.empty();
    }

    public Optional<Member> byVoteKey(Bytes voteKey) {
        return members.stream().filter(m -> m.voteKey().equals(voteKey)).findFirst();
    }

    public Optional<Member> byNodeId(Bytes nodeId) {
        return members.stream().filter(m -> m.nodeId().equals(nodeId)).findFirst();
    }
}
