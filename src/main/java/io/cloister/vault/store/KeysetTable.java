package io.cloister.vault.store;

import io.cloister.codec.Bytes;
import io.cloister.vault.ConflictException;
import io.cloister.vault.Level;
import io.cloister.vault.SealMetadata;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Reads and writes the rows of {@code vault_keyset}. */
final class KeysetTable {
    private static final String SELECT = """
        SELECT version, key_epoch, tag, vault_id, measurement, policy, tcb, aead, prf
          FROM vault_keyset WHERE level = ?\
        """;
    private static final String INSERT = """
        INSERT INTO vault_keyset
               (version, key_epoch, tag, vault_id, measurement, policy, tcb, aead, prf, level)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """;
    private static final String UPDATE = """
        UPDATE vault_keyset
           SET version = ?, key_epoch = ?, tag = ?, vault_id = ?, measurement = ?, policy = ?, tcb = ?,
               aead = ?, prf = ?
         WHERE level = ? AND version = ?\
        """;

    private KeysetTable() {}

    static Optional<KeysetRow> read(Connection connection, Level level) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(SELECT)) {
            query.setString(1, level.name());
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() ? Optional.of(row(level, rows)) : Optional.empty();
            }
        }
    }

    static void insert(Connection connection, KeysetRow row) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            bind(insert, row);
            insert.executeUpdate();
        }
    }

    /** Replaces the version before this one. */
    static void update(Connection connection, KeysetRow row) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            bind(update, row);
            update.setLong(11, row.version() - 1);
            if (update.executeUpdate() != 1) {
                throw new ConflictException("the keysets of level " + row.level() + " were changed meanwhile");
            }
        }
    }

    private static void bind(PreparedStatement statement, KeysetRow row) throws SQLException {
        statement.setLong(1, row.version());
        statement.setInt(2, row.keyEpoch());
        statement.setBytes(3, row.tag().toArray());
        statement.setBytes(4, row.vaultId().toArray());
        statement.setBytes(5, row.metadata().measurement().toArray());
        statement.setBytes(6, row.metadata().policy().toArray());
        statement.setBytes(7, row.metadata().tcb().toArray());
        statement.setBytes(8, row.wrapped().aead().toArray());
        statement.setBytes(9, row.wrapped().prf().toArray());
        statement.setString(10, row.level().name());
    }

    private static KeysetRow row(Level level, ResultSet rows) throws SQLException {
        return new KeysetRow(
                level,
                rows.getLong(1),
                rows.getInt(2),
                Bytes.wrap(rows.getBytes(3)),
                Bytes.wrap(rows.getBytes(4)),
                new SealMetadata(
                        Bytes.wrap(rows.getBytes(5)), Bytes.wrap(rows.getBytes(6)), Bytes.wrap(rows.getBytes(7))),
                new Keysets.Wrapped(Bytes.wrap(rows.getBytes(8)), Bytes.wrap(rows.getBytes(9))));
    }
}
