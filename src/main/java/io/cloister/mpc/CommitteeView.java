package io.cloister.mpc;

import io.cloister.ledger.View;
import java.util.Optional;

/** Port: reads the committee from the replicated state, the same on every node. */
@FunctionalInterface
public interface CommitteeView {
    /**
     * The members that this version of the state names, with their keys and boots.
     *
     * @param anyModule any module's view; the reader chooses the membership module itself
     * @return empty while the membership is not one that the protocol allows (fewer than four, a gap in the slots)
     */
    Optional<Committee> committee(View anyModule);
}
