package io.cloister.consensus.store;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Change;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.ValidatorSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Decided blocks and the state after the last one. One thread writes; any may read. */
public interface ConsensusStore {
    /**
     * Writes the genesis into an empty store.
     *
     * @throws IllegalStateException when the store belongs to another genesis
     */
    void open(Genesis genesis);

    /**
     * The state after a decided block, with what makes it the place from which a chain goes on. The store takes it as
     * verified: certificate by a set that is trusted, state by the header's root.
     *
     * @param last the block's header and certificate
     * @param validators every set that the header names
     * @param way the changes of validators between what is stored and the block, for {@link #change}
     * @param state the application's whole state after the block
     */
    record Snapshot(
            CertifiedHeader last, List<ValidatorSet> validators, List<HeaderLink> way, SortedMap<Bytes, Bytes> state) {
        public Snapshot {
            way = List.copyOf(way);
            validators = List.copyOf(validators);
            List<Bytes> hashes = validators.stream().map(ValidatorSet::hash).toList();
            if (!hashes.contains(last.header().validatorsHash())
                    || !hashes.contains(last.header().nextValidatorsHash())) {
                throw new IllegalArgumentException("a snapshot without the validators that its header names");
            }
        }
    }

    /** Height of the last decided block, 0 before the first. */
    long height();

    /** Height of the first block that is stored, or will be: 1 unless the store began with a snapshot or was pruned. */
    long base();

    /** The certified header that the block of {@link #base} follows; empty when that is the first block. */
    Optional<CertifiedHeader> beforeBase();

    Optional<CertifiedBlock> block(long height);

    /** Up to {@code limit} headers with certificates from a height on, or from {@link #base}, in order, without bodies. */
    List<CertifiedHeader> headers(long from, int limit);

    /** A validator set that a stored header or the genesis names. */
    Optional<ValidatorSet> validators(Bytes hash);

    /**
     * The first block from a height on after which other validators decide or with which an epoch begins. These stay
     * when blocks are dropped, so that whoever is behind can be led past them.
     */
    Optional<HeaderLink> change(long from);

    /** The application's whole state after the last decided block. */
    SortedMap<Bytes, Bytes> state();

    /** Makes a block, its certificate, the next validators and all changes durable, together or not at all. */
    void commit(CertifiedBlock block, List<Change> changes, ValidatorSet nextValidators);

    /**
     * Puts a snapshot in the place of everything that is stored, together or not at all: its block is the last one then,
     * and the one after it is the base.
     *
     * @throws IllegalStateException when the snapshot is not above what is stored
     */
    void install(Snapshot snapshot);
}
