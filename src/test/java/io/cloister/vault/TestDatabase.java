package io.cloister.vault;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.vault.store.Vault;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** A fresh, migrated PostgreSQL database for each test, on one server for all of them. */
public final class TestDatabase {
    public static final String CHAIN = "cloister-test";
    public static final SealMetadata METADATA =
            new SealMetadata(Bytes.utf8("measurement one"), Bytes.utf8("policy one"), Bytes.utf8("tcb one"));
    public static final Bytes NODE = Bytes.hex("02" + "ab".repeat(32));

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final DataSource source;

    private TestDatabase(DataSource source) {
        this.source = source;
    }

    public static TestDatabase fresh() {
        String name = "vault_" + NUMBER.incrementAndGet();
        execute(Server.dataSource("postgres"), "CREATE DATABASE " + name + " TEMPLATE " + Server.TEMPLATE);
        return new TestDatabase(new ReusingDataSource(Server.dataSource(name)));
    }

    /** An empty database of another server, migrated here unless it has been. */
    public static TestDatabase on(DataSource source) {
        migrate(source);
        return new TestDatabase(source);
    }

    private static void migrate(DataSource source) {
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration")
                .target("9?")
                .load()
                .migrate();
    }

    /** A copy of this database on the same server; whoever is connected to this one loses his connection. */
    public TestDatabase copy() {
        String name = value("SELECT current_database()");
        String copy = "vault_" + NUMBER.incrementAndGet();
        DataSource server = Server.dataSource("postgres");
        execute(server, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
        execute(server, "CREATE DATABASE " + copy + " TEMPLATE " + name);
        return new TestDatabase(new ReusingDataSource(Server.dataSource(copy)));
    }

    public DataSource source() {
        return source;
    }

    /** Runs a statement as the host could who owns the disk. */
    public void execute(String sql) {
        execute(source, sql);
    }

    private static void execute(DataSource source, String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The only value of the only row, as text. */
    public String value(String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            if (!rows.next()) {
                throw new IllegalStateException("no row: " + sql);
            }
            return Optional.ofNullable(rows.getString(1)).orElse("");
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public static Path dataDirectory() {
        return Server.DATA;
    }

    /** A local seal or a part of 32 equal bytes. */
    public static SecretBytes secret(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return SecretBytes.taking(bytes);
    }

    /** Peers that keep a part in memory. */
    public static final class Peers implements PeersPart {
        private Optional<SecretBytes> part = Optional.empty();

        public static Peers with(int value) {
            Peers peers = new Peers();
            peers.part = Optional.of(secret(value));
            return peers;
        }

        @Override
        public Optional<SecretBytes> fetch(Predicate<SecretBytes> fits) {
            return part.map(SecretBytes::copy).filter(fits);
        }

        @Override
        public void deposit(SecretBytes deposited) {
            part = Optional.of(deposited.copy());
        }
    }

    /** The identity level under seal 1. */
    public Vault open(Schema schema) {
        return open(schema, 1);
    }

    public Vault open(Schema schema, int seal) {
        try (SecretBytes localSeal = secret(seal)) {
            return Vault.open(CHAIN, schema, source, localSeal, METADATA);
        }
    }

    /** Both levels, all tables enrolled. */
    public Vault openAll(Schema schema, PeersPart peers) {
        Vault vault = open(schema);
        try {
            vault.openState(NODE, peers);
            vault.enrol(Level.STATE);
            return vault;
        } catch (RuntimeException e) {
            vault.close();
            throw e;
        }
    }

    /** Started when the first test needs it. */
    private static final class Server {
        static final String TEMPLATE = "vault_template";
        static final Path DATA;
        private static final EmbeddedPostgres POSTGRES;

        static {
            try {
                DATA = Files.createTempDirectory("cloister-vault-pg");
                POSTGRES = EmbeddedPostgres.builder()
                        .setDataDirectory(DATA)
                        .setCleanDataDirectory(true)
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            execute(dataSource("postgres"), "CREATE DATABASE " + TEMPLATE);
            migrate(dataSource(TEMPLATE));
        }

        static DataSource dataSource(String database) {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setServerNames(new String[] {"127.0.0.1"});
            source.setPortNumbers(new int[] {POSTGRES.getPort()});
            source.setUser("postgres");
            source.setDatabaseName(database);
            return source;
        }
    }
}
