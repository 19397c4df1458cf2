package io.cloister.vault.identity;

import io.cloister.codec.Bytes;
import io.cloister.vault.Schema;
import io.cloister.vault.VaultException;
import io.cloister.vault.store.Changes;
import io.cloister.vault.store.Vault;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** The heads that this node keeps for its peers, one for each; their owner alone knows the format. */
public final class PeerHeadStore {
    /** The longest head, in bytes. */
    public static final int MAX_HEAD = 1024;

    /** The most peers that heads are kept for. */
    public static final int MAX_OWNERS = 1024;

    private final Vault vault;

    public PeerHeadStore(Vault vault) {
        this.vault = vault;
    }

    /**
     * What is kept, by node id.
     *
     * @throws io.cloister.vault.TamperedException with the row that is not what this node wrote last
     */
    public Map<Bytes, Bytes> load() {
        return vault.inSnapshot(connection -> {
            Map<Bytes, Bytes> heads = new TreeMap<>();
            vault.table(Schema.PEER_HEAD)
                    .load(connection, row -> heads.put(Bytes.hex(row.text("owner")), row.bytes("head")));
            return heads;
        });
    }

    /** Keeps these in the place of what was kept for their owners, and drops those of the ones who are gone; durably. */
    public void keep(Map<Bytes, Bytes> heads, Collection<Bytes> gone) {
        if (heads.isEmpty() && gone.isEmpty()) {
            return;
        }
        Changes changes = vault.changes();
        heads.forEach((owner, head) -> {
            if (owner.length() != 33 || head.isEmpty() || head.length() > MAX_HEAD) {
                throw new IllegalArgumentException("no head of a peer");
            }
            changes.put(Schema.PEER_HEAD, owner.toHex(), head);
        });
        gone.forEach(owner -> changes.delete(Schema.PEER_HEAD, owner.toHex()));
        vault.inTransaction(connection -> {
            changes.write(connection);
            requireRoom(connection);
            return heads;
        });
    }

    private static void requireRoom(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement("SELECT count(*) FROM " + Schema.PEER_HEAD.name());
                var rows = query.executeQuery()) {
            rows.next();
            if (rows.getLong(1) > MAX_OWNERS) {
                throw new VaultException("heads are kept for " + MAX_OWNERS + " peers, no more are taken");
            }
        }
    }
}
