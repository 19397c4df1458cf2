package io.cloister.acceptance;

import io.cloister.codec.Bytes;
import io.cloister.consensus.store.ConsensusTables;
import io.cloister.crypto.SecretBytes;
import io.cloister.vault.Level;
import io.cloister.vault.Schema;
import io.cloister.vault.TableSpec;
import io.cloister.vault.store.LoadedRow;
import io.cloister.vault.store.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a node's database protects, read through its vault. */
final class Secrets {
    private static final int SCALAR = 32;

    private Secrets() {}

    /** Adds the node's keys, shares, parts of its peers, and own votes. */
    static void collect(String node, NodeDisk disk, NodeDisk peer, Needles needles) {
        try (SecretBytes seal = disk.seal()) {
            needles.add(node + " seal", seal.use(Bytes::of));
        }
        try (Vault vault = disk.open(peer)) {
            vault.verify(Level.STATE);
            LoadedRow identity = all(vault, Schema.IDENTITY).getFirst();
            for (String key : List.of("slot_key", "epoch_key")) {
                needles.add(node + " " + key, identity.bytes(key));
            }
            for (LoadedRow part : all(vault, Schema.PART)) {
                needles.add(node + " part of " + part.text("owner"), part.bytes("part"));
            }
            for (LoadedRow share : all(vault, Schema.KEY_SHARE)) {
                share(node + " share " + share.text("id"), share, needles);
            }
            vault.fileJournal(ConsensusTables.JOURNAL, disk.journal())
                    .replay((seq, kind, height, entry) -> needles.add(node + " journal " + seq, entry));
        }
    }

    /** What of all this stands in the state and in the blocks, once the vault has opened them. */
    static Set<String> opened(NodeDisk disk, NodeDisk peer, Needles needles) {
        try (Vault vault = disk.open(peer)) {
            Set<String> found = new TreeSet<>();
            all(vault, ConsensusTables.APP_STATE)
                    .forEach(row -> found.addAll(needles.in(row.bytes("entry").toArray())));
            all(vault, ConsensusTables.BLOCK)
                    .forEach(row ->
                            found.addAll(needles.in(row.bytes("transactions").toArray())));
            return found;
        }
    }

    /** Shares are scalars one after the other; what else is kept there is looked for as a whole. */
    private static void share(String name, LoadedRow row, Needles needles) {
        Bytes value = row.bytes("share");
        needles.add(name, value);
        if (row.text("id").contains("/share/")) {
            for (int at = 0; at + SCALAR <= value.length(); at += SCALAR) {
                needles.add(name + " scalar " + at / SCALAR, value.slice(at, SCALAR));
            }
        }
    }

    private static List<LoadedRow> all(Vault vault, TableSpec table) {
        List<LoadedRow> rows = new ArrayList<>();
        vault.inSnapshot(connection -> {
            vault.table(table).load(connection, rows::add);
            return rows;
        });
        return rows;
    }
}
