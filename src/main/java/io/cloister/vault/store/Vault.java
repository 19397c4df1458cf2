package io.cloister.vault.store;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.vault.Envelope;
import io.cloister.vault.Head;
import io.cloister.vault.Journal;
import io.cloister.vault.Level;
import io.cloister.vault.PeersPart;
import io.cloister.vault.RowDigest;
import io.cloister.vault.Schema;
import io.cloister.vault.SealException;
import io.cloister.vault.SealMetadata;
import io.cloister.vault.TableSpec;
import io.cloister.vault.VaultException;
import io.cloister.vault.file.FileJournal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * A node's encrypted state. Opens in two steps, as a node boots: the identity level under the local seal, then, when
 * the peers have handed out their part, the state level. Thread-safe.
 *
 * <p>The data source must give plain connections that take part in no distributed transaction.
 */
public final class Vault implements AutoCloseable {
    private static final Pattern JOURNAL_NAME = Pattern.compile("[a-z][a-z0-9_-]{0,31}");
    private static final int MAX_DEPLOYMENT = 64;

    private final Schema schema;
    private final Database database;
    private final VaultRoot root;
    private final Map<String, JdbcJournal> journals = new ConcurrentHashMap<>();
    private final Registry registry = new Registry(this::durable);
    private final FileJournals fileJournals;

    private Vault(Schema schema, Database database, VaultRoot root) {
        this.schema = schema;
        this.database = database;
        this.root = root;
        this.fileJournals = new FileJournals(database, registry);
    }

    /**
     * What the local seal of this database was derived from, as stored; not authenticated before the vault is open.
     * Empty for a new database.
     */
    public static Optional<SealMetadata> sealedUnder(DataSource source) {
        return new Database(source)
                .snapshot("reading the seal's metadata", connection -> KeysetTable.read(connection, Level.IDENTITY))
                .map(KeysetRow::metadata);
    }

    /**
     * Opens the identity level, or makes it when the database has none. The tables of the level exist already.
     *
     * @param deployment the chain id, at most 64 bytes
     * @param schema every table that the database has or will have
     * @param localSeal 32 bytes derived from the platform; stays the caller's to close
     * @param metadata what the seal was derived from; stored when the level is made
     * @throws SealException when the level was sealed under another seal
     * @throws io.cloister.vault.TamperedException when keysets or registry are not what this node wrote last
     */
    public static Vault open(
            String deployment, Schema schema, DataSource source, SecretBytes localSeal, SealMetadata metadata) {
        int length = Bytes.utf8(deployment).length();
        if (length == 0 || length > MAX_DEPLOYMENT) {
            throw new IllegalArgumentException("a chain id of " + length + " bytes");
        }
        Database database = new Database(source);
        Vault vault = new Vault(schema, database, new VaultRoot(deployment, localSeal));
        try {
            database.transact("opening the identity level", connection -> {
                warnWithoutSync(connection);
                boolean made = vault.isNew(connection, Level.IDENTITY);
                TinkEnvelope envelope = vault.root.openIdentity(connection, metadata);
                vault.settle(connection, Level.IDENTITY, envelope, made);
                vault.registry.enrol(connection, Level.IDENTITY, schema.registered(Level.IDENTITY));
                return vault;
            });
            return vault;
        } catch (RuntimeException e) {
            vault.close();
            throw e;
        }
    }

    /** Whether the database has a state level, open or not. */
    public boolean hasState() {
        return database.snapshot(
                "looking for the state level",
                connection -> KeysetTable.read(connection, Level.STATE).isPresent());
    }

    /**
     * Opens the state level with the part that the peers keep; makes it, and deposits a new part with them, when there
     * never was one.
     *
     * @param nodeId the node's id, bound into every row of the level
     * @throws SealException when no peer has the part
     * @throws io.cloister.vault.TamperedException when there was a state level and its keysets are gone
     */
    public void openState(Bytes nodeId, PeersPart peers) {
        requireStateClosed();
        Optional<KeysetRow> stored = database.snapshot("looking for the state level", this::storedState);
        // Peers that do the same at this moment ask for their parts here, so no lock is held while they are asked.
        SecretBytes part = stored.isEmpty() ? newPart(peers) : fetchPart(peers, stored.get());
        openState(nodeId, part, stored.isEmpty());
    }

    private Optional<KeysetRow> storedState(Connection connection) throws SQLException {
        if (!isNew(connection, Level.STATE)) {
            return KeysetTable.read(connection, Level.STATE);
        }
        if (registry.isStateMade(connection)) {
            throw VaultRoot.missing(Level.STATE, "the registry has it that the level was made");
        }
        return Optional.empty();
    }

