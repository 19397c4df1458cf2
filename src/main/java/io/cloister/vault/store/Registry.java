package io.cloister.vault.store;

import io.cloister.codec.Bytes;
import io.cloister.vault.ConflictException;
import io.cloister.vault.Head;
import io.cloister.vault.Level;
import io.cloister.vault.RowDigest;
import io.cloister.vault.Schema;
import io.cloister.vault.TableSpec;
import io.cloister.vault.TamperedException;
import io.cloister.vault.TamperedException.Kind;
import io.cloister.vault.VaultException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Count and sum of every registered table, updated in the transaction that changes the rows. Over the tables of a level
 * stands a root that names each table's latest record; root and records carry the number of the last change as version.
 *
 * <p>Whoever changes the registry locks the root of the level first, IDENTITY before STATE, and only at the end of his
 * transaction, so that writers neither deadlock nor wait long. Thread-safe.
 */
final class Registry {
    private static final TableSpec SPEC = Schema.REGISTRY;
    private static final TableSql SQL = TableSql.of(SPEC);
    private static final String LOCK =
            SQL.selectAll() + " WHERE name = ANY(?) ORDER BY (name LIKE 'root/%') DESC, name FOR NO KEY UPDATE";
    private static final String OF_LEVEL = SQL.selectAll() + " WHERE level = ? OR name = ?";

    private final Map<Level, RowCodec> codecs = new ConcurrentHashMap<>();
    private final Map<Level, Long> seen = new ConcurrentHashMap<>();
    private final Supplier<Map<String, Long>> journals;

    /** @param journals an entry number that is durable, for each open journal by name; all of the state level */
    Registry(Supplier<Map<String, Long>> journals) {
        this.journals = journals;
    }

    void open(Level level, TinkEnvelope envelope) {
        codecs.put(level, new RowCodec(SPEC, envelope));
    }

    /** Makes the root of a new level. */
    void create(Connection connection, Level level, long keysetVersion) throws SQLException {
        RowCodec.Stored row =
                sealed(level, rootName(level), RegistryRoot.fresh(keysetVersion).encode(), 1);
        SQL.insert(connection, List.of(row.values()));
    }

