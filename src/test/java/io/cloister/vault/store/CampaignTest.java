package io.cloister.vault.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.codec.Bytes;
import io.cloister.vault.ColumnType;
import io.cloister.vault.Host;
import io.cloister.vault.Host.Victim;
import io.cloister.vault.Level;
import io.cloister.vault.Schema;
import io.cloister.vault.TableSpec;
import io.cloister.vault.TamperedException;
import io.cloister.vault.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Random transactions against a model, with rollbacks, reopenings and attacks in between. Runs two seconds, or
 * {@code -Dcloister.budget} of them; {@code -Dcloister.seed} repeats a run.
 */
class CampaignTest {
    private static final TableSpec STATE = TableSpec.named("test_state", Level.STATE)
            .key("key", ColumnType.BYTES)
            .authenticated("height", ColumnType.LONG)
            .sealed("value")
            .build();
    private static final Schema SCHEMA = Schema.VAULT.plus(Schema.of(STATE));
    private static final int KEYS = 400;

    private final long seed = Long.getLong("cloister.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final TestDatabase.Peers peers = new TestDatabase.Peers();
    private final TestDatabase database = TestDatabase.fresh();
    private final Map<Bytes, Bytes> model = new TreeMap<>();
    private final Map<String, Integer> done = new TreeMap<>();
    private final Host host = new Host(database);
    private Vault vault = made();

    private Vault made() {
        database.execute("CREATE TABLE test_state (key bytea PRIMARY KEY, version bigint NOT NULL,"
                + " key_epoch integer NOT NULL, tag bytea NOT NULL, height bigint NOT NULL, value bytea NOT NULL)");
        return database.openAll(SCHEMA, peers);
    }

    @Test
    void staysEqualToItsModelAndNamesEveryAttack(TestReporter reporter) {
        long end = System.nanoTime() + Long.getLong("cloister.budget", 2) * 1_000_000_000L;
        try {
            do {
                step();
            } while (System.nanoTime() < end);
            compare();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + " after " + done, e);
        } finally {
            vault.close();
        }
        reporter.publishEntry("campaign", done.toString());
    }

    private void step() {
        int dice = random.nextInt(100);
        if (dice < 60) {
            change("commit", true);
        } else if (dice < 70) {
            change("rollback", false);
        } else if (dice < 80) {
            count("compare");
            compare();
        } else if (dice < 84) {
            count("reopen");
            vault.close();
            vault = database.openAll(SCHEMA, peers);
        } else if (dice < 86) {
            count("key epoch");
            vault.newKeyEpoch(Level.STATE);
        } else if (!model.isEmpty()) {
            attack();
        }
    }

    private void change(String what, boolean commit) {
        count(what);
        Map<Bytes, Bytes> next = new TreeMap<>(model);
        Changes changes = vault.changes();
        TreeMap<Bytes, Bytes> touched = new TreeMap<>();
        int rows = 1 + random.nextInt(60);
        for (int i = 0; i < rows; i++) {
            byte[] value = new byte[random.nextInt(200)];
            random.nextBytes(value);
            touched.put(Bytes.utf8("key " + random.nextInt(KEYS)), Bytes.wrap(value));
        }
        touched.forEach((key, value) -> {
            if (random.nextInt(4) == 0) {
                changes.delete(STATE, key);
                next.remove(key);
            } else {
                changes.put(STATE, key, (long) rows, value);
                next.put(key, value);
            }
        });
        try {
            vault.inTransaction(connection -> {
                changes.write(connection);
                if (!commit) {
                    throw new RolledBack();
                }
                return changes;
            });
            model.clear();
            model.putAll(next);
        } catch (RolledBack e) {
            assertThat(commit).isFalse();
        }
    }

    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private void compare() {
        Map<Bytes, Bytes> found = new TreeMap<>();
        vault.inSnapshot(connection -> {
            vault.table(STATE).load(connection, row -> found.put(row.bytes("key"), row.bytes("value")));
            return found;
        });
        assertThat(found).isEqualTo(model);
    }

    /** One row is deleted, or put back as it was some transactions ago; the very row must be named. */
    private void attack() {
        host.copy(STATE);
        List<Bytes> keys = new ArrayList<>(model.keySet());
        Bytes key = keys.get(random.nextInt(keys.size()));
        Victim victim = new Victim(STATE, "key = '\\x" + key.toHex() + "'");
        boolean delete = random.nextBoolean();
        if (delete) {
            host.delete(victim);
        } else {
            vault.inTransaction(connection -> {
                vault.changes().put(STATE, key, -1L, Bytes.utf8("newer")).write(connection);
                return key;
            });
            model.put(key, Bytes.utf8("newer"));
            database.execute("CREATE TABLE host.newer AS TABLE test_state");
            host.restore(victim);
        }
        count(delete ? "deleted rows named" : "restored rows named");
        TamperedException refusal = catchThrowableOfType(TamperedException.class, () -> vault.verify(Level.STATE));
        assertThat(refusal).isNotNull();
        assertThat(refusal.table()).isEqualTo("test_state");
        assertThat(refusal.key()).contains(key);
        assertThat(refusal.kind()).isEqualTo(delete ? TamperedException.Kind.MISSING : TamperedException.Kind.STALE);
        if (delete) {
            host.restore(victim);
        } else {
            host.delete(victim);
            database.execute("INSERT INTO test_state SELECT * FROM host.newer WHERE " + victim.where()
                    + "; DROP TABLE host.newer");
        }
    }

    private void count(String what) {
        done.merge(what, 1, Integer::sum);
    }
}
