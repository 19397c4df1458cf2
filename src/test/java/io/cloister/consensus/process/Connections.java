package io.cloister.consensus.process;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Keeps connections to one database, as a server's pool does. One that failed is thrown away. */
final class Connections implements DataSource {
    private final PGSimpleDataSource source = new PGSimpleDataSource();
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();

    Connections(String url) {
        source.setUrl(url);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection reused = idle.poll();
        Connection connection = reused != null ? reused : source.getConnection();
        boolean[] failed = new boolean[1];
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        giveBack(connection, failed[0]);
                        return null;
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        failed[0] = true;
                        throw e.getCause();
                    }
                });
    }

    private void giveBack(Connection connection, boolean failed) throws SQLException {
        if (failed || connection.isClosed() || !connection.getAutoCommit()) {
            connection.close();
        } else {
            idle.push(connection);
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("not a wrapper");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
