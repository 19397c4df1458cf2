package io.cloister.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.vault.hibernate.HibernateVault;
import io.cloister.vault.hibernate.Transactions;
import io.cloister.vault.identity.IdentityStore;
import io.cloister.vault.identity.KeyShareStore;
import io.cloister.vault.identity.NodeIdentity;
import io.cloister.vault.identity.PartStore;
import io.cloister.vault.store.Vault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Reads what lies in the database and on its disk, and finds no secret there. */
class RawScanTest {
    private static final Bytes PUBLIC = Bytes.utf8("a public kind, planted to show that the scan finds things");

    private final Map<String, Bytes> planted = new LinkedHashMap<>();

    private SecretBytes plant(String what) {
        SecretBytes secret = SecretBytes.random(32);
        planted.put(what, secret.use(Bytes::of));
        return secret;
    }

    private void plant(String what, SecretBytes exported) {
        try (exported) {
            planted.put(what, exported.use(Bytes::of));
        }
    }

    private void fill(TestDatabase database) {
        TestDatabase.Peers peers = new TestDatabase.Peers();
        try (SecretBytes seal = plant("local seal");
                Vault vault =
                        Vault.open(TestDatabase.CHAIN, Schema.VAULT, database.source(), seal, TestDatabase.METADATA);
                TestUnit unit = TestUnit.with(database.source())) {
            HibernateVault.attach(unit.factory(), vault);
            Transactions transactions = Transactions.local(unit.factory());
            try (NodeIdentity identity = new IdentityStore(vault, transactions).open()) {
                plant("slot key", identity.slotKey().export());
                plant("epoch key", identity.epochKey().export());
                vault.openState(identity.nodeId(), peers);
            }
            plant("peers' part", peers.fetch(part -> true).orElseThrow());
            vault.enrol(Level.STATE);
            try (SecretBytes share = plant("key share");
                    SecretBytes kept = plant("part of a peer")) {
                new KeyShareStore(vault, transactions)
                        .save(
                                new KeyShares.ShareInfo(
                                        "share", 1, PUBLIC.asUtf8().substring(0, 32)),
                                share);
                new PartStore(vault, transactions).keep(Bytes.hex("02" + "cd".repeat(32)), 1, kept);
            }
            planted.put("journal entry", Bytes.utf8("a journal entry that nobody may read"));
            vault.journal("votes").append(1, planted.get("journal entry"));
        }
    }

    @Test
    void findsNoSecretInTablesOrOnTheDisk() throws Exception {
        TestDatabase database = TestDatabase.fresh();
        fill(database);
        assertThat(planted).hasSizeGreaterThanOrEqualTo(7);

        byte[] needleOfScan = PUBLIC.asUtf8().substring(0, 32).getBytes(StandardCharsets.UTF_8);
        String tables = copyOut(database);
        assertThat(tables).contains(new String(needleOfScan, StandardCharsets.UTF_8));
        planted.forEach((what, secret) -> assertThat(tables)
                .as(what)
                .doesNotContain(secret.toHex())
                .doesNotContain(new String(secret.toArray(), StandardCharsets.ISO_8859_1)));

        database.execute("CHECKPOINT");
        String control = "the control";
        Needles needles = new Needles();
        needles.add(control, needleOfScan);
        planted.forEach((what, secret) -> {
            needles.add(what, secret.toArray());
            needles.add(what + " in hexadecimal", secret.toHex().getBytes(StandardCharsets.US_ASCII));
        });
        Set<String> found = new TreeSet<>();
        List<Path> files = files(database);
        for (Path file : files) {
            needles.find(read(file)).forEach(what -> found.add(what + " in " + file));
        }
        assertThat(files).hasSizeGreaterThan(100);
        assertThat(found).anyMatch(it -> it.contains("/pg_wal/")).anyMatch(it -> it.contains("/base/"));
        assertThat(found).allMatch(it -> it.startsWith(control));
    }

    private static String copyOut(TestDatabase database) throws SQLException, IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Connection connection = database.source().getConnection()) {
            PGConnection postgres = connection.unwrap(PGConnection.class);
            for (TableSpec table : Schema.VAULT.tables()) {
                postgres.getCopyAPI().copyOut("COPY " + table.name() + " TO STDOUT", out);
                postgres.getCopyAPI().copyOut("COPY " + table.name() + " TO STDOUT (FORMAT binary)", out);
            }
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    /** Everything in the data directory but the databases of other tests. */
    private static List<Path> files(TestDatabase database) throws IOException {
        Path data = TestDatabase.dataDirectory();
        Path own = data.resolve("base")
                .resolve(database.value("SELECT oid FROM pg_database WHERE datname = current_database()"));
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(Files::isRegularFile)
                    .filter(it -> it.startsWith(own) || !it.startsWith(data.resolve("base")))
                    .toList();
        }
    }

    private static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    /** Looks for many byte strings in one pass. */
    private static final class Needles {
        private final Map<String, byte[]> needles = new LinkedHashMap<>();
        private final boolean[] starts = new boolean[1 << 16];

        void add(String name, byte[] needle) {
            needles.put(name, needle);
            starts[start(needle, 0)] = true;
        }

        Set<String> find(byte[] content) {
            Set<String> found = new TreeSet<>();
            for (int i = 0; i + 1 < content.length; i++) {
                if (starts[start(content, i)]) {
                    int at = i;
                    needles.forEach((name, needle) -> {
                        int end = at + needle.length;
                        if (end <= content.length && Arrays.equals(content, at, end, needle, 0, needle.length)) {
                            found.add(name);
                        }
                    });
                }
            }
            return found;
        }

        private static int start(byte[] bytes, int at) {
            return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
        }
    }
}