    private SecretBytes fetchPart(PeersPart peers, KeysetRow stored) {
        AtomicBoolean others = new AtomicBoolean();
        return peers.fetch(part -> {
                    boolean fits = root.fits(stored, part);
                    others.compareAndSet(false, !fits);
                    return fits;
                })
                .orElseThrow(() -> others.get() ? stored.wrongKey() : noPart());
    }

    private synchronized void requireStateClosed() {
        if (root.isOpen(Level.STATE)) {
            throw new IllegalStateException("the state level is open already");
        }
    }

    private synchronized void openState(Bytes nodeId, SecretBytes part, boolean made) {
        requireStateClosed();
        try {
            database.transact("opening the state level", connection -> {
                TinkEnvelope envelope = root.openState(connection, nodeId, part);
                if (made) {
                    registry.stateMade(connection);
                }
                return settle(connection, Level.STATE, envelope, made);
            });
        } catch (RuntimeException e) {
            root.forget(Level.STATE);
            throw e;
        }
    }

    /**
     * Takes the declared tables of a level into the registry, as far as they are not in it. To be called after
     * migrations; {@link #open} has done it for the identity level. A table that is taken in must be empty.
     */
    public synchronized void enrol(Level level) {
        database.transact("enrolling tables", connection -> {
            registry.enrol(connection, level, schema.registered(level));
            return level;
        });
    }

    /** The envelope of an open level. */
    public Envelope envelope(Level level) {
        return root(level);
    }

    /** A declared and enrolled table. */
    public ProtectedTable table(TableSpec table) {
        requireDeclared(table);
        return new ProtectedTable(table, rows(table), registry);
    }

    /** A new, empty set of changes. */
    public Changes changes() {
        return new Changes(this);
    }

    /**
     * A journal of the state level, made when there is none of this name. The same instance for the same name.
     *
     * @throws io.cloister.vault.TamperedException when its head is not what this node wrote
     */
    public synchronized Journal journal(String name) {
        requireJournalName(name);
        JdbcJournal known = journals.get(name);
        if (known == null) {
            known = openJournal(name);
            journals.put(name, known);
        }
        return known;
    }

    /**
     * The journal of this name in files of a folder; opened, or made when there never was one, when it is first asked for.
     * Each change of a registered row of the state level notes in the registry how far it is durable.
     *
     * @throws io.cloister.vault.file.JournalDamaged when its files are not what this node wrote, or are older
     */
    public synchronized FileJournal fileJournal(String name, Path folder) {
        requireJournalName(name);
        return fileJournals.open(name, folder, root(Level.STATE));
    }

    private static void requireJournalName(String name) {
        if (!JOURNAL_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("no name of a journal: " + name);
        }
    }

    private Map<String, Long> durable() {
        Map<String, Long> durable = fileJournals.durable();
        journals.forEach((name, journal) -> durable.put(name, journal.last()));
        return durable;
    }

    /** Runs reading work on one snapshot of the database, as {@link ProtectedTable#load} needs it. */
    public <T> T inSnapshot(SqlWork<T> work) {
        return database.snapshot("reading", work);
    }

    /** Runs work in a transaction on a connection of its own and commits it. */
    public <T> T inTransaction(SqlWork<T> work) {
        return database.transact("writing", work);
    }

    /** Checks keysets, registry and every row of all enrolled tables of a level. */
    public void verify(Level level) {
        inSnapshot(connection -> {
            registry.check(connection, level, root.row(level).version());
            for (TableSpec table : schema.registered(level)) {
                table(table).verify(connection);
            }
            return level;
        });
    }

    /** Checks every row of an enrolled table, and the table as a whole. */
    public void verify(TableSpec table) {
        inSnapshot(connection -> {
            table(table).verify(connection);
            return table;
        });
    }

    /** The level's head now, for heads that the node signs. */
    public Head head(Level level) {
        return database.snapshot("reading the head", connection -> registry.head(connection, level));
    }

    /** What the keysets are wrapped under now, authenticated. */
    public synchronized SealMetadata metadata() {
        return root.row(Level.IDENTITY).metadata();
    }

    /**
     * Wraps the data keys of all levels under a new local seal, in one transaction. No data is re-encrypted. Needs
     * every level that the database has to be open.
     *
     * @param localSeal 32 bytes; stays the caller's to close
     */
    public synchronized void rewrap(SecretBytes localSeal, SealMetadata metadata) {
        Map<Level, KeysetRow> rows = database.transact("re-wrapping the keysets", connection -> {
            Map<Level, KeysetRow> rewrapped = root.rewrap(connection, localSeal, metadata);
            for (KeysetRow row : rewrapped.values()) {
                registry.keysetChanged(connection, row.level(), row.version());
            }
            return rewrapped;
        });
        root.adopt(rows, localSeal);
    }

    /** Gives a level new data keys for all values written from now on; older values stay readable. */
    public synchronized void newKeyEpoch(Level level) {
        VaultRoot.NewEpoch epoch = database.transact("making a key epoch", connection -> {
            VaultRoot.NewEpoch made = root.newEpoch(connection, level);
            registry.keysetChanged(connection, level, made.row().version());
            return made;
        });
        root.adopt(epoch);
    }

