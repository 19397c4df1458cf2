package io.cloister.ledger.receipt;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Header;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.MerkleTree;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.View;
import io.cloister.ledger.history.HistoryLog;
import io.cloister.ledger.history.SetEntry;
import io.cloister.ledger.history.ValidatorHistory;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.receipt.bundle.Bundle;
import io.cloister.ledger.receipt.bundle.Link;
import io.cloister.ledger.receipt.bundle.LoggedSet;
import io.cloister.ledger.receipt.bundle.Standing;
import io.cloister.ledger.state.StateProof;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Makes bundles: links from the anchor to the newest block, and what that block's state says of the receipt's.
 *
 * @param ledger whose last committed block is stored in the chain
 * @param history one for all bundles of a chain
 */
public record Bundler(Decided chain, Ledger ledger, HistoryLog history) {
    private static final Bytes MEMBER = Bytes.utf8("member/");

    /**
     * A bundle for whoever trusts the set of the anchor's height.
     *
     * @param from height of the anchor, from 1 to the last one
     * @return empty when blocks or sets on the way are not stored any more, there are too many changes, or a block became
     *     final meanwhile
     */
    public Optional<Bundle> bundle(Receipt receipt, MerkleTree.Path path, long from) {
        View state = ledger.state();
        Optional<CertifiedHeader> top = chain.header(Ledger.height(state));
        Optional<CertifiedHeader> block = chain.header(receipt.height());
        Optional<ValidatorSet> validators = chain.validators(receipt.height());
        Optional<ValidatorSet> start = chain.validators(from);
        if (top.isEmpty() || block.isEmpty() || validators.isEmpty() || start.isEmpty()) {
            return Optional.empty();
        }
        Optional<Standing> standing = standing(state, top.get(), block.get().header(), validators.get());
        Optional<List<Link>> links = links(state, from, start.get(), top.get().header());
        return standing.isEmpty() || links.isEmpty()
                ? Optional.empty()
                : Optional.of(new Bundle(
                        receipt,
                        path,
                        block.get(),
                        validators.get(),
                        new Bundle.Start(from, start.get()),
                        links.get(),
                        standing));
    }

    private Optional<Standing> standing(View state, CertifiedHeader top, Header block, ValidatorSet validators) {
        Optional<StateProof> frontier = ledger.prove(Ledger.FRAME, ValidatorHistory.FRONTIER);
        Optional<SetEntry> at = ValidatorHistory.at(state, block.epoch(), block.height());
        boolean same =
                frontier.filter(it -> it.proves(top.header().stateRoot())).isPresent();
        if (!same || at.isEmpty()) {
            return Optional.empty();
        }
        List<StateProof> members = new ArrayList<>();
        for (Validator validator : validators.validators()) {
            Bytes key = Bytes.concat(MEMBER, new Writer().u16(validator.slot()).toBytes());
            ledger.prove(Members.MODULE, key)
                    .filter(it -> it.proves(top.header().stateRoot()))
                    .ifPresent(members::add);
        }
        return Optional.of(new Standing(
                top,
                frontier.get(),
                logged(state, at.get()),
                ValidatorHistory.entry(state, at.get().index() + 1).map(it -> logged(state, it)),
                members));
    }

    private LoggedSet logged(View state, SetEntry entry) {
        return new LoggedSet(entry, history.proof(state, entry.index()));
    }

    /** One link for each header that names another next set, and one for each opening. */
    private Optional<List<Link>> links(View state, long from, ValidatorSet start, Header top) {
        List<Link> links = new ArrayList<>();
        ValidatorSet trusted = start;
        for (long height : changes(state, from, top.height())) {
            Optional<CertifiedHeader> before = chain.header(height - 1);
            Optional<CertifiedHeader> own = chain.header(height);
            if (before.isEmpty() || own.isEmpty() || links.size() > Bundle.MAX_LINKS - 2) {
                return Optional.empty();
            }
            if (!before.get().header().nextValidatorsHash().equals(trusted.hash())) {
                Optional<ValidatorSet> next =
                        named(state, height, before.get().header().nextValidatorsHash());
                if (next.isEmpty()) {
                    return Optional.empty();
                }
                trusted = next.get();
                links.add(new Link(before.get(), Optional.empty(), trusted));
            }
            if (own.get().header().opens()) {
                Optional<ValidatorSet> next =
                        named(state, height + 1, own.get().header().nextValidatorsHash());
                if (next.isEmpty()) {
                    return Optional.empty();
                }
                trusted = next.get();
                links.add(new Link(own.get(), chain.opening(height), trusted));
            }
        }
        return top.validatorsHash().equals(trusted.hash()) ? Optional.of(links) : Optional.empty();
    }

    private TreeSet<Long> changes(View state, long from, long to) {
        return history.entries(state).stream()
                .map(SetEntry::height)
                .filter(it -> it > from && it <= to)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The set of this hash, which was to decide the height; an opening there may have put another in its place. */
    private Optional<ValidatorSet> named(View state, long height, Bytes hash) {
        return chain.validators(height)
                .filter(it -> it.hash().equals(hash))
                .or(() -> history.entries(state).reversed().stream()
                        .filter(it -> it.validatorsHash().equals(hash))
                        .flatMap(it -> ValidatorHistory.set(state, it).stream())
                        .findFirst());
    }
}
