package io.cloister.consensus.store;

import io.cloister.vault.ColumnType;
import io.cloister.vault.Level;
import io.cloister.vault.Schema;
import io.cloister.vault.TableSpec;

/** The tables of {@code sql/V10__consensus.sql}, as the vault has to know them. */
public final class ConsensusTables {
    public static final TableSpec CHAIN = TableSpec.named("chain", Level.STATE)
            .key("id", ColumnType.TEXT)
            .authenticated("genesis_id", ColumnType.BYTES)
            .build();

    public static final TableSpec CERTIFICATE = TableSpec.named("certificate", Level.STATE)
            .key("height", ColumnType.LONG)
            .authenticated("round", ColumnType.INT)
            .authenticated("block_id", ColumnType.BYTES)
            .authenticated("header", ColumnType.BYTES)
            .authenticated("signatures", ColumnType.BYTES)
            .partitioned()
            .build();

    public static final TableSpec CHAIN_BASE = TableSpec.named("chain_base", Level.STATE)
            .key("id", ColumnType.TEXT)
            .authenticated("height", ColumnType.LONG)
            .authenticated("round", ColumnType.INT)
            .authenticated("block_id", ColumnType.BYTES)
            .authenticated("header", ColumnType.BYTES)
            .authenticated("signatures", ColumnType.BYTES)
            .build();

    public static final TableSpec BLOCK = TableSpec.named("block", Level.STATE)
            .key("height", ColumnType.LONG)
            .authenticated("block_id", ColumnType.BYTES)
            .sealed("transactions")
            .partitioned()
            .build();

    public static final TableSpec VALIDATOR_SET = TableSpec.named("validator_set", Level.STATE)
            .key("hash", ColumnType.BYTES)
            .authenticated("validators", ColumnType.BYTES)
            .build();

    public static final TableSpec VALIDATOR_CHANGE = TableSpec.named("validator_change", Level.STATE)
            .key("height", ColumnType.LONG)
            .authenticated("link", ColumnType.BYTES)
            .build();

    public static final TableSpec APP_STATE = TableSpec.named("app_state", Level.STATE)
            .key("key_hash", ColumnType.BYTES)
            .sealed("entry")
            .build();

    /** What this context adds to a node's schema. */
    public static final Schema SCHEMA =
            Schema.of(CHAIN, CHAIN_BASE, CERTIFICATE, BLOCK, VALIDATOR_SET, VALIDATOR_CHANGE, APP_STATE);

    /** The journal that {@link FileConsensusLog} writes. */
    public static final String JOURNAL = "consensus";

    private ConsensusTables() {}
}
