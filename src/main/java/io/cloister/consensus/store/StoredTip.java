package io.cloister.consensus.store;

import static io.cloister.consensus.store.ConsensusTables.CERTIFICATE;
import static io.cloister.consensus.store.ConsensusTables.CHAIN_BASE;
import static io.cloister.consensus.store.ConsensusTables.VALIDATOR_SET;

import io.cloister.codec.Reader;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.ValidatorSet;
import io.cloister.vault.store.LoadedRow;
import io.cloister.vault.store.Vault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The end of a node's stored chain, read without opening the store: as it is at this moment, and durable.
 *
 * @param last the last stored header
 * @param next the set that it names for the height after it, which is the set in force
 */
public record StoredTip(CertifiedHeader last, ValidatorSet next) {
    private static final String LAST = "SELECT max(height) FROM " + CERTIFICATE.name();
    private static final String BASE = "base";

    /** Empty before the first block. */
    public static Optional<StoredTip> read(Vault vault) {
        return vault.inSnapshot(connection -> {
            Optional<CertifiedHeader> last = last(connection)
                    .flatMap(height -> vault.table(CERTIFICATE).find(connection, height))
                    .or(() -> vault.table(CHAIN_BASE).find(connection, BASE))
                    .map(CertificateRow::read);
            return last.map(it -> new StoredTip(it, next(vault, connection, it)));
        });
    }

    private static Optional<Long> last(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(LAST);
                ResultSet rows = query.executeQuery()) {
            rows.next();
            long height = rows.getLong(1);
            return rows.wasNull() ? Optional.empty() : Optional.of(height);
        }
    }

    private static ValidatorSet next(Vault vault, Connection connection, CertifiedHeader last) {
        LoadedRow row = vault.table(VALIDATOR_SET)
                .find(connection, last.header().nextValidatorsHash())
                .orElseThrow(() -> new IllegalStateException("the set that the last header names is not stored"));
        Reader reader = new Reader(row.bytes("validators"));
        ValidatorSet set = ValidatorSet.decode(reader);
        reader.end();
        return set;
    }
}
