package io.cloister.consensus.process;

import io.cloister.codec.Bytes;
import io.cloister.consensus.core.Pace;
import io.cloister.consensus.core.Timeouts;
import io.cloister.consensus.engine.EngineSettings;
import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.IntStream;

/**
 * One replica process, as its properties file has it.
 *
 * <pre>
 * seed, nodes, slot            who it is
 * folder                       where its chip, its boot counter and its part lie
 * database                     JDBC URL
 * authority                    digest of the simulated chips' root, hex
 * listen.peers, listen.clients ports
 * peer.N                       host:port at which this node dials slot N
 * clock.offset                 milliseconds that its clock is off
 * pace.min, pace.empty, pace.tick, timeout.propose, timeout.prevote, timeout.precommit   milliseconds
 * </pre>
 */
record ReplicaConfig(Properties properties) {
    static ReplicaConfig read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return new ReplicaConfig(properties);
    }

    ReplicaKeys keys() {
        return new ReplicaKeys(text("seed"), number("nodes"));
    }

    int slot() {
        return number("slot");
    }

    Path folder() {
        return Path.of(text("folder"));
    }

    /** Where all replicas note validator sets. */
    Path sets() {
        return folder().resolveSibling("sets");
    }

    String database() {
        return text("database");
    }

    Bytes authority() {
        return Bytes.hex(text("authority"));
    }

    InetSocketAddress peers() {
        return new InetSocketAddress("127.0.0.1", number("listen.peers"));
    }

    InetSocketAddress clients() {
        return new InetSocketAddress("127.0.0.1", number("listen.clients"));
    }

    long clockOffset() {
        return number("clock.offset", 0);
    }

    /** Host and port of each slot in order. */
    List<String> addresses() {
        return IntStream.rangeClosed(1, number("nodes"))
                .mapToObj(slot -> text("peer." + slot))
                .toList();
    }

    EngineSettings engine() {
        Pace pace = Pace.DEFAULT;
        Timeouts timeouts = Timeouts.DEFAULT;
        return EngineSettings.DEFAULT
                .withPace(new Pace(
                        number("pace.min", pace.minBlockInterval()),
                        number("pace.gather", pace.gather()),
                        number("pace.empty", pace.emptyBlockInterval()),
                        number("pace.tick", pace.tick()),
                        pace.patience()))
                .withTimeouts(new Timeouts(
                        number("timeout.propose", timeouts.proposeBase()),
                        number("timeout.prevote", timeouts.prevoteBase()),
                        number("timeout.precommit", timeouts.precommitBase()),
                        timeouts.delta(),
                        timeouts.cap()));
    }

    private String text(String name) {
        return Objects.requireNonNull(properties.getProperty(name), () -> "no " + name);
    }

    private int number(String name) {
        return Integer.parseInt(text(name));
    }

    private long number(String name, long otherwise) {
        return Long.parseLong(properties.getProperty(name, String.valueOf(otherwise)));
    }
}
