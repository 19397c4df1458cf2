package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedBlock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Fetches decided blocks from peers that say they are ahead. A claim only chooses whom to ask: each block is believed
 * by its certificate alone, and for a while a peer that did not show what it claims comes after all others. One request
 * is under way at a time.
 */
final class CatchUp {
    private static final int PEERS = 512;
    private static final int DISTRUST_TICKS = 40;

    private record Request(long serial, Bytes peer) {}

    private final long patienceMillis;
    private final Map<Bytes, Long> claims = new LinkedHashMap<>();
    private final Map<Bytes, Integer> distrusted = new HashMap<>();
    private final Deque<CertifiedBlock> queue = new ArrayDeque<>();
    private final Set<Bytes> empty = new HashSet<>();
    private Optional<Request> request = Optional.empty();
    private Bytes source = Bytes.EMPTY;
    private long serial;

    CatchUp(long patienceMillis) {
        this.patienceMillis = patienceMillis;
    }

    /** A peer seems to work on this height. */
    void claim(Bytes from, long height) {
        if (claims.size() < PEERS || claims.containsKey(from)) {
            claims.merge(from, height, Math::max);
        }
    }

    /** Whether anybody claims to be so many heights ahead. */
    boolean isBehind(long height, long by) {
        return claims.values().stream().anyMatch(claimed -> claimed >= height + by);
    }

    /** Whether somebody is being asked, or blocks wait to be looked at. */
    boolean isBusy() {
        return request.isPresent() || !queue.isEmpty();
    }

    /** Whether everybody who is ahead has said to have no block of the wanted height any more. */
    boolean isPruned() {
        return !claims.isEmpty() && empty.containsAll(claims.keySet());
    }

    /** Who claims to be ahead. */
    List<Bytes> claimants() {
        return List.copyOf(claims.keySet());
    }

    /** Asks the next peer in turn that claims to be ahead, unless somebody is being asked or blocks are waiting. */
    List<Effect> ask(long height) {
        claims.values().removeIf(claimed -> claimed <= height);
        if (isBusy() || claims.isEmpty()) {
            return List.of();
        }
        serial++;
        List<Bytes> peers = new ArrayList<>(claims.keySet());
        if (peers.stream().anyMatch(it -> !distrusted.containsKey(it))) {
            peers.removeIf(distrusted::containsKey);
        }
        Bytes peer = peers.get((int) (serial % peers.size()));
        request = Optional.of(new Request(serial, peer));
        return List.of(
                new Effect.Send(peer, new Message.BlockRequest(height)),
                new Effect.Arm(new Timer.Request(serial), patienceMillis));
    }

    /** Takes an answer that was asked for; any other is ignored. */
    void answered(Bytes from, List<CertifiedBlock> blocks) {
        if (request.filter(it -> it.peer().equals(from)).isPresent()) {
            request = Optional.empty();
            source = from;
            queue.addAll(blocks);
            if (blocks.isEmpty()) {
                empty.add(from);
                distrust(from);
            } else {
                empty.clear();
            }
        }
    }

    /** @return the peer that let its time pass */
    Optional<Bytes> expired(Timer.Request timer) {
        Optional<Bytes> late =
                request.filter(it -> it.serial() == timer.serial()).map(Request::peer);
        late.ifPresent(peer -> {
            request = Optional.empty();
            distrust(peer);
        });
        return late;
    }

    /** The next block to look at; blocks below the height have become pointless. */
    Optional<CertifiedBlock> next(long height) {
        while (!queue.isEmpty() && queue.peek().height() < height) {
            queue.poll();
        }
        return Optional.ofNullable(queue.poll());
    }

    /** The block was no good: nothing more of this answer is looked at. */
    Bytes reject() {
        queue.clear();
        distrust(source);
        return source;
    }

    /** For a while, who did not show what it claims is asked only when nobody else is there. */
    private void distrust(Bytes peer) {
        claims.remove(peer);
        distrusted.put(peer, DISTRUST_TICKS);
    }

    void tick() {
        distrusted.replaceAll((peer, left) -> left - 1);
        distrusted.values().removeIf(left -> left <= 0);
    }
}
