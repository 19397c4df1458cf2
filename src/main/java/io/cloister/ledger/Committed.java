package io.cloister.ledger;

import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import java.util.List;

/**
 * A final block and what it did.
 *
 * @param state the state after the block; {@link View#module(int)} chooses a part of it
 */
public record Committed(Block block, Certificate certificate, View state, List<Receipt> receipts) {
    public Committed {
        receipts = List.copyOf(receipts);
    }
}
