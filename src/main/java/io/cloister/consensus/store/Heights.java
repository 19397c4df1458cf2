package io.cloister.consensus.store;

import static io.cloister.consensus.store.ConsensusTables.BLOCK;
import static io.cloister.consensus.store.ConsensusTables.CERTIFICATE;
import static io.cloister.consensus.store.ConsensusTables.CHAIN_BASE;
import static io.cloister.consensus.store.ConsensusTables.VALIDATOR_CHANGE;

import io.cloister.consensus.CertifiedHeader;
import io.cloister.vault.TableSpec;
import io.cloister.vault.store.Changes;
import io.cloister.vault.store.LoadedRow;
import io.cloister.vault.store.Partitions;
import io.cloister.vault.store.Vault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Which heights the tables of blocks and certificates hold, and in which partitions. */
final class Heights {
    private static final String ONE = "base";
    private static final List<TableSpec> TABLES = List.of(BLOCK, CERTIFICATE);

    /**
     * From where to where.
     *
     * @param before the certified header before the first block, unless that is the first of all
     */
    record Stored(long base, Optional<CertifiedHeader> before, long height) {}

    private final Vault vault;
    private final long span;

    Heights(Vault vault, long span) {
        this.vault = vault;
        this.span = span;
    }

    /** @throws IllegalStateException unless both tables hold exactly the heights from the base to one last height */
    Stored stored(Connection connection) throws SQLException {
        Optional<LoadedRow> row = vault.table(CHAIN_BASE).find(connection, ONE);
        long base = row.map(it -> it.number("height")).orElse(1L);
        Optional<CertifiedHeader> before = row.map(CertificateRow::read);
        if (before.filter(it -> it.header().height() != base - 1).isPresent()) {
            throw new IllegalStateException("height " + base + " does not follow the header before it");
        }
        long height = last(connection, BLOCK, base);
        long certified = last(connection, CERTIFICATE, base);
        if (height != certified) {
            throw new IllegalStateException("blocks end at " + height + " and certificates at " + certified);
        }
        return new Stored(base, before, height);
    }

    private static long last(Connection connection, TableSpec table, long base) throws SQLException {
        try (PreparedStatement query =
                        connection.prepareStatement("SELECT count(*), min(height), max(height) FROM " + table.name());
                ResultSet rows = query.executeQuery()) {
            rows.next();
            long count = rows.getLong(1);
            long first = rows.getLong(2);
            long last = rows.getLong(3);
            if (count == 0) {
                return base - 1;
            }
            if (first != base || last - first + 1 != count) {
                throw new IllegalStateException("table " + table + " has a gap: " + count + " rows from height " + first
                        + " to " + last + ", and the base is " + base);
            }
            return last;
        }
    }

    /** The first height from one on with a change of validators. */
    static Optional<Long> change(Connection connection, long from) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT min(height) FROM " + VALIDATOR_CHANGE.name() + " WHERE height >= ?")) {
            query.setLong(1, from);
            try (ResultSet rows = query.executeQuery()) {
                rows.next();
                long height = rows.getLong(1);
                return rows.wasNull() ? Optional.empty() : Optional.of(height);
            }
        }
    }

    /** Makes the partition of a height and the next one. Returns the first height that has none. */
    long prepare(long height) {
        long from = height / span * span;
        vault.inTransaction(connection -> {
            for (TableSpec table : TABLES) {
                Partitions.make(connection, table, from, from + span);
                Partitions.make(connection, table, from + span, from + 2 * span);
            }
            return from;
        });
        return from + 2 * span;
    }

    /** The base to which the policy lets the store be pruned: the beginning of a partition, or 0. */
    long pruned(long height, long keep) {
        long first = height - keep + 1;
        return first < span ? 0 : first / span * span;
    }

    /** Lets the stored blocks begin at another height. */
    static void setBase(Changes changes, CertifiedHeader before) {
        changes.put(
                CHAIN_BASE, CertificateRow.values(before, ONE, before.header().height() + 1));
    }

    /** Drops the partitions that begin below a height. */
    static void drop(Connection connection, Changes changes, long below) {
        for (TableSpec table : TABLES) {
            Partitions.of(connection, table).headSet(below).forEach(from -> changes.drop(table, from));
        }
    }
}
