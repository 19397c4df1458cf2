package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.Limits;
import io.cloister.consensus.Outline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Batches that are spread ahead of any block: holds them within bounds for each node that sends them, puts them into the
 * outlines that proposals carry, and fetches those that are missing. Pure; not thread-safe.
 */
public final class DataPlane {
    private static final int PER_ORIGIN = 2_048;
    private static final long BYTES_PER_ORIGIN = 16L << 20;
    private static final int ORIGINS = 512;
    private static final int WANTED_BLOCKS = 8;
    private static final int ANSWERS_PER_TICK = 16;
    private static final long ANSWERED_BYTES = 4L << 20;
    private static final int TURNS_LEFT_OUT = 8;

    /** What a step wants sent, and the blocks that have become complete. */
    public record Result(List<Effect> effects, List<Block> complete) {
        static final Result NOTHING = new Result(List.of(), List.of());
    }

    private static final class Held {
        final Batch batch;
        final Bytes origin;
        final boolean first;
        final long since;
        int leftOut;

        Held(Batch batch, Bytes origin, boolean first, long since) {
            this.batch = batch;
            this.origin = origin;
            this.first = first;
            this.since = since;
        }
    }

    /** What one node has sent and no block has taken yet. */
    private static final class Quota {
        int batches;
        long bytes;
    }

    private final Bytes self;
    private final int blocksKept;
    private final Map<Bytes, Held> held = new LinkedHashMap<>();
    private final Map<Bytes, Quota> quotas = new HashMap<>();
    private final Map<Bytes, Outline> wanted = new LinkedHashMap<>();
    private final Map<Bytes, Integer> answers = new HashMap<>();
    private int transactions;
    private long blocks;
    private long turn;

    /** @param blocksKept after so many blocks a batch that none has taken is dropped */
    public DataPlane(Bytes self, int blocksKept) {
        this.self = self;
        this.blocksKept = blocksKept;
    }

    /**
     * A batch of this node's own: held and spread.
     *
     * @param first whether it goes before others: transactions of validators
     */
    public List<Effect> spread(Batch batch, boolean first) {
        hold(batch, self, first);
        return List.of(new Effect.Broadcast(new Message.Batches(List.of(batch))));
    }

    private boolean hold(Batch batch, Bytes origin, boolean first) {
        if (held.putIfAbsent(batch.digest(), new Held(batch, origin, first, blocks)) != null) {
            return false;
        }
        Quota quota = quotas.computeIfAbsent(origin, o -> new Quota());
        quota.batches++;
        quota.bytes += batch.bytes();
        transactions += batch.transactions().size();
        return true;
    }

    /** Whether there is room for a batch of a node, or a proposal waits for it. */
    public boolean hasRoom(Bytes origin, Batch batch) {
        if (held.containsKey(batch.digest())) {
            return false;
        }
        Quota quota = quotas.get(origin);
        boolean within = quota == null
                ? quotas.size() < ORIGINS
                : quota.batches < PER_ORIGIN && quota.bytes + batch.bytes() <= BYTES_PER_ORIGIN;
        return within || isWanted(batch.digest());
    }

    private boolean isWanted(Bytes digest) {
        return wanted.values().stream().anyMatch(it -> it.batches().contains(digest));
    }

