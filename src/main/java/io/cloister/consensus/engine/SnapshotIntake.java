package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Application;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.SnapshotTaker;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.core.Effect;
import io.cloister.consensus.core.Input;
import io.cloister.consensus.store.ConsensusStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/** Puts a snapshot together and into the store, beside the consensus thread; one thing at a time. */
final class SnapshotIntake {
    private static final Logger LOG = System.getLogger(SnapshotIntake.class.getName());

    private final Application application;
    private final ConsensusStore store;
    private Optional<CertifiedHeader> block = Optional.empty();
    private Optional<SnapshotTaker> taker = Optional.empty();

    SnapshotIntake(Application application, ConsensusStore store) {
        this.application = application;
        this.store = store;
    }

    /** What was fetched of the same state before is kept. */
    Input.ChunkTaken begin(CertifiedHeader of) {
        boolean same =
                block.filter(it -> it.header().id().equals(of.header().id())).isPresent();
        block = Optional.of(of);
        taker = same ? taker : Optional.of(application.taker(of.header()));
        return taken(of.header().height(), true);
    }

    Input.ChunkTaken take(Effect.TakeChunk chunk) {
        return taken(chunk.height(), isGood(chunk.chunk()));
    }

    private boolean isGood(Bytes chunk) {
        try {
            return taker.orElseThrow().accept(chunk);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a chunk of a state could not be taken", e);
            return false;
        }
    }

    private Input.ChunkTaken taken(long height, boolean good) {
        return new Input.ChunkTaken(height, good, taker.orElseThrow().missing());
    }

    /** Makes the complete state durable in the place of what is stored. */
    void store(Effect.Install wanted) {
        List<ValidatorSet> sets = List.of(wanted.own(), wanted.named());
        store.install(new ConsensusStore.Snapshot(
                wanted.last(), sets, wanted.way(), taker.orElseThrow().state()));
    }

    /** Makes it the application's. */
    void adopt() {
        taker.orElseThrow().adopt();
        taker = Optional.empty();
        block = Optional.empty();
    }
}
