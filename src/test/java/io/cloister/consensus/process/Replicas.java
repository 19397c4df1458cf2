package io.cloister.consensus.process;

import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.platform.TestAuthority;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.ingress.IngressClient;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;

/**
 * Replica processes on loopback with a PostgreSQL server for all of them, each with a database and a folder of its own.
 * Slots count from 1.
 *
 * <pre>
 * try (Replicas replicas = Replicas.prepare(folder, 4)) {
 *     replicas.startAll();
 *     replicas.kill(2);
 *     replicas.start(2);
 *     replicas.awaitHeight(2, 10, Duration.ofSeconds(30));
 * }
 * </pre>
 */
public final class Replicas implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final String TEMPLATE = "template_replica";

    private final Path folder;
    private final ReplicaKeys keys;
    private final EmbeddedPostgres postgres;
    private final SetFiles sets;
    private volatile boolean closed;
    private final List<Properties> configs = new ArrayList<>();
    private final Map<Integer, Process> processes = new ConcurrentSkipListMap<>();
    private final List<String> options = new ArrayList<>(List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-Xmx512m"));

    private Replicas(Path folder, ReplicaKeys keys, EmbeddedPostgres postgres) {
        this.folder = folder;
        this.keys = keys;
        this.postgres = postgres;
        this.sets = new SetFiles(folder.resolve("sets"), keys.validators());
    }

    /** Folders, chips, databases and settings for so many replicas; none runs yet. */
    public static Replicas prepare(Path folder, int nodes) throws IOException {
        EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("postgres"))
                .setCleanDataDirectory(true)
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
        Replicas replicas = new Replicas(folder, new ReplicaKeys("replicas", nodes), postgres);
        try {
            replicas.migrate();
            TestAuthority authority =
                    TestAuthority.create(ProductLine.GENOA, Instant.now().minus(Duration.ofDays(1)));
            List<String> addresses = new ArrayList<>();
            for (int slot = 1; slot <= nodes; slot++) {
                addresses.add("127.0.0.1:" + freePort());
            }
            for (int slot = 1; slot <= nodes; slot++) {
                replicas.configs.add(replicas.configure(slot, authority, addresses));
            }
            return replicas;
        } catch (IOException | RuntimeException e) {
            replicas.close();
            throw e;
        }
    }

    private void migrate() {
        execute("CREATE DATABASE " + TEMPLATE);
        Flyway.configure()
                .dataSource(postgres.getDatabase("postgres", TEMPLATE))
                .locations("classpath:db/migration")
                .load()
                .migrate();
    }

    private Properties configure(int slot, TestAuthority authority, List<String> addresses) throws IOException {
        String database = "replica_" + slot;
        execute("CREATE DATABASE " + database + " TEMPLATE " + TEMPLATE);
        Path own = Files.createDirectories(folder.resolve(database));
        try (SimulatedChip chip = authority.issueChip(TestChips.GENOA_TCB)) {
            chip.save(own);
        }
        Properties config = new Properties();
        config.put("seed", keys.seed());
        config.put("nodes", String.valueOf(keys.nodes()));
        config.put("slot", String.valueOf(slot));
        config.put("folder", own.toString());
        config.put("database", postgres.getJdbcUrl("postgres", database));
        config.put("authority", authority.rootDigest().toHex());
        String self = addresses.get(slot - 1);
        config.put("listen.peers", self.substring(self.lastIndexOf(':') + 1));
        config.put("listen.clients", String.valueOf(freePort()));
        for (int i = 0; i < addresses.size(); i++) {
            config.put("peer." + (i + 1), addresses.get(i));
        }
        return config;
    }

    private void execute(String sql) {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Below those that outgoing connections take, so that a killed replica finds its port again. */
    private static int freePort() throws IOException {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // the next one
            }
        }
        throw new IOException("no free port");
    }

    /** A setting of {@link ReplicaConfig} for one replica, from its next start on. */
    public Replicas set(int slot, String name, String value) {
        configs.get(slot - 1).put(name, value);
        return this;
    }

    /** The same for all. */
    public Replicas setAll(String name, String value) {
        for (int slot = 1; slot <= nodes(); slot++) {
            set(slot, name, value);
        }
        return this;
    }

    /** One more option for the replicas' JVMs. */
    public Replicas option(String option) {
        options.add(option);
        return this;
    }

    public int nodes() {
        return keys.nodes();
    }

    public ValidatorSet validators() {
        return keys.validators();
    }

    /** The replica's own folder, for what a test does to its disk. */
    public Path folder(int slot) {
        return folder.resolve("replica_" + slot);
    }

    /** Starts all and waits until they take part. */
    public Replicas startAll() {
        for (int slot = 1; slot <= nodes(); slot++) {
            launch(slot);
        }
        for (int slot = 1; slot <= nodes(); slot++) {
            awaitReady(slot);
        }
        return this;
    }

    /** Starts one and waits until it takes part. */
    public void start(int slot) {
        launch(slot);
        awaitReady(slot);
    }

    void launch(int slot) {
        try {
            Files.deleteIfExists(log(slot));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        launchAgain(slot);
    }

    /** Starts a process; one that gives way to a new boot is started again, whoever waits for it. */
    private synchronized void launchAgain(int slot) {
        if (closed || isRunning(slot)) {
            throw new IllegalStateException("replica " + slot + " runs, or all is over");
        }
        Path file = folder.resolve("replica_" + slot + ".properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            configs.get(slot - 1).store(writer, null);
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            options.forEach(option -> command.add(option.replace("%slot", String.valueOf(slot))));
            command.addAll(List.of(
                    "-cp", System.getProperty("java.class.path"), ReplicaProcess.class.getName(), file.toString()));
            writer.flush();
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log(slot).toFile()))
                    .start();
            processes.put(slot, process);
            process.onExit().thenAccept(ended -> {
                if (ended.exitValue() == ReplicaProcess.START_AGAIN && !closed) {
                    launchAgain(slot);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log(int slot) {
        return folder.resolve("replica_" + slot + ".log");
    }

    void awaitReady(int slot) {
        await("replica " + slot + " is ready", START, () -> {
            String log = read(slot);
            if (!isRunning(slot) && processes.get(slot).exitValue() != ReplicaProcess.START_AGAIN) {
                throw new IllegalStateException("replica " + slot + " has ended: " + log);
            }
            return log.lines().anyMatch("ready"::equals);
        });
    }

    /** What the replica has printed since its last start. */
    public String read(int slot) {
        try {
            return Files.readString(log(slot));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isRunning(int slot) {
        return Optional.ofNullable(processes.get(slot)).filter(Process::isAlive).isPresent();
    }

    public long pid(int slot) {
        return processes.get(slot).pid();
    }

    /** The server that all databases are on. */
    public long postgresPid() throws IOException {
        return Long.parseLong(Files.readAllLines(folder.resolve("postgres").resolve("postmaster.pid"))
                .getFirst()
                .strip());
    }

    /** A line to the replica's standard input, see {@link Running}. */
    void say(int slot, String line) {
        try {
            Writer writer = processes.get(slot).outputWriter();
            writer.write(line + "\n");
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The replica's figures, see {@link Running}, by name. */
    Map<String, Long> figures(int slot) throws IOException {
        Path file = folder.resolve("figures_" + slot);
        Files.deleteIfExists(file);
        say(slot, "sequences " + file);
        await("figures of replica " + slot, START, () -> Files.exists(file));
        return Files.readAllLines(file).stream()
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(words -> words[0], words -> Long.valueOf(words[1])));
    }

    /** What is on the replica's disk and in its database, put aside. It must not run. */
    void backUp(int slot) throws IOException {
        copy(folder(slot), folder.resolve("backup_" + slot));
        execute("DROP DATABASE IF EXISTS backup_" + slot);
        execute("CREATE DATABASE backup_" + slot + " TEMPLATE replica_" + slot);
    }

    /** Puts the backup in the place of the replica's disk and database. It must not run. */
    void restore(int slot) throws IOException {
        copy(folder.resolve("backup_" + slot), folder(slot));
        execute("DROP DATABASE replica_" + slot + " WITH (FORCE)");
        execute("CREATE DATABASE replica_" + slot + " TEMPLATE backup_" + slot);
    }

    private static void copy(Path from, Path to) throws IOException {
        if (Files.exists(to)) {
            try (Stream<Path> old = Files.walk(to)) {
                for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    /** kill -9; returns when it is gone. */
    public void kill(int slot) {
        end(processes.get(slot).destroyForcibly());
    }

    /** SIGTERM. */
    public void stop(int slot) {
        Process process = processes.get(slot);
        process.destroy();
        end(process);
    }

    private static void end(Process process) {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Where the replica listens for its peers. */
    InetSocketAddress peers(int slot) {
        return new InetSocketAddress(
                "127.0.0.1", Integer.parseInt(configs.get(slot - 1).getProperty("listen.peers")));
    }

    public InetSocketAddress clients(int slot) {
        return new InetSocketAddress(
                "127.0.0.1", Integer.parseInt(configs.get(slot - 1).getProperty("listen.clients")));
    }

    public IngressClient client(int slot) {
        return new IngressClient(clients(slot), sets::of);
    }

    /** Where a replica stands after a height, 0 for the last. */
    public IngressClient.Standing standing(int slot, long height) {
        try (IngressClient client = client(slot)) {
            return client.standing(height);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public Bytes stateRoot(int slot, long height) {
        return standing(slot, height).stateRoot().orElseThrow();
    }

    public void awaitHeight(int slot, long height, Duration patience) {
        await("replica " + slot + " has height " + height, patience, () -> reached(slot, height));
    }

    private boolean reached(int slot, long height) {
        try {
            return standing(slot, 0).height() >= height;
        } catch (IllegalStateException e) {
            return false; // it does not listen yet
        }
    }

    interface Condition {
        boolean holds();
    }

    static void await(String what, Duration patience, Condition condition) {
        long until = System.nanoTime() + patience.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - until > 0) {
                throw new IllegalStateException("not in " + patience + ": " + what);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** Kills what runs and ends the server. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        processes.values().forEach(Process::destroyForcibly);
        processes.values().forEach(Replicas::end);
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
