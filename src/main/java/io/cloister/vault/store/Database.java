package io.cloister.vault.store;

import io.cloister.vault.ConflictException;
import io.cloister.vault.VaultException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Runs work on connections of the vault's own. */
final class Database {
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String SERIALIZATION_FAILURE = "40001";
    private static final String DEADLOCK = "40P01";

    private static final String DURABLE =
            "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE; SET LOCAL synchronous_commit TO on";
    private static final String SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

    private final DataSource source;

    Database(DataSource source) {
        this.source = source;
    }

    Connection connect() throws SQLException {
        return source.getConnection();
    }

    /**
     * Runs work in a read-committed transaction of its own, and commits it durably whatever the server's default is.
     */
    <T> T transact(String what, SqlWork<T> work) {
        return inTransaction(what, DURABLE, work);
    }

    /** Runs reading work on one snapshot of the database. */
    <T> T snapshot(String what, SqlWork<T> work) {
        return inTransaction(what, SNAPSHOT, work);
    }

    /** What an SQL error means to the vault's callers. */
    static VaultException translate(String what, SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return switch (state) {
            case UNIQUE_VIOLATION, SERIALIZATION_FAILURE, DEADLOCK ->
                new ConflictException(what + ": " + e.getMessage());
            default -> new VaultException(what + ": " + e.getMessage(), e);
        };
    }

    /** What the transaction is like goes with its begin in one round trip, and is over with it. */
    private <T> T inTransaction(String what, String settings, SqlWork<T> work) {
        try (Connection connection = source.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            boolean done = false;
            try {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(settings);
                }
                T result = work.run(connection);
                connection.commit();
                done = true;
                return result;
            } finally {
                if (!done) {
                    connection.rollback();
                }
                connection.setAutoCommit(autoCommit);
            }
        } catch (SQLException e) {
            throw translate(what, e);
        }
    }
}
