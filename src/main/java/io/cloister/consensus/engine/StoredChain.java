package io.cloister.consensus.engine;

import io.cloister.consensus.Application;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.Opening;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.core.Parent;
import io.cloister.consensus.core.Succession;
import io.cloister.consensus.store.ConsensusStore;
import java.util.List;
import java.util.Optional;

/**
 * Verifies a stored chain before anything is built on it: heights without a gap, each header's parent, rising time,
 * chain, epoch and validators, the certificates, and the application's state against the last header's root. In a very
 * long chain the last part only; since each header names its parent, its certificates vouch for everything before. A
 * store that begins later is taken up from the certified header before its base.
 */
final class StoredChain {
    private static final int BATCH = 512;

    /**
     * Where a verified chain ends: what the next height needs.
     *
     * @param named the set that the last block names next
     */
    record Tip(long epoch, Parent parent, ValidatorSet named) {}

    private final ConsensusStore store;
    private final Genesis genesis;
    private final EngineSettings settings;
    private final SignatureCheck check;

    StoredChain(ConsensusStore store, Genesis genesis, EngineSettings settings, SignatureCheck check) {
        this.store = store;
        this.genesis = genesis;
        this.settings = settings;
        this.check = check;
    }

    /** @throws IllegalStateException naming the height that does not hold */
    Tip verifyAndRestore(Application application) {
        store.open(genesis);
        long last = store.height();
        Tip tip = base(Math.max(store.base(), last - settings.verifiedAtStart() + 1));
        while (tip.parent().height() < last) {
            long next = tip.parent().height() + 1;
            List<CertifiedHeader> batch = store.headers(next, BATCH);
            require(!batch.isEmpty(), next, "is missing");
            for (CertifiedHeader each : batch) {
                tip = follow(tip, each);
            }
        }
        application.restore(store.state(), tip.parent().header());
        return tip;
    }

    /** What the first height to verify has to follow: the genesis, or what the store says of the block before. */
    private Tip base(long first) {
        if (first == 1) {
            return new Tip(genesis.epoch(), Parent.of(genesis), genesis.validators());
        }
        CertifiedHeader block = first == store.base() ? beforeBase(first - 1) : stored(first - 1);
        ValidatorSet own = store.validators(block.header().validatorsHash()).orElseGet(() -> ownOf(block.header()));
        return new Tip(block.header().epoch(), Parent.of(block, own), named(block.header()));
    }

    private CertifiedHeader stored(long height) {
        List<CertifiedHeader> found = store.headers(height, 1);
        require(!found.isEmpty() && found.getFirst().header().height() == height, height, "is missing");
        return found.getFirst();
    }

    /** The header from which a later base is taken up, certified by the validators that it names itself. */
    private CertifiedHeader beforeBase(long height) {
        Optional<CertifiedHeader> found = store.beforeBase();
        require(found.isPresent() && found.get().header().height() == height, height, "is missing before the base");
        Header header = found.get().header();
        require(header.chainId().equals(genesis.chainId()), height, "is of another chain");
        ValidatorSet set = store.validators(header.validatorsHash())
                .filter(it -> it.hash().equals(header.validatorsHash()))
                .orElseThrow(() -> new IllegalStateException(
                        "stored height " + height + " is certified by validators that are not stored"));
        Optional<Certificate.Flaw> flaw =
                found.get().certificate().flaw(header, set, found.get().keys(), check);
        require(flaw.isEmpty(), height, "has a certificate that proves nothing: " + flaw);
        return found.get();
    }

    /** The set of a block that begins an epoch is not stored by itself: it comes from the opening. */
    private ValidatorSet ownOf(Header header) {
        long height = header.height();
        ValidatorSet named = height == 1
                ? genesis.validators()
                : named(store.headers(height - 1, 1).getFirst().header());
        return opening(header)
                .flatMap(it -> Succession.validators(named, genesis.chainId(), it, check))
                .filter(it -> it.hash().equals(header.validatorsHash()))
                .orElseThrow(() ->
                        new IllegalStateException("stored height " + height + " is of validators that are not stored"));
    }

    private Optional<Opening> opening(Header header) {
        return header.opens()
                ? store.block(header.height()).flatMap(it -> it.block().opening())
                : Optional.empty();
    }

    private ValidatorSet named(Header header) {
        ValidatorSet set = store.validators(header.nextValidatorsHash())
                .orElseThrow(() -> new IllegalStateException(
                        "stored height " + header.height() + " names validators that are not stored"));
        require(set.hash().equals(header.nextValidatorsHash()), header.height(), "names other validators");
        return set;
    }

    private Tip follow(Tip tip, CertifiedHeader next) {
        Header header = next.header();
        ValidatorSet own = verified(tip, next, opening(header));
        ValidatorSet following = header.nextValidatorsHash().equals(header.validatorsHash()) ? own : named(header);
        return new Tip(header.epoch(), Parent.of(next, own), following);
    }

    /** The same for a block that is not stored yet, whose execution names the next validators. */
    Tip follow(Tip tip, CertifiedBlock next, ValidatorSet nextValidators) {
        Header header = next.block().header();
        ValidatorSet own = verified(tip, next.header(), next.block().opening());
        require(
                nextValidators.hash().equals(header.nextValidatorsHash()),
                header.height(),
                "names other validators than its execution");
        return new Tip(header.epoch(), Parent.of(next.header(), own), nextValidators);
    }

    private ValidatorSet verified(Tip tip, CertifiedHeader next, Optional<Opening> opening) {
        Header header = next.header();
        long height = tip.parent().height() + 1;
        require(header.height() == height, height, "is missing, height " + header.height() + " stands in its place");
        require(header.chainId().equals(genesis.chainId()), height, "is of another chain");
        require(header.parent().equals(tip.parent().id()), height, "does not follow the block before it");
        require(header.timeMillis() > tip.parent().timeMillis(), height, "is not later than the block before it");
        Optional<ValidatorSet> own = Succession.validators(tip.epoch(), tip.named(), header, opening, check);
        require(own.isPresent(), height, "is of another epoch or of other validators");
        Optional<Certificate.Flaw> flaw = next.certificate().flaw(header, own.orElseThrow(), next.keys(), check);
        require(flaw.isEmpty(), height, "has a certificate that proves nothing: " + flaw);
        return own.get();
    }

    private static void require(boolean holds, long height, String message) {
        if (!holds) {
            throw new IllegalStateException("stored height " + height + " " + message);
        }
    }
}
