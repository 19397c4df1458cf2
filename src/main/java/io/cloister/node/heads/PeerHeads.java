package io.cloister.node.heads;

import io.cloister.codec.Bytes;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a node keeps of its peers: the highest head of each member, never a lower one afterwards. A head counts as witnessed
 * when it is written. Not thread-safe.
 */
final class PeerHeads {
    /** What became of a head. */
    enum Taken {
        /** It is the highest now, and is to be written. */
        NEW,
        /** It is the one that is kept and written. */
        WRITTEN,
        /** A higher one, or an equal one that is not written yet, is kept. */
        NOT_HIGHER,
        /** It and the one that is kept cannot both be of one instance of the node. */
        CONTRADICTS,
        /** Of another chain or node, by nobody's key, or of one who is no member. */
        REFUSED
    }

    private final String chainId;
    private final Map<Bytes, SignedHead> heads = new TreeMap<>();
    private final Set<Bytes> unwritten = new TreeSet<>();
    private final Set<Bytes> gone = new TreeSet<>();
    private Set<Bytes> members;

    /** @param written as they were read from the disk */
    PeerHeads(String chainId, Collection<SignedHead> written, Set<Bytes> members) {
        this.chainId = chainId;
        written.forEach(head -> heads.put(head.nodeId(), head));
        this.members = Set.copyOf(members);
        members(members);
    }

    /** The set in force; heads of others are dropped. */
    void members(Set<Bytes> inForce) {
        members = Set.copyOf(inForce);
        heads.keySet().removeIf(it -> {
            boolean drop = !members.contains(it);
            if (drop) {
                gone.add(it);
                unwritten.remove(it);
            }
            return drop;
        });
    }

    /** A head that a peer has offered. */
    Taken offered(Bytes from, SignedHead head) {
        if (!head.chainId().equals(chainId) || !head.nodeId().equals(from) || !members.contains(from)) {
            return Taken.REFUSED;
        }
        SignedHead kept = heads.get(from);
        if (kept != null && kept.id().equals(head.id())) {
            return unwritten.contains(from) ? Taken.NOT_HIGHER : Taken.WRITTEN;
        }
        if (kept != null && head.boot() < kept.boot()) {
            return Taken.NOT_HIGHER;
        }
        if (!head.isGenuine()) {
            return Taken.REFUSED;
        }
        if (kept != null && head.boot() == kept.boot()) {
            SignedHead later = head.isAbove(kept) ? head : kept;
            SignedHead earlier = later == head ? kept : head;
            if (later.position().isBehind(earlier.position())) {
                return Taken.CONTRADICTS;
            }
            if (later == kept) {
                return Taken.NOT_HIGHER;
            }
        }
        heads.put(from, head);
        unwritten.add(from);
        gone.remove(from);
        return Taken.NEW;
    }

    /** The highest head of a node, written or not. */
    Optional<SignedHead> of(Bytes nodeId) {
        return Optional.ofNullable(heads.get(nodeId));
    }

    /** What the disk does not have yet. */
    record Unwritten(Map<Bytes, SignedHead> heads, Set<Bytes> gone) {
        boolean isEmpty() {
            return heads.isEmpty() && gone.isEmpty();
        }
    }

    Unwritten unwritten() {
        Map<Bytes, SignedHead> news = new TreeMap<>();
        unwritten.forEach(it -> of(it).ifPresent(head -> news.put(it, head)));
        return new Unwritten(news, Set.copyOf(gone));
    }

    /** This is durable now; a head that was replaced meanwhile stays to be written. */
    void written(Unwritten done) {
        done.heads().forEach((owner, head) -> {
            if (head.equals(heads.get(owner))) {
                unwritten.remove(owner);
            }
        });
        gone.removeAll(done.gone());
    }

    int size() {
        return heads.size();
    }
}
