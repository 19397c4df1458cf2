package io.cloister.cli.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** PostgreSQL from embedded binaries, with a database and a role for each node. */
final class Databases implements AutoCloseable {
    private final EmbeddedPostgres server;

    private Databases(EmbeddedPostgres server) {
        this.server = server;
    }

    static Databases start(Path folder, int nodes) throws IOException, SQLException {
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(folder)
                .setCleanDataDirectory(true)
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("max_connections", "200")
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
        Databases databases = new Databases(server);
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (int i = 1; i <= nodes; i++) {
                statement.execute("CREATE ROLE " + user(i) + " LOGIN PASSWORD '" + password(i) + "'");
                statement.execute("CREATE DATABASE " + user(i) + " OWNER " + user(i));
            }
        }
        return databases;
    }

    String version() throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection()) {
            return connection.getMetaData().getDatabaseProductVersion();
        }
    }

    /** Writes what is in shared buffers to the files. */
    void checkpoint() throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
        }
    }

    int port() {
        return server.getPort();
    }

    String url(int node) {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + user(node);
    }

    static String user(int node) {
        return "node" + node;
    }

    static String password(int node) {
        return "demo-" + node;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
