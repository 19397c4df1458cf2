package io.cloister.node.heads;

import io.cloister.codec.Bytes;
import io.cloister.node.heads.HeadMessage.Witnessed;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** How far the heads of this boot are witnessed. Whoever has a head has all before it. Not thread-safe. */
final class Witnesses {
    /** Heads whose witnesses may still be under way. */
    static final int OUTSTANDING = 16;

    private final Deque<SignedHead> sent = new ArrayDeque<>();
    private final Map<Bytes, SignedHead> highest = new TreeMap<>();
    private Set<Bytes> others;

    /** @param others members of the set in force without this node */
    Witnesses(Set<Bytes> others) {
        this.others = Set.copyOf(others);
    }

    void others(Set<Bytes> inForce) {
        others = Set.copyOf(inForce);
        highest.keySet().retainAll(others);
    }

    void sent(SignedHead head) {
        sent.addLast(head);
        if (sent.size() > OUTSTANDING) {
            sent.removeFirst();
        }
    }

    /** The newest head that was sent. */
    Optional<SignedHead> latest() {
        return Optional.ofNullable(sent.peekLast());
    }

    /** Who has not witnessed the newest head. */
    Set<Bytes> missing() {
        Set<Bytes> missing = new TreeSet<>(others);
        latest().ifPresentOrElse(newest -> missing.removeIf(it -> newest.equals(highest.get(it))), missing::clear);
        return missing;
    }

    /** @return whether this says something new, by a member and under its key */
    boolean witnessed(Bytes from, Witnessed witness) {
        Optional<SignedHead> head =
                sent.stream().filter(it -> it.id().equals(witness.headId())).findFirst();
        SignedHead known = highest.get(from);
        boolean news = others.contains(from)
                && head.isPresent()
                && (known == null || head.get().isAbove(known))
                && witness.isGenuine(from);
        if (news) {
            highest.put(from, head.get());
        }
        return news;
    }

    /** The newest head that a quorum of the others has witnessed. */
    Optional<SignedHead> byQuorum() {
        int quorum = HeadQuorum.of(others.size());
        if (quorum == 0) {
            return latest();
        }
        List<SignedHead> falling = highest.values().stream()
                .sorted(Comparator.comparingLong(
                                (SignedHead it) -> it.position().changes())
                        .reversed())
                .toList();
        return falling.size() < quorum ? Optional.empty() : Optional.of(falling.get(quorum - 1));
    }
}