    /** The codec of a declared table, for those who bind statements themselves. */
    public RowCodec rows(TableSpec table) {
        requireDeclared(table);
        return new RowCodec(table, root(table.level()));
    }

    /**
     * Notes changes of rows in the registry, in the transaction that makes them and as the last thing in it. {@link
     * Changes} does this by itself.
     */
    public void register(Connection connection, Map<TableSpec, RowDigest> changes) {
        try {
            registry.apply(connection, changes);
        } catch (SQLException e) {
            throw Database.translate("updating the registry", e);
        }
    }

    /** The declaration of a table by its name. */
    public TableSpec declared(String name) {
        return schema.table(name).orElseThrow(() -> new VaultException("table " + name + " is not declared"));
    }

    void requireDeclared(TableSpec table) {
        if (declared(table.name()) != table || !table.registered()) {
            throw new VaultException("table " + table + " is not a protected table of this vault's schema");
        }
    }

    @Override
    public synchronized void close() {
        journals.values().forEach(JdbcJournal::close);
        journals.clear();
        fileJournals.close();
        root.close();
    }

    /**
     * Whether a level is to be made. Where its keysets are gone and something else of it is left, nothing may be made:
     * a new part, deposited with the peers, would take the place of the one that the old keysets need.
     */
    private boolean isNew(Connection connection, Level level) throws SQLException {
        if (KeysetTable.read(connection, level).isPresent()) {
            return false;
        }
        for (TableSpec table : schema.tables()) {
            if (table == Schema.KEYSET || table == Schema.REGISTRY || table.level() != level) {
                continue;
            }
            if (TableSql.exists(connection, table) && !TableSql.isEmpty(connection, table)) {
                throw VaultRoot.missing(level, "table " + table + " has rows");
            }
        }
        if (Registry.hasRoot(connection, level)) {
            throw VaultRoot.missing(level, "the registry has records of the level");
        }
        return true;
    }

    private Level settle(Connection connection, Level level, TinkEnvelope envelope, boolean made) throws SQLException {
        registry.open(level, envelope);
        if (made) {
            registry.create(connection, level, root.row(level).version());
        }
        registry.check(connection, level, root.row(level).version());
        return level;
    }

    /** Takes no lock: who asks may hold the registry's row, which somebody inside a synchronized method may wait for. */
    private TinkEnvelope root(Level level) {
        return root.envelope(level);
    }

    private JdbcJournal openJournal(String name) {
        RowCodec heads = new RowCodec(Schema.JOURNAL_HEAD, root(Level.STATE));
        JournalHead head = database.transact("opening journal " + name, connection -> {
            Optional<JournalHead> stored = JdbcJournal.readHead(connection, name, heads);
            Optional<Long> floor = registry.journalFloor(connection, name);
            if (stored.isEmpty() && floor.isEmpty()) {
                return makeJournal(connection, name, heads);
            }
            JournalHead found = stored.orElseThrow(() -> JdbcJournal.missingHead(name));
            if (floor.isEmpty() || found.lastSeq() < floor.get()) {
                throw JdbcJournal.staleHead(name, "it ends at " + found.lastSeq() + ", but went to at least " + floor);
            }
            return found;
        });
        return new JdbcJournal(name, database, root(Level.STATE), head);
    }

    private JournalHead makeJournal(Connection connection, String name, RowCodec heads) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(JournalSql.ANY_ENTRY)) {
            query.setString(1, name);
            try (ResultSet rows = query.executeQuery()) {
                if (rows.next()) {
                    throw JdbcJournal.missingHead(name);
                }
            }
        }
        JournalHead head = JournalHead.fresh(name);
        TableSql.of(Schema.JOURNAL_HEAD)
                .insert(
                        connection,
                        List.of(heads.seal(head.values(), head.version()).values()));
        registry.journalMade(connection, name);
        return head;
    }

    private static SecretBytes newPart(PeersPart peers) {
        SecretBytes part = SecretBytes.random(PeersPart.LENGTH);
        try {
            peers.deposit(part);
            return part;
        } catch (RuntimeException e) {
            part.close();
            throw e;
        }
    }

    private static SealException noPart() {
        return new SealException(
                SealException.Reason.PEERS_PART_MISSING,
                "the state level needs the part that the peers keep, and none of them has handed it out");
    }

    private static void warnWithoutSync(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SHOW fsync");
                ResultSet rows = query.executeQuery()) {
            if (rows.next() && rows.getString(1).equals("off")) {
                System.getLogger(Vault.class.getName())
                        .log(System.Logger.Level.WARNING, "PostgreSQL runs with fsync=off: nothing is durable");
            }
        }
    }
}
