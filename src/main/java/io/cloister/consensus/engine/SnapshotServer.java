package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.Header;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.StateSnapshot;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.MessageCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/**
 * Keeps the states after a few recent blocks and serves them: the way to such a block by the headers in which validators
 * change, and the state in chunks. A state that is being fetched is kept a little longer. One thread adds, any may ask.
 */
final class SnapshotServer {
    static final int CHUNK_BYTES = 512 * 1024;
    private static final int KEPT = 2;
    private static final int KEPT_AT_MOST = 4;
    private static final long IN_USE_MILLIS = 60_000;
    private static final int LINKS_BYTES = 1 << 20;

    private static final class Held {
        final StateSnapshot state;
        volatile long askedMillis;

        Held(StateSnapshot state, long askedMillis) {
            this.state = state;
            this.askedMillis = askedMillis;
        }
    }

    /** What a walk knows of the next block: its epoch, unless it opens one, and its set. */
    private record Place(long next, long epoch, Bytes set) {
        static Place after(Header header) {
            return new Place(header.height() + 1, header.epoch(), header.nextValidatorsHash());
        }
    }

    private final StoreTail tail;
    private final LongSupplier clock;
    private final NavigableMap<Long, Held> held = new ConcurrentSkipListMap<>();

    /** @param clock milliseconds of no particular origin */
    SnapshotServer(StoreTail tail, LongSupplier clock) {
        this.tail = tail;
        this.clock = clock;
    }

    /** The state after the block of a height. */
    void keep(long height, StateSnapshot state) {
        long now = clock.getAsLong();
        held.put(height, new Held(state, now - IN_USE_MILLIS));
        while (held.size() > KEPT_AT_MOST) {
            held.pollFirstEntry();
        }
        long from = held.descendingKeySet().stream().skip(KEPT - 1).findFirst().orElse(0L);
        held.headMap(from).values().removeIf(it -> now - it.askedMillis >= IN_USE_MILLIS);
    }

    /** The heights after which there is a state. */
    List<Long> heights() {
        return List.copyOf(held.keySet());
    }

    Message.Chunk chunk(Message.ChunkRequest asked) {
        Optional<Held> of = Optional.ofNullable(held.get(asked.height()));
        of.ifPresent(it -> it.askedMillis = clock.getAsLong());
        Bytes data = of.map(it -> it.state.chunk(asked.from(), CHUNK_BYTES)).orElse(Bytes.EMPTY);
        return new Message.Chunk(asked.height(), data.length() <= MessageCodec.MAX_CHUNK ? data : Bytes.EMPTY);
    }

    /** The way to the newest state that is kept, as far as a message has room. */
    Message.SnapshotOffer offer(Message.SnapshotRequest asked) {
        var newest = held.lastEntry();
        if (newest == null || newest.getKey() < asked.from()) {
            return new Message.SnapshotOffer(asked.from(), List.of());
        }
        newest.getValue().askedMillis = clock.getAsLong();
        return new Message.SnapshotOffer(newest.getKey(), way(asked, newest.getKey()));
    }

    /** Every change of validators up to the target, and the target; cut short where nothing leads on. */
    private List<HeaderLink> way(Message.SnapshotRequest asked, long target) {
        List<HeaderLink> links = new ArrayList<>();
        Optional<Place> at = Optional.of(new Place(asked.from(), asked.epoch(), asked.named()));
        long bytes = 0;
        while (at.isPresent() && at.get().next() <= target && links.size() < MessageCodec.MAX_LINKS) {
            Optional<HeaderLink> link = step(at.get(), target);
            Writer encoded = new Writer();
            link.ifPresent(it -> it.encode(encoded));
            bytes += encoded.toBytes().length();
            if (!links.isEmpty() && bytes > LINKS_BYTES) {
                break;
            }
            link.ifPresent(links::add);
            at = link.map(it -> Place.after(it.block().header()));
        }
        return links;
    }

    /** The next change of validators, else the target; empty when this node's changes do not begin where the asker is. */
    private Optional<HeaderLink> step(Place at, long target) {
        return tail.change(at.next())
                .filter(it -> it.height() <= target)
                .or(() -> tail.header(target).map(it -> new HeaderLink(it, Optional.empty(), Optional.empty())))
                .filter(it -> follows(at, it));
    }

    private boolean follows(Place at, HeaderLink link) {
        Header header = link.block().header();
        if (link.opening().isEmpty()) {
            return header.epoch() == at.epoch() && header.validatorsHash().equals(at.set());
        }
        return header.epoch() > at.epoch()
                && tail.validators(at.set())
                        .flatMap(
                                it -> KeyClaim.replaced(it, link.opening().get().claims()))
                        .filter(it -> it.hash().equals(header.validatorsHash()))
                        .isPresent();
    }
}
