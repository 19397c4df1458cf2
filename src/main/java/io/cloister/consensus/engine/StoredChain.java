package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Application;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.store.ConsensusStore;
import io.cloister.consensus.store.ConsensusStore.CertifiedHeader;
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

    /** Where a verified chain ends: what the next height needs. */
    record Tip(long height, long epoch, Bytes lastId, long lastTimeMillis, ValidatorSet validators) {}

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
        Optional<Header> lastHeader = store.beforeBase().map(CertifiedHeader::header);
        while (tip.height() <= last) {
            List<CertifiedHeader> batch = store.headers(tip.height(), BATCH);
            require(!batch.isEmpty(), tip.height(), "is missing");
            for (CertifiedHeader next : batch) {
                tip = follow(tip, next);
                lastHeader = Optional.of(next.header());
            }
        }
        application.restore(store.state(), lastHeader);
        return tip;
    }

    /** What the first height to verify has to follow: the genesis, or what the store says of the block before. */
    private Tip base(long first) {
        if (first == 1) {
            return new Tip(1, genesis.epoch(), genesis.id(), genesis.timeMillis(), genesis.validators());
        }
        Header header = first == store.base() ? beforeBase(first - 1) : stored(first - 1);
        return new Tip(first, header.epoch(), header.id(), header.timeMillis(), named(header));
    }

    private Header stored(long height) {
        List<CertifiedHeader> found = store.headers(height, 1);
        require(!found.isEmpty() && found.getFirst().header().height() == height, height, "is missing");
        return found.getFirst().header();
    }

    /** The header from which a later base is taken up, certified by the validators that it names itself. */
    private Header beforeBase(long height) {
        Optional<CertifiedHeader> found = store.beforeBase();
        require(found.isPresent() && found.get().header().height() == height, height, "is missing before the base");
        Header header = found.get().header();
        require(header.chainId().equals(genesis.chainId()), height, "is of another chain");
        ValidatorSet set = store.validators(header.validatorsHash())
                .filter(it -> it.hash().equals(header.validatorsHash()))
                .orElseThrow(() -> new IllegalStateException(
                        "stored height " + height + " is certified by validators that are not stored"));
        requireCertified(found.get(), set);
        return header;
    }

    private void requireCertified(CertifiedHeader certified, ValidatorSet set) {
        Header header = certified.header();
        Optional<Certificate.Flaw> flaw = certified.certificate().flaw(header, set, check);
        require(flaw.isEmpty(), header.height(), "has a certificate that proves nothing: " + flaw);
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
        long height = tip.height();
        require(header.height() == height, height, "is missing, height " + header.height() + " stands in its place");
        require(header.chainId().equals(genesis.chainId()), height, "is of another chain");
        require(header.epoch() == tip.epoch(), height, "is of another epoch");
        require(header.parent().equals(tip.lastId()), height, "does not follow the block before it");
        require(header.timeMillis() > tip.lastTimeMillis(), height, "is not later than the block before it");
        require(header.validatorsHash().equals(tip.validators().hash()), height, "is of other validators");
        requireCertified(next, tip.validators());
        ValidatorSet following =
                header.nextValidatorsHash().equals(header.validatorsHash()) ? tip.validators() : named(header);
        return new Tip(height + 1, tip.epoch(), header.id(), header.timeMillis(), following);
    }

    private static void require(boolean holds, long height, String message) {
        if (!holds) {
            throw new IllegalStateException("stored height " + height + " " + message);
        }
    }
}
