package io.cloister.ledger.membership;

import io.cloister.ledger.View;

/**
 * Tells when the committee that a proposed change makes has its shares and has shown that it can sign. Asked at the end of
 * each block, with the state of that block alone, so that every node has the same answer.
 */
public interface CommitteeReadiness {
    boolean canSign(View state, PendingChange proposed);
}
