package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Commit;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.Vote;
import java.util.List;
import java.util.Optional;

/**
 * What a height builds on: the block before, or the genesis.
 *
 * @param epoch that the block names; an opening begins a later one
 * @param validators the set that the block names as its own; empty for the genesis
 * @param commit the own proof that it was decided, for the next proposal; empty for the genesis
 */
public record Parent(
        Bytes id,
        long timeMillis,
        long epoch,
        Optional<Header> header,
        Optional<ValidatorSet> validators,
        Optional<Commit> commit) {
    public static Parent of(Genesis genesis) {
        return new Parent(
                genesis.id(),
                genesis.timeMillis(),
                genesis.epoch(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** @param validators the set that the header names */
    public static Parent of(CertifiedHeader block, ValidatorSet validators) {
        return of(block, List.of(), validators);
    }

    /** @param precommits those of the certificate that are held, with their extensions */
    static Parent of(CertifiedHeader block, List<Vote> precommits, ValidatorSet validators) {
        Header header = block.header();
        return new Parent(
                header.id(),
                header.timeMillis(),
                header.epoch(),
                Optional.of(header),
                Optional.of(validators),
                Optional.of(Commit.of(block, precommits)));
    }

    /** The block with its proof; empty for the genesis. */
    Optional<CertifiedHeader> certified() {
        return header.map(it -> new CertifiedHeader(
                it, commit.orElseThrow().certificate(), commit.orElseThrow().keys()));
    }

    public long height() {
        return header.map(Header::height).orElse(0L);
    }

    /** Who let its last turn pass. */
    List<Integer> absent() {
        return header.map(Header::absent).orElse(List.of());
    }

    /** Whether a commit that a proposal carries proves this block. */
    boolean isProvedBy(Optional<Commit> claimed, SignatureCheck check) {
        if (header.isEmpty() || claimed.isEmpty()) {
            return header.isEmpty() && claimed.isEmpty();
        }
        return claimed.equals(commit)
                || claimed.get()
                        .flaw(header.get(), validators.orElseThrow(), check)
                        .isEmpty();
    }
}