    /** The digests of batches that proposed blocks wait for. */
    public Set<Bytes> missing() {
        return wanted.values().stream()
                .flatMap(it -> it.batches().stream())
                .filter(digest -> !held.containsKey(digest))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A batch of a peer whose transactions were found acceptable. */
    public Result received(Bytes origin, Batch batch, boolean first) {
        if (!hasRoom(origin, batch)) {
            return Result.NOTHING;
        }
        boolean waitedFor = isWanted(batch.digest());
        hold(batch, origin, first);
        return waitedFor ? completed() : Result.NOTHING;
    }

    private Result completed() {
        List<Block> complete = new ArrayList<>();
        wanted.values().removeIf(outline -> {
            Optional<Block> block = fill(outline);
            block.ifPresent(complete::add);
            return block.isPresent();
        });
        return new Result(List.of(), complete);
    }

    private Optional<Block> fill(Outline outline) {
        Map<Bytes, Batch> batches = new HashMap<>();
        for (Bytes digest : outline.batches()) {
            Held there = held.get(digest);
            if (there != null) {
                batches.put(digest, there.batch);
            }
        }
        return outline.fill(batches);
    }

    /**
     * The block of an outline; what is missing is asked for, first of its proposer and when asked again of the others in
     * turn.
     */
    public Result assemble(Outline outline, List<Bytes> members) {
        Optional<Block> block = fill(outline);
        if (block.isPresent()) {
            wanted.remove(outline.id());
            return new Result(List.of(), List.of(block.get()));
        }
        boolean again = wanted.containsKey(outline.id());
        if (!again && wanted.size() >= WANTED_BLOCKS) {
            wanted.remove(wanted.keySet().iterator().next());
        }
        wanted.put(outline.id(), outline);
        List<Bytes> missing = outline.batches().stream()
                .filter(digest -> !held.containsKey(digest))
                .limit(MessageCodec.MAX_BATCHES)
                .toList();
        Bytes proposer = outline.header().proposer();
        List<Bytes> others = members.stream().filter(it -> !it.equals(self)).toList();
        if (missing.isEmpty() || others.isEmpty()) {
            return Result.NOTHING;
        }
        Bytes asked = again || proposer.equals(self) ? others.get((int) (turn++ % others.size())) : proposer;
        return new Result(List.of(new Effect.Send(asked, new Message.BatchRequest(missing))), List.of());
    }

    /** The batches that a peer asks for, as far as they are held, so many between two ticks. */
    public List<Effect> requested(Bytes from, List<Bytes> digests) {
        if (answers.merge(from, 1, Integer::sum) > ANSWERS_PER_TICK) {
            return List.of();
        }
        List<Batch> found = new ArrayList<>();
        long bytes = 0;
        for (Bytes digest : digests) {
            Held there = held.get(digest);
            if (there != null && bytes + there.batch.bytes() <= ANSWERED_BYTES) {
                found.add(there.batch);
                bytes += there.batch.bytes();
            }
        }
        return found.isEmpty() ? List.of() : List.of(new Effect.Send(from, new Message.Batches(found)));
    }

    /** What a new block may take: validators' batches first, then in the order of arrival, within a block's bounds. */
    public List<Batch> waiting(long maxBytes) {
        List<Batch> chosen = new ArrayList<>();
        long bytes = 0;
        long transactions = 0;
        for (boolean first : new boolean[] {true, false}) {
            for (Held each : held.values()) {
                long more = bytes + each.batch.bytes();
                long count = transactions + each.batch.transactions().size();
                boolean fits =
                        more <= maxBytes && count <= Limits.BLOCK_TRANSACTIONS && chosen.size() < Limits.BLOCK_BATCHES;
                if (each.first == first && fits) {
                    chosen.add(each.batch);
                    bytes = more;
                    transactions = count;
                }
            }
        }
        return chosen;
    }

    /** How many transactions wait for a block. */
    public int transactions() {
        return transactions;
    }

    /** How many batches wait. */
    public int size() {
        return held.size();
    }

    /** These were offered to a block and it could not be made with them; after a few times they go. */
    public void leftOut(List<Batch> batches) {
        for (Batch batch : batches) {
            Held each = held.get(batch.digest());
            if (each != null && ++each.leftOut >= TURNS_LEFT_OUT) {
                remove(batch.digest());
            }
        }
    }

    /** A block took its batches; what is too old by now goes as well. */
    public void committed(Block block) {
        blocks++;
        wanted.clear();
        block.batches().forEach(batch -> remove(batch.digest()));
        Set<Bytes> old = new HashSet<>();
        held.forEach((digest, each) -> {
            if (blocks - each.since > blocksKept) {
                old.add(digest);
            }
        });
        old.forEach(this::remove);
    }

    /** Blocks were decided that were never here: none that was proposed before is waited for. */
    public void skipped() {
        wanted.clear();
    }

    private void remove(Bytes digest) {
        Held gone = held.remove(digest);
        if (gone == null) {
            return;
        }
        transactions -= gone.batch.transactions().size();
        quotas.computeIfPresent(gone.origin, (origin, quota) -> {
            quota.batches--;
            quota.bytes -= gone.batch.bytes();
            return quota.batches > 0 ? quota : null;
        });
    }

    /** The regular beat: own batches that no block has taken for a while are spread again. */
    public List<Effect> tick() {
        answers.clear();
        List<Batch> own = new ArrayList<>();
        long bytes = 0;
        for (Held each : held.values()) {
            boolean due = each.origin.equals(self) && blocks > each.since + 1;
            if (due && own.size() < MessageCodec.MAX_BATCHES && bytes + each.batch.bytes() <= ANSWERED_BYTES) {
                own.add(each.batch);
                bytes += each.batch.bytes();
            }
        }
        return own.isEmpty() ? List.of() : List.of(new Effect.Broadcast(new Message.Batches(own)));
    }
}
