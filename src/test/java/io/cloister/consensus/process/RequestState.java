package io.cloister.consensus.process;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Change;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.MerkleTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The state of {@link RequestApplication}, immutable: how many requests there were, a hash over all of them, the
 * seats, and the last sequence of each key in {@value #PAGES} pages. The root is a Merkle tree over the entries.
 */
final class RequestState {
    static final int PAGES = 8;
    private static final Bytes TOTALS = Bytes.utf8("totals");
    private static final Bytes SEATS = Bytes.utf8("seats");

    private final long count;
    private final Bytes chain;
    private final Seats seats;
    private final List<SortedMap<Bytes, Long>> pages;
    private final List<Bytes> leaves;

    private RequestState(
            long count, Bytes chain, Seats seats, List<SortedMap<Bytes, Long>> pages, List<Bytes> pageHashes) {
        this.count = count;
        this.chain = chain;
        this.seats = seats;
        this.pages = pages;
        List<Bytes> all = new ArrayList<>(pageHashes);
        all.add(MerkleTree.leafHash(totals()));
        all.add(MerkleTree.leafHash(seats.encode()));
        this.leaves = List.copyOf(all);
    }

    /** What stands before the first block. */
    static SortedMap<Bytes, Bytes> genesis(ValidatorSet validators) {
        return new TreeMap<>(Map.of(
                TOTALS,
                new Writer().u64(0).fixed(Bytes.zeros(32)).toBytes(),
                SEATS,
                new Seats(validators, List.of()).encode()));
    }

    static RequestState of(SortedMap<Bytes, Bytes> stored) {
        Reader totals = new Reader(stored.get(TOTALS));
        List<SortedMap<Bytes, Long>> pages = new ArrayList<>();
        List<Bytes> hashes = new ArrayList<>();
        for (int i = 0; i < PAGES; i++) {
            SortedMap<Bytes, Long> page = new TreeMap<>();
            Optional.ofNullable(stored.get(pageKey(i)))
                    .ifPresent(bytes -> new Reader(bytes)
                            .list(1 << 20, r -> Map.entry(r.fixed(33), r.u64()))
                            .forEach(entry -> page.put(entry.getKey(), entry.getValue())));
            pages.add(page);
            hashes.add(MerkleTree.leafHash(encode(page)));
        }
        return new RequestState(totals.u64(), totals.fixed(32), Seats.decode(stored.get(SEATS)), pages, hashes);
    }

    long count() {
        return count;
    }

    Seats seats() {
        return seats;
    }

    long sequence(Bytes key) {
        return pages.get(page(key)).getOrDefault(key, 0L);
    }

    Bytes root() {
        return MerkleTree.rootOfHashes(leaves);
    }

    SortedMap<Bytes, Long> sequencesByKey() {
        SortedMap<Bytes, Long> all = new TreeMap<>();
        pages.forEach(all::putAll);
        return all;
    }

    /** All keys' sequences together: how many requests there were when every key counts from one. */
    long sequences() {
        return pages.stream()
                .flatMap(page -> page.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    /** After these requests, which moved these keys' sequences. */
    RequestState after(List<Bytes> requests, Map<Bytes, Long> moved, Seats then) {
        List<SortedMap<Bytes, Long>> nextPages = new ArrayList<>(pages);
        List<Bytes> hashes = new ArrayList<>(leaves.subList(0, PAGES));
        Map<Integer, SortedMap<Bytes, Long>> touched = new HashMap<>();
        moved.forEach((key, sequence) -> touched.computeIfAbsent(page(key), i -> new TreeMap<>(pages.get(i)))
                .put(key, sequence));
        touched.forEach((i, page) -> {
            nextPages.set(i, page);
            hashes.set(i, MerkleTree.leafHash(encode(page)));
        });
        Bytes next = requests.isEmpty() ? chain : Hashes.sha256(chain, Hashes.sha256(requests.toArray(Bytes[]::new)));
        return new RequestState(count + requests.size(), next, then, nextPages, hashes);
    }

    /** All of it, as it is stored. */
    SortedMap<Bytes, Bytes> entries() {
        SortedMap<Bytes, Bytes> all = new TreeMap<>(Map.of(TOTALS, totals(), SEATS, seats.encode()));
        for (int i = 0; i < PAGES; i++) {
            if (!pages.get(i).isEmpty()) {
                all.put(pageKey(i), encode(pages.get(i)));
            }
        }
        return all;
    }

    /** What to write to come from another state to this one. */
    List<Change> since(RequestState before) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < PAGES; i++) {
            if (pages.get(i) != before.pages.get(i)) {
                changes.add(new Change(pageKey(i), Optional.of(encode(pages.get(i)))));
            }
        }
        if (!seats.equals(before.seats)) {
            changes.add(new Change(SEATS, Optional.of(seats.encode())));
        }
        if (count != before.count) {
            changes.add(new Change(TOTALS, Optional.of(totals())));
        }
        return changes;
    }

    private Bytes totals() {
        return new Writer().u64(count).fixed(chain).toBytes();
    }

    private static int page(Bytes key) {
        return key.at(1) & PAGES - 1;
    }

    private static Bytes pageKey(int page) {
        return Bytes.utf8("page " + page);
    }

    private static Bytes encode(SortedMap<Bytes, Long> page) {
        return new Writer(4 + page.size() * 41)
                .list(page.entrySet(), (w, entry) -> w.fixed(entry.getKey()).u64(entry.getValue()))
                .toBytes();
    }
}
