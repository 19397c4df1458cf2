package io.cloister.node.heads;

import io.cloister.codec.Bytes;
import io.cloister.node.heads.HeadMessage.Answer;
import io.cloister.node.heads.HeadMessage.Ask;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether the disk of a boot is the latest that its peers know of. A head is signed by the own slot key, so that nobody can make
 * one up, and a single answer proves that the disk is old; that it is not takes the answers of a quorum. Not thread-safe.
 */
final class Freshness {
    /** What is known. */
    sealed interface Verdict {
        /** Too few have answered. */
        record Open(int answered, int quorum) implements Verdict {}

        /** No head of a quorum is above this disk. */
        record Fresh(int answered) implements Verdict {}

        /** This node was further than its disk is. The boot is newer than any that peers know. */
        record Behind(SignedHead known) implements Verdict {}

        /** The same or a newer boot of this node has signed heads: an old disk or a second instance. */
        record Outrun(SignedHead known) implements Verdict {}
    }

    private final String chainId;
    private final Bytes self;
    private final long boot;
    private final Position found;
    private final Bytes nonce;
    private final Set<Bytes> others;
    private final Map<Bytes, Optional<SignedHead>> answers = new TreeMap<>();

    /**
     * @param boot the number of this boot
     * @param found how far the disk had come when it was opened
     * @param nonce 32 bytes that no boot has asked with before
     * @param others members of the set in force without this node
     */
    Freshness(String chainId, Bytes self, long boot, Position found, Bytes nonce, Collection<Bytes> others) {
        this.chainId = chainId;
        this.self = self;
        this.boot = boot;
        this.found = found;
        this.nonce = nonce;
        this.others = Set.copyOf(others);
    }

    Ask question() {
        return new Ask(nonce);
    }

    /** Who is still to be asked. */
    Set<Bytes> silent() {
        Set<Bytes> silent = new TreeSet<>(others);
        silent.removeAll(answers.keySet());
        return silent;
    }

    /** @return whether the answer counts: to this question, by a member, signed, and with a head of this node or none */
    boolean answered(Bytes from, Answer answer) {
        boolean counts = others.contains(from)
                && !answers.containsKey(from)
                && answer.nonce().equals(nonce)
                && answer.head().filter(it -> !isOwn(it)).isEmpty()
                && answer.isGenuine(chainId, from, self)
                && answer.head().filter(it -> !it.isGenuine()).isEmpty();
        if (counts) {
            answers.put(from, answer.head());
        }
        return counts;
    }

    private boolean isOwn(SignedHead head) {
        return head.nodeId().equals(self) && head.chainId().equals(chainId);
    }

    Verdict verdict() {
        int quorum = HeadQuorum.of(others.size());
        if (answers.size() < quorum) {
            return new Verdict.Open(answers.size(), quorum);
        }
        Optional<SignedHead> highest = answers.values().stream()
                .flatMap(Optional::stream)
                .reduce((one, other) -> other.isAbove(one) ? other : one);
        if (highest.filter(it -> it.boot() >= boot).isPresent()) {
            return new Verdict.Outrun(highest.get());
        }
        return highest.filter(it -> found.isBehind(it.position()))
                .<Verdict>map(Verdict.Behind::new)
                .orElseGet(() -> new Verdict.Fresh(answers.size()));
    }
}