    static boolean hasRoot(Connection connection, Level level) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT 1 FROM vault_registry WHERE name = ?")) {
            query.setString(1, rootName(level));
            try (ResultSet rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** Applies the changes of rows; the last thing in a transaction. */
    void apply(Connection connection, Map<TableSpec, RowDigest> changes) throws SQLException {
        for (Level level : Level.values()) {
            Map<String, RowDigest> ofLevel = new LinkedHashMap<>();
            changes.forEach((table, change) -> {
                if (table.level() == level) {
                    ofLevel.put(table.name(), change);
                }
            });
            if (!ofLevel.isEmpty()) {
                apply(connection, level, ofLevel);
            }
        }
    }

    private void apply(Connection connection, Level level, Map<String, RowDigest> changes) throws SQLException {
        Map<String, Known> rows = lock(connection, level, changes.keySet());
        Known known = require(rows, rootName(level));
        RegistryRoot root = RegistryRoot.decode(known.state());
        long next = nextVersion(known);
        List<List<Object>> updates = new ArrayList<>();
        for (Map.Entry<String, RowDigest> change : changes.entrySet()) {
            Known record = require(rows, change.getKey());
            RowDigest digest = RowDigest.decode(record.state());
            digest.add(change.getValue());
            RowCodec.Stored updated = sealed(level, change.getKey(), digest.encode(), next);
            root = root.with(change.getKey(), updated.tag());
            updates.add(replacing(updated, record));
        }
        updates.add(newRoot(level, root, known));
        update(connection, updates);
    }

    /** Notes a new version of the level's keyset row, in the transaction that writes it. */
    void keysetChanged(Connection connection, Level level, long keysetVersion) throws SQLException {
        Known root = require(lock(connection, level, List.of()), rootName(level));
        RegistryRoot changed = RegistryRoot.decode(root.state()).withKeyset(keysetVersion);
        update(connection, List.of(newRoot(level, changed, root)));
    }

    /** Notes in the identity level that the state level is made, in the transaction that makes it. */
    void stateMade(Connection connection) throws SQLException {
        Known root = require(lock(connection, Level.IDENTITY, List.of()), rootName(Level.IDENTITY));
        RegistryRoot changed = RegistryRoot.decode(root.state()).withState();
        update(connection, List.of(newRoot(Level.IDENTITY, changed, root)));
    }

    /** Whether the state level was ever made, as the identity level knows. */
    boolean isStateMade(Connection connection) throws SQLException {
        Known root = require(verified(connection, Level.IDENTITY), rootName(Level.IDENTITY));
        return RegistryRoot.decode(root.state()).stateMade();
    }

    /** Notes that there is a journal, in the transaction that makes its head. */
    void journalMade(Connection connection, String journal) throws SQLException {
        Known root = require(lock(connection, Level.STATE, List.of()), rootName(Level.STATE));
        RegistryRoot changed = RegistryRoot.decode(root.state()).withJournals(Map.of(journal, 0L));
        update(connection, List.of(newRoot(Level.STATE, changed, root)));
    }

    /** The least number that the last entry of a journal must have; empty when the journal was never made. */
    Optional<Long> journalFloor(Connection connection, String journal) throws SQLException {
        Known root = require(verified(connection, Level.STATE), rootName(Level.STATE));
        return Optional.ofNullable(RegistryRoot.decode(root.state()).journals().get(journal));
    }

    /** Takes new, still empty tables into the registry. */
    void enrol(Connection connection, Level level, Collection<TableSpec> tables) throws SQLException {
        Known known = require(lock(connection, level, List.of()), rootName(level));
        RegistryRoot root = RegistryRoot.decode(known.state());
        long next = nextVersion(known);
        List<List<Object>> inserts = new ArrayList<>();
        for (TableSpec table : tables) {
            if (root.tags().containsKey(table.name())) {
                continue;
            }
            requireEmpty(connection, table);
            RowCodec.Stored record = sealed(level, table.name(), new RowDigest().encode(), next);
            root = root.with(table.name(), record.tag());
            inserts.add(record.values());
        }
        if (!inserts.isEmpty()) {
            SQL.insert(connection, inserts);
            update(connection, List.of(newRoot(level, root, known)));
        }
    }

    /** The digest that a table's rows must have. */
    RowDigest expected(Connection connection, TableSpec table) throws SQLException {
        Map<String, Known> rows = verified(connection, table.level());
        return RowDigest.decode(require(rows, table.name()).state());
    }

    /** Checks the level's registry as a whole: every record against the root, and the root's keyset version. */
    Head check(Connection connection, Level level, long keysetVersion) throws SQLException {
        refuseOldKeysets(connection, level);
        Known root = require(verified(connection, level), rootName(level));
        remember(level, root);
        long inForce = RegistryRoot.decode(root.state()).keysetVersion();
        if (inForce != keysetVersion) {
            throw oldKeysets(level, "version " + keysetVersion + " was put back, the latest is " + inForce);
        }
        return head(root);
    }

    /**
     * A root that needs a newer key epoch than the keysets have cannot be opened, but it tells what happened to them.
     */
    private void refuseOldKeysets(Connection connection, Level level) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT key_epoch, tag FROM vault_registry WHERE name = ?")) {
            query.setString(1, rootName(level));
            try (ResultSet rows = query.executeQuery()) {
                if (!rows.next()) {
                    return;
                }
                int epoch = rows.getInt(1);
                Bytes tag = Bytes.wrap(rows.getBytes(2));
                boolean plausible = tag.length() == TinkEnvelope.TAG && TinkEnvelope.epochOfTag(tag) == epoch;
                if (plausible && epoch > codec(level).epoch()) {
                    throw oldKeysets(level, "an old version was put back, it lacks key epoch " + epoch);
                }
            }
        }
    }

    private static TamperedException oldKeysets(Level level, String why) {
        return new TamperedException(Kind.STALE, Schema.KEYSET.name(), Bytes.utf8(level.name()), why);
    }

    /**
     * The level's head as it is now. On a connection without a transaction of its own, so that what is read is
     * committed.
     *
     * @throws TamperedException when it is older than one that was seen before
     */
    Head head(Connection connection, Level level) throws SQLException {
        long floor = floor(level);
        Known root = require(verified(connection, level), rootName(level));
        refuseOlder(root, floor);
        remember(level, root);
        return head(root);
    }

    private Map<String, Known> verified(Connection connection, Level level) throws SQLException {
        Map<String, Known> rows;
        try (PreparedStatement query = connection.prepareStatement(OF_LEVEL)) {
            query.setString(1, level.name());
            query.setString(2, rootName(level));
            rows = fetch(query, level);
        }
        Known root = require(rows, rootName(level));
        Map<String, Bytes> tags = RegistryRoot.decode(root.state()).tags();
        for (Map.Entry<String, Bytes> entry : tags.entrySet()) {
            sameAsRoot(entry.getKey(), entry.getValue(), rows, root);
        }
        for (String name : rows.keySet()) {
            if (!tags.containsKey(name) && !name.equals(rootName(level))) {
                throw new TamperedException(
                        Kind.UNEXPECTED, SPEC.name(), Bytes.utf8(name), "the root knows no such record");
            }
        }
        return rows;
    }

    private Map<String, Known> lock(Connection connection, Level level, Collection<String> tables) throws SQLException {
        long floor = floor(level);
        List<String> names = new ArrayList<>(tables);
        names.add(rootName(level));
        Map<String, Known> rows;
        try (PreparedStatement query = connection.prepareStatement(LOCK)) {
            query.setArray(1, connection.createArrayOf("text", names.toArray()));
            rows = fetch(query, level);
        }
        Known root = require(rows, rootName(level));
        refuseOlder(root, floor);
        Map<String, Bytes> tags = RegistryRoot.decode(root.state()).tags();
        for (String table : tables) {
            Bytes tag = Optional.ofNullable(tags.get(table))
                    .orElseThrow(() -> new VaultException("table " + table + " is not enrolled in the registry"));
            sameAsRoot(table, tag, rows, root);
        }
        return rows;
    }

    private static void sameAsRoot(String name, Bytes tag, Map<String, Known> rows, Known root) {
        RowCodec.Stored record = require(rows, name).stored();
        if (record.tag().equals(tag)) {
            return;
        }
        boolean rootIsOlder = record.row().version() > root.stored().row().version();
        throw new TamperedException(
                Kind.STALE,
                SPEC.name(),
                rootIsOlder ? root.stored().row().key() : record.row().key(),
                "an older record was put back");
    }

    /** What a statement that begins now must at least see. */
    private long floor(Level level) {
        return seen.getOrDefault(level, 0L);
    }

    /** Only for what was read as committed: a version that is rolled back later must not become a floor. */
    private void remember(Level level, Known root) {
        seen.merge(level, root.stored().row().version(), Math::max);
    }

    private static void refuseOlder(Known root, long floor) {
        long version = root.stored().row().version();
        if (version < floor) {
            throw new TamperedException(
                    Kind.STALE,
                    SPEC.name(),
                    root.stored().row().key(),
                    "version " + version + " was put back under a running node that had seen " + floor);
        }
    }

    private static Head head(Known root) {
        return new Head(root.stored().row().version(), root.stored().tag());
    }

    private Map<String, Known> fetch(PreparedStatement query, Level level) throws SQLException {
        Map<String, Known> rows = new LinkedHashMap<>();
        try (ResultSet results = query.executeQuery()) {
            while (results.next()) {
                RowCodec.Stored stored = codec(level).stored(RowReader.values(results, SPEC));
                List<Object> plain = codec(level).open(stored);
                rows.put((String) plain.get(0), new Known(stored, (Bytes) plain.get(2)));
            }
        }
        return rows;
    }

    private RowCodec.Stored sealed(Level level, String name, Bytes state, long version) {
        return codec(level).seal(List.of(name, level.name(), state), version);
    }

    private RowCodec codec(Level level) {
        return Optional.ofNullable(codecs.get(level))
                .orElseThrow(() -> new VaultException("level " + level + " is not open"));
    }

    private List<Object> newRoot(Level level, RegistryRoot root, Known old) {
        RegistryRoot noted = root;
        if (level == Level.STATE) {
            noted = root.withJournals(journals.get());
        }
        return replacing(sealed(level, rootName(level), noted.encode(), nextVersion(old)), old);
    }

    private static void update(Connection connection, List<List<Object>> updates) throws SQLException {
        if (SQL.update(connection, updates) != updates.size()) {
            throw new ConflictException("the registry was changed meanwhile");
        }
    }

    private static List<Object> replacing(RowCodec.Stored updated, Known old) {
        List<Object> values = new ArrayList<>(updated.values());
        values.add(old.stored().row().version());
        return values;
    }

    private static long nextVersion(Known root) {
        return Math.addExact(root.stored().row().version(), 1);
    }

    private static void requireEmpty(Connection connection, TableSpec table) throws SQLException {
        if (!TableSql.exists(connection, table)) {
            throw new VaultException("table " + table + " is declared, but not in the database");
        }
        if (!TableSql.isEmpty(connection, table)) {
            throw new TamperedException(
                    Kind.MISSING,
                    SPEC.name(),
                    Bytes.utf8(table.name()),
                    "the table has rows, but the registry has no record of it");
        }
    }

    private static Known require(Map<String, Known> rows, String name) {
        return Optional.ofNullable(rows.get(name))
                .orElseThrow(() ->
                        new TamperedException(Kind.MISSING, SPEC.name(), Bytes.utf8(name), "the record was deleted"));
    }

    private static String rootName(Level level) {
        return "root/" + level.name();
    }

    /** A record that was checked, with its opened state. */
    private record Known(RowCodec.Stored stored, Bytes state) {}
}
