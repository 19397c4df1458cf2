package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Commit;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.ValidatorSet;
import java.util.List;
import java.util.Optional;

/**
 * What a height builds on: the block before, or the genesis.
 *
 * @param epoch that the block names; an opening begins a later one
 * @param validators the set that the block names as its own; empty for the genesis
 * @param commit the own proof that it was decided, for the next proposal; empty for the genesis
 * @param keys of the commit's epoch when that is later than the block's, else empty
 */
public record Parent(
        Bytes id,
        long timeMillis,
        long epoch,
        Optional<Header> header,
        Optional<ValidatorSet> validators,
        Optional<Commit> commit,
        List<KeyClaim> keys) {
    public static Parent of(Genesis genesis) {
        return new Parent(
                genesis.id(),
                genesis.timeMillis(),
                genesis.epoch(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /** @param validators the set that the header names */
    public static Parent of(CertifiedHeader block, ValidatorSet validators) {
        return of(block, new Commit(block.certificate(), List.of()), validators);
    }

    static Parent of(CertifiedHeader block, Commit commit, ValidatorSet validators) {
        Header header = block.header();
        return new Parent(
                header.id(),
                header.timeMillis(),
                header.epoch(),
                Optional.of(header),
                Optional.of(validators),
                Optional.of(commit),
                block.keys());
    }

    /** The block with its proof; empty for the genesis. */
    Optional<CertifiedHeader> certified() {
        return header.map(it -> new CertifiedHeader(it, commit.orElseThrow().certificate(), keys));
    }

    public long height() {
        return header.map(Header::height).orElse(0L);
    }

    /** Who let its last turn pass. */
    List<Integer> absent() {
        return header.map(Header::absent).orElse(List.of());
    }

    /**
     * Whether a commit that a proposal carries proves this block.
     *
     * @param opening of the present epoch, whose keys may have decided the block again
     */
    boolean isProvedBy(Optional<Commit> claimed, Optional<Opening> opening, SignatureCheck check) {
        if (header.isEmpty() || claimed.isEmpty()) {
            return header.isEmpty() && claimed.isEmpty();
        }
        long epoch = claimed.get().certificate().epoch();
        List<KeyClaim> voters =
                opening.filter(it -> it.epoch() == epoch).map(Opening::claims).orElse(keys);
        return claimed.equals(commit)
                || claimed.get()
                        .flaw(header.get(), validators.orElseThrow(), voters, check)
                        .isEmpty();
    }
}
