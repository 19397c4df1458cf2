package io.cloister.node;

import io.cloister.node.settings.Settings;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * The physical connections under the server's pool. It takes address, role and password from the settings itself, so
 * that none of them stands in the server's configuration. It asks the driver directly: the server drops a web
 * application's drivers from {@link java.sql.DriverManager} when it replaces a context.
 */
public final class NodeDataSource implements DataSource {
    private static final Driver DRIVER = new Driver();

    private final String url;
    private final Properties properties = new Properties();
    private @Nullable PrintWriter log;

    /** For the server, by name. */
    public NodeDataSource() {
        Settings.Database database = NodeSettings.read().database();
        url = database.url();
        PGProperty.USER.set(properties, database.user());
        PGProperty.PASSWORD.set(properties, database.password());
        PGProperty.APPLICATION_NAME.set(properties, "cloister");
        PGProperty.CONNECT_TIMEOUT.set(properties, 10);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    }

    @Override
    public Connection getConnection() throws SQLException {
        return Optional.ofNullable(DRIVER.connect(url, properties))
                .orElseThrow(() -> new SQLException("not an address of PostgreSQL: " + url));
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the settings name the only role");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return log;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        log = out;
    }

    @Override
    public void setLoginTimeout(int seconds) {
        PGProperty.LOGIN_TIMEOUT.set(properties, seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return PGProperty.LOGIN_TIMEOUT.getInt(properties);
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger(NodeDataSource.class.getPackageName());
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps no " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
