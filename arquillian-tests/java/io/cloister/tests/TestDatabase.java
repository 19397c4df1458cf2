package io.cloister.tests;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A PostgreSQL of its own on a free port of loopback. */
public final class TestDatabase implements AutoCloseable {
    private final EmbeddedPostgres postgresql;

    private TestDatabase(EmbeddedPostgres postgresql) {
        this.postgresql = postgresql;
    }

    /** Starts it; ends with the JVM at the latest. */
    public static TestDatabase start() throws IOException {
        return new TestDatabase(EmbeddedPostgres.builder().start());
    }

    /** Its JDBC address. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + postgresql.getPort() + "/postgres";
    }

    @Override
    public void close() {
        try {
            postgresql.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
