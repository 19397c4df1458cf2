package io.cloister.consensus.store;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Change;
import io.cloister.consensus.Genesis;
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

    /** Height of the last decided block, 0 before the first. */
    long height();

    Optional<CertifiedBlock> block(long height);

    /** Up to {@code limit} headers with certificates from a height on, in order, without reading any body. */
    List<CertifiedHeader> headers(long from, int limit);

    /** A validator set that a stored header or the genesis names. */
    Optional<ValidatorSet> validators(Bytes hash);

    /** The application's whole state after the last decided block. */
    SortedMap<Bytes, Bytes> state();

    /** Makes a block, its certificate, the next validators and all changes durable, together or not at all. */
    void commit(CertifiedBlock block, List<Change> changes, ValidatorSet nextValidators);
}
