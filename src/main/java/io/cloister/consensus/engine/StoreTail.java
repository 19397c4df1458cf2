package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Change;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.store.ConsensusStore;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The store together with the blocks that are decided and not in it yet: what the log holds until they are. One thread
 * adds, one stores, any may read.
 */
final class StoreTail {
    /** A decided block with what it changes. */
    record Entry(CertifiedBlock block, List<Change> changes, ValidatorSet nextValidators) {}

    private final ConsensusStore store;
    private final NavigableMap<Long, Entry> tail = new ConcurrentSkipListMap<>();

    StoreTail(ConsensusStore store) {
        this.store = store;
    }

    void add(Entry entry) {
        tail.put(entry.block().height(), entry);
    }

    /** How many blocks are still to be stored. */
    int size() {
        return tail.size();
    }

    /** Makes the lowest one that is not stored durable. @return its height; empty when all are */
    Optional<Long> storeNext() {
        var first = tail.firstEntry();
        if (first == null) {
            return Optional.empty();
        }
        Entry entry = first.getValue();
        store.commit(entry.block(), entry.changes(), entry.nextValidators());
        tail.remove(first.getKey());
        return Optional.of(first.getKey());
    }

    long height() {
        var last = tail.lastEntry();
        return last == null ? store.height() : Math.max(last.getKey(), store.height());
    }

    Optional<CertifiedBlock> block(long height) {
        Entry entry = tail.get(height);
        return entry != null ? Optional.of(entry.block()) : store.block(height);
    }

    Optional<CertifiedHeader> header(long height) {
        Entry entry = tail.get(height);
        return entry != null
                ? Optional.of(entry.block().header())
                : store.headers(height, 1).stream()
                        .filter(it -> it.header().height() == height)
                        .findFirst()
                        .or(() -> store.beforeBase().filter(it -> it.header().height() == height));
    }

    /** The first block from a height on after which other validators decide or with which an epoch begins. */
    Optional<HeaderLink> change(long from) {
        Optional<HeaderLink> waiting = tail.tailMap(from, true).values().stream()
                .flatMap(it -> HeaderLink.change(it.block(), it.nextValidators()).stream())
                .findFirst();
        return store.change(from).or(() -> waiting);
    }

    /** Up to so many headers from a height on, in order. */
    List<CertifiedHeader> headers(long from, int limit) {
        List<CertifiedHeader> headers = new ArrayList<>();
        for (long at = Math.max(1, from); headers.size() < limit; at++) {
            Optional<CertifiedHeader> next = header(at);
            if (next.isEmpty()) {
                break;
            }
            headers.add(next.get());
        }
        return headers;
    }

    /** Who decided a height that is decided. */
    Optional<ValidatorSet> validatorsOf(long height, Genesis genesis) {
        Optional<ValidatorSet> named = height == 1
                ? Optional.of(genesis.validators())
                : header(height - 1).flatMap(it -> validators(it.header().nextValidatorsHash()));
        boolean opens = header(height).filter(it -> it.header().opens()).isPresent();
        return opens
                ? block(height)
                        .flatMap(it -> it.block().opening())
                        .flatMap(it -> KeyClaim.replaced(named.orElseThrow(), it.claims()))
                : named;
    }

    Optional<ValidatorSet> validators(Bytes hash) {
        return tail.values().stream()
                .map(Entry::nextValidators)
                .filter(it -> it.hash().equals(hash))
                .findFirst()
                .or(() -> store.validators(hash));
    }
}
