package io.cloister.node.parts;

import io.cloister.channel.PeerNetwork;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.node.parts.PartMessage.Fetch;
import io.cloister.node.parts.PartMessage.Handed;
import io.cloister.node.parts.PartMessage.Keep;
import io.cloister.node.parts.PartMessage.Kept;
import io.cloister.vault.ConflictException;
import io.cloister.vault.PeersPart;
import io.cloister.vault.SealException;
import io.cloister.vault.identity.PartStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps peers' parts and hands them out to their owners; fetches and deposits this node's own. A peer asks while it boots
 * and may find nobody ready, so both sides ask again until they have an answer or the time is up.
 */
public final class PartExchange implements PeersPart {
    private static final System.Logger LOG = System.getLogger(PartExchange.class.getName());
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration SPREADING = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofMillis(500);
    private static final int MAX_ANSWERS = 1_024;

    private final PeerNetwork network;
    private final PartStore kept;
    private final int keepers;
    private final long generation;
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>(MAX_ANSWERS);

    private record Answer(Bytes from, PartMessage message) {}

    /**
     * @param keepers how many peers must keep a new part before it is used
     * @param generation of a new part: higher than that of any this node has offered, so a boot counter
     */
    public PartExchange(PeerNetwork network, PartStore kept, int keepers, long generation) {
        this.network = network;
        this.kept = kept;
        this.keepers = keepers;
        this.generation = generation;
        network.subscribe(Topic.STATE, (from, payload) -> {
            if (PartMessage.isAbout(payload)) {
                received(from, PartMessage.decode(payload));
            }
        });
    }

    private void received(Bytes from, PartMessage message) {
        switch (message) {
            case Keep keep -> keep(from, keep);
            case Fetch() -> hand(from);
            case Kept _, Handed _ -> answers.offer(new Answer(from, message));
        }
    }

    private void keep(Bytes from, Keep keep) {
        try (SecretBytes part = SecretBytes.taking(keep.part().toArray())) {
            kept.keep(from, keep.generation(), part);
            network.send(from, Topic.STATE, new Kept(keep.generation()).encode());
        } catch (ConflictException e) {
            LOG.log(System.Logger.Level.WARNING, "node {0} offers another part than it did: {1}", from, e.getMessage());
        }
    }

    private void hand(Bytes from) {
        Optional<Keep> part = kept.find(from).map(it -> {
            try (it) {
                return new Keep(it.generation(), it.part().use(Bytes::of));
            }
        });
        network.send(from, Topic.STATE, new Handed(part).encode());
    }

    /**
     * Asks until a peer hands out a part that fits, whatever the others say. Those who have not shown it are asked to keep
     * it. Gives up when all have answered and none has it, or when the time is up.
     */
    @Override
    public Optional<SecretBytes> fetch(Predicate<SecretBytes> fits) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        int peers = network.status().size();
        Map<Bytes, Optional<Keep>> heard = new HashMap<>();
        while (System.nanoTime() < end && heard.size() < peers) {
            network.broadcast(Topic.STATE, new Fetch().encode());
            for (Answer answer = next(); answer != null; answer = next()) {
                if (answer.message() instanceof Handed(Optional<Keep> handed)) {
                    heard.put(answer.from(), handed);
                    Optional<SecretBytes> part = handed.flatMap(it -> fitting(it, fits));
                    if (part.isPresent()) {
                        spread(handed.orElseThrow(), heard);
                        return part;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<SecretBytes> fitting(Keep handed, Predicate<SecretBytes> fits) {
        SecretBytes part = SecretBytes.taking(handed.part().toArray());
        if (fits.test(part)) {
            return Optional.of(part);
        }
        part.close();
        return Optional.empty();
    }

    private void spread(Keep part, Map<Bytes, Optional<Keep>> heard) {
        Optional<Keep> same = Optional.of(part);
        for (Bytes peer : network.connected()) {
            if (!same.equals(heard.get(peer))) {
                network.send(peer, Topic.STATE, part.encode());
            }
        }
    }

    /** Waits for all peers a while, since a keeper may be gone when it is asked, and then for the policy's number. */
    @Override
    public void deposit(SecretBytes part) {
        Keep keep = new Keep(generation, part.use(Bytes::of));
        long started = System.nanoTime();
        Set<Bytes> holders = new HashSet<>();
        while (System.nanoTime() - started < PATIENCE.toNanos()) {
            for (Bytes peer : network.connected()) {
                if (!holders.contains(peer)) {
                    network.send(peer, Topic.STATE, keep.encode());
                }
            }
            for (Answer answer = next(); answer != null; answer = next()) {
                if (answer.message() instanceof Kept(long of) && of == generation) {
                    holders.add(answer.from());
                }
            }
            boolean late = System.nanoTime() - started > SPREADING.toNanos();
            if (holders.size() == network.status().size() || late && holders.size() >= keepers) {
                return;
            }
        }
        throw new SealException(
                SealException.Reason.PEERS_PART_MISSING,
                "only " + holders.size() + " of " + keepers + " peers keep the new part");
    }

    private @Nullable Answer next() {
        try {
            return answers.poll(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SealException(SealException.Reason.PEERS_PART_MISSING, "interrupted while asking the peers");
        }
    }
}
