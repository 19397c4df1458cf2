package io.cloister.vault;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All tables that a node's database may have. Each context declares its own; the node puts them together. */
public final class Schema {
    /** Key hierarchy: one row a level, wrapped under the level's key-encryption key. */
    public static final TableSpec KEYSET = TableSpec.selfGuarded("vault_keyset", Level.IDENTITY)
            .key("level", ColumnType.TEXT)
            .authenticated("vault_id", ColumnType.BYTES)
            .authenticated("measurement", ColumnType.BYTES)
            .authenticated("policy", ColumnType.BYTES)
            .authenticated("tcb", ColumnType.BYTES)
            .sealed("aead")
            .sealed("prf")
            .build();

    /** Count and sum of each registered table, and a root over these. */
    public static final TableSpec REGISTRY = TableSpec.selfGuarded("vault_registry", Level.IDENTITY)
            .key("name", ColumnType.TEXT)
            .authenticated("level", ColumnType.TEXT)
            .sealed("state")
            .build();

    public static final TableSpec JOURNAL = TableSpec.selfGuarded("vault_journal", Level.STATE)
            .key("journal", ColumnType.TEXT)
            .key("seq", ColumnType.LONG)
            .authenticated("kind", ColumnType.INT)
            .authenticated("chain", ColumnType.BYTES)
            .sealed("entry")
            .build();

    /** First and last entry of each journal. */
    public static final TableSpec JOURNAL_HEAD = TableSpec.selfGuarded("vault_journal_head", Level.STATE)
            .key("journal", ColumnType.TEXT)
            .authenticated("anchor_seq", ColumnType.LONG)
            .authenticated("anchor_chain", ColumnType.BYTES)
            .authenticated("last_seq", ColumnType.LONG)
            .authenticated("last_chain", ColumnType.BYTES)
            .build();

    public static final TableSpec IDENTITY = TableSpec.named("vault_identity", Level.IDENTITY)
            .key("id", ColumnType.TEXT)
            .authenticated("node_id", ColumnType.BYTES)
            .sealed("slot_key")
            .sealed("epoch_key")
            .sealed("boot_counter")
            .build();

    /** Parts that this node keeps for its peers. */
    public static final TableSpec PART = TableSpec.named("vault_part", Level.IDENTITY)
            .key("owner", ColumnType.TEXT)
            .authenticated("generation", ColumnType.LONG)
            .sealed("part")
            .build();

    /**
     * The highest head of each peer. At the level that is open first: a peer asks for its head while this node boots, and
     * keeping one must not move this node's own.
     */
    public static final TableSpec PEER_HEAD = TableSpec.named("vault_peer_head", Level.IDENTITY)
            .key("owner", ColumnType.TEXT)
            .authenticated("head", ColumnType.BYTES)
            .build();

    public static final TableSpec KEY_SHARE = TableSpec.named("vault_key_share", Level.STATE)
            .key("id", ColumnType.TEXT)
            .authenticated("epoch", ColumnType.LONG)
            .authenticated("kind", ColumnType.TEXT)
            .sealed("share")
            .build();

    /** The vault's own tables. */
    public static final Schema VAULT =
            of(KEYSET, REGISTRY, JOURNAL, JOURNAL_HEAD, IDENTITY, PART, PEER_HEAD, KEY_SHARE);

    private final Map<String, TableSpec> tables;

    private Schema(Map<String, TableSpec> tables) {
        this.tables = tables;
    }

    /** The declarations of one owner. */
    public static Schema of(TableSpec... tables) {
        return of(List.of(tables));
    }

    /**
     * The declarations of one owner.
     *
     * @throws IllegalArgumentException when two tables have one name
     */
    public static Schema of(Collection<TableSpec> tables) {
        Map<String, TableSpec> byName = new TreeMap<>();
        for (TableSpec table : tables) {
            if (byName.put(table.name(), table) != null) {
                throw new IllegalArgumentException("table " + table.name() + " is declared twice");
            }
        }
        return new Schema(byName);
    }

    /** These tables and those. */
    public Schema plus(Schema other) {
        List<TableSpec> all = new ArrayList<>(tables.values());
        all.addAll(other.tables.values());
        return of(all);
    }

    /** In the order of their names. */
    public List<TableSpec> tables() {
        return List.copyOf(tables.values());
    }

    public Optional<TableSpec> table(String name) {
        return Optional.ofNullable(tables.get(name));
    }

    /** The tables of one level that the registry counts and sums up. */
    public List<TableSpec> registered(Level level) {
        return tables.values().stream()
                .filter(it -> it.registered() && it.level() == level)
                .toList();
    }
}
