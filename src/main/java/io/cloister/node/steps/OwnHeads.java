package io.cloister.node.steps;

import io.cloister.attestation.BootKeySet;
import io.cloister.codec.Bytes;
import io.cloister.consensus.Validator;
import io.cloister.ledger.Committed;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.LedgerListener;
import io.cloister.node.heads.HeadExchange;
import java.util.List;

/** What the chain says about heads: who witnesses them, and when a boot on an old disk is a node like any other again. */
final class OwnHeads implements LedgerListener {
    private final HeadExchange heads;
    private final Ledger ledger;
    private final int slot;
    private final BootKeySet keys;

    OwnHeads(HeadExchange heads, Ledger ledger, int slot, BootKeySet keys) {
        this.heads = heads;
        this.ledger = ledger;
        this.slot = slot;
        this.keys = keys;
    }

    @Override
    public void committed(Committed committed) {
        List<Bytes> members =
                ledger.validators().validators().stream().map(Validator::nodeId).toList();
        heads.members(members);
    }

    /**
     * Whether this boot may speak for the node: at once on a fresh disk; on an old one when its key votes, because then
     * the chain is past all that an earlier boot was bound to.
     */
    boolean areSound() {
        return heads.status().rollback().isEmpty() || ReKeyer.isInForce(ledger.state(), slot, keys);
    }
}
