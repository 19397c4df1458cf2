package io.cloister.vault;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Gives connections of whichever database a test uses now. */
final class CurrentDataSource extends ForwardingDataSource {
    private volatile DataSource source;

    CurrentDataSource(DataSource source) {
        this.source = source;
    }

    void turnTo(DataSource next) {
        source = next;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return source.getConnection();
    }
}
