package io.cloister.node.steps;

import io.cloister.consensus.store.ConsensusTables;
import io.cloister.vault.Schema;

/** Every table of a node's database, as its owners declare them. */
public final class NodeSchema {
    public static final Schema ALL = Schema.VAULT.plus(ConsensusTables.SCHEMA);

    private NodeSchema() {}
}
