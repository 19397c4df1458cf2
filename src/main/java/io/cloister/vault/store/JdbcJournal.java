package io.cloister.vault.store;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.vault.Cell;
import io.cloister.vault.ConflictException;
import io.cloister.vault.EntryConsumer;
import io.cloister.vault.Journal;
import io.cloister.vault.JournalChain;
import io.cloister.vault.Row;
import io.cloister.vault.Schema;
import io.cloister.vault.TableSpec;
import io.cloister.vault.TamperedException;
import io.cloister.vault.TamperedException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A journal in {@code vault_journal} and {@code vault_journal_head}, on a connection of its own with synchronous
 * commit. An append is one statement and one flush of the write-ahead log.
 */
final class JdbcJournal implements Journal, AutoCloseable {
    private static final int FETCH = 200;
    private static final TableSpec ENTRY = Schema.JOURNAL;
    private static final TableSql ENTRY_SQL = TableSql.of(ENTRY);
    private static final TableSpec HEAD = Schema.JOURNAL_HEAD;

    private final String name;
    private final Database database;
    private final TinkEnvelope envelope;
    private final RowCodec entries;
    private final RowCodec heads;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile JournalHead head;
    private boolean uncertain;
    private Optional<Connection> connection = Optional.empty();

    /** @param head the head as it was read and checked */
    JdbcJournal(String name, Database database, TinkEnvelope envelope, JournalHead head) {
        this.name = name;
        this.database = database;
        this.envelope = envelope;
        this.entries = new RowCodec(ENTRY, envelope);
        this.heads = new RowCodec(HEAD, envelope);
        this.head = head;
    }

    @Override
    public long append(int kind, Bytes entry) {
        return appendAll(List.of(new Entry(kind, entry)));
    }

    @Override
    public long appendAll(List<Entry> bodies) {
        lock.lock();
        try {
            JournalHead old = current();
            if (bodies.isEmpty()) {
                return old.lastSeq();
            }
            List<List<Object>> rows = new ArrayList<>(bodies.size());
            JournalHead moved = old;
            for (Entry body : bodies) {
                long seq = Math.addExact(moved.lastSeq(), 1);
                // The chain covers the ciphertext, so the entry is sealed first and the row tagged around it.
                Row row = new Row(ENTRY.name(), ENTRY.key(List.of(name, seq)), 1);
                Bytes sealed = envelope.seal(new Cell(row, "entry"), body.body());
                Bytes chain = JournalChain.next(moved.lastChain(), name, seq, body.kind(), sealed);
                rows.add(entries.tagged(row, List.of(name, seq, body.kind(), chain, sealed))
                        .values());
                moved = moved.appended(seq, chain);
            }
            JournalHead next = moved.withVersion(old.version() + 1);
            change(
                    "appending to journal " + name,
                    next,
                    JournalSql.APPEND,
                    rows.size(),
                    (statement, at) -> ENTRY_SQL.bindFrom(statement, at, 1, rows));
            return next.lastSeq();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void truncateBefore(long seq) {
        lock.lock();
        try {
            JournalHead old = current();
            if (seq > old.lastSeq() + 1) {
                throw new IllegalArgumentException("journal " + name + " ends at " + old.lastSeq());
            }
            if (seq <= old.anchorSeq() + 1) {
                return;
            }
            JournalHead next = old.truncated(seq - 1, chainAt(old, seq - 1));
            long removed = seq - 1 - old.anchorSeq();
            change(
                    "truncating journal " + name,
                    next,
                    JournalSql.TRUNCATE,
                    removed,
                    (statement, at) -> statement.setLong(at, seq));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void replay(long fromSeq, EntryConsumer consumer) {
        lock.lock();
        try {
            current();
            database.snapshot("replaying journal " + name, connection -> {
                JournalHead stored = readHead(connection, name, heads).orElseThrow(() -> missingHead(name));
                notBehind(stored);
                replay(connection, stored, fromSeq, consumer);
                return stored;
            });
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long last() {
        return head.lastSeq();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            disconnect();
        } finally {
            lock.unlock();
        }
    }

    /** The stored head, checked; empty when there is none. */
    static Optional<JournalHead> readHead(Connection connection, String name, RowCodec heads) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(JournalSql.HEAD)) {
            query.setString(1, name);
            try (ResultSet rows = query.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                RowCodec.Stored stored = heads.stored(RowReader.values(rows, HEAD));
                return Optional.of(
                        JournalHead.of(heads.open(stored), stored.row().version()));
            }
        }
    }

    static TamperedException missingHead(String name) {
        return new TamperedException(Kind.MISSING, HEAD.name(), Bytes.utf8(name), "the head was deleted");
    }

    static TamperedException staleHead(String name, String why) {
        return new TamperedException(Kind.STALE, HEAD.name(), Bytes.utf8(name), why);
    }

    private void replay(Connection connection, JournalHead stored, long fromSeq, EntryConsumer consumer)
            throws SQLException {
        long seq = stored.anchorSeq();
        Bytes chain = stored.anchorChain();
        try (PreparedStatement query = connection.prepareStatement(JournalSql.ENTRIES)) {
            query.setString(1, name);
            query.setFetchSize(FETCH);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    List<Object> values = RowReader.values(rows, ENTRY);
                    long found = (long) values.get(1);
                    List<Object> plain = open(found, values);
                    inOrder(stored, seq, found);
                    seq++;
                    chain = JournalChain.next(chain, name, seq, (int) plain.get(2), (Bytes) values.get(4));
                    if (!chain.equals(plain.get(3))) {
                        throw refuse(Kind.CHANGED, seq, "the chain breaks here");
                    }
                    if (seq >= fromSeq) {
                        consumer.accept(seq, (int) plain.get(2), (Bytes) plain.get(4));
                    }
                }
            }
        }
        if (seq < stored.lastSeq()) {
            throw refuse(Kind.MISSING, seq + 1, "the journal ends before it, its head names " + stored.lastSeq());
        }
        if (!chain.equals(stored.lastChain())) {
            throw refuse(Kind.CHANGED, seq, "the chain does not end as the head says");
        }
    }

    private void inOrder(JournalHead stored, long before, long found) {
        if (found <= before) {
            throw refuse(Kind.UNEXPECTED, found, "it was forgotten, or stands there twice");
        }
        if (found > stored.lastSeq()) {
            throw staleHead(name, "entry " + found + " stands behind the last one it names, " + stored.lastSeq());
        }
        if (found > before + 1) {
            throw refuse(Kind.MISSING, before + 1, "it was deleted");
        }
    }

    private List<Object> open(long seq, List<Object> values) {
        try {
            return entries.open(entries.stored(values));
        } catch (TamperedException e) {
            throw new TamperedException(
                    e.kind(), ENTRY.name(), Optional.of(seqKey(seq)), e.column(), where(seq) + e.getMessage());
        }
    }

    private TamperedException refuse(Kind kind, long seq, String why) {
        return new TamperedException(kind, ENTRY.name(), seqKey(seq), where(seq) + why);
    }

    private String where(long seq) {
        return "journal " + name + ", entry " + seq + ": ";
    }

    private static Bytes seqKey(long seq) {
        return new Writer().u64(Math.max(seq, 0)).toBytes();
    }

    private Bytes chainAt(JournalHead old, long seq) {
        if (seq == old.lastSeq()) {
            return old.lastChain();
        }
        return database.snapshot("reading journal " + name, connection -> {
            try (PreparedStatement query = connection.prepareStatement(JournalSql.ENTRY)) {
                query.setString(1, name);
                query.setLong(2, seq);
                try (ResultSet rows = query.executeQuery()) {
                    if (!rows.next()) {
                        throw refuse(Kind.MISSING, seq, "it was deleted");
                    }
                    return (Bytes) open(seq, RowReader.values(rows, ENTRY)).get(3);
                }
            }
        });
    }

    /** Binds what follows the head's parameters; {@code at} is the first free index. */
    @FunctionalInterface
    private interface Binder {
        void bind(PreparedStatement statement, int at) throws SQLException;
    }

    private void change(String what, JournalHead next, String sql, long expected, Binder rest) {
        RowCodec.Stored stored = heads.seal(next.values(), next.version());
        boolean done = false;
        try (PreparedStatement statement = connection().prepareStatement(sql)) {
            int at = 1;
            for (Object value : stored.values().subList(1, stored.values().size())) {
                TableSql.bindOne(statement, at++, value);
            }
            statement.setString(at++, name);
            statement.setLong(at++, next.version() - 1);
            rest.bind(statement, at);
            if (statement.executeUpdate() != expected) {
                throw new ConflictException(what + ": somebody else writes to it, or entries are gone");
            }
            head = next;
            done = true;
        } catch (SQLException e) {
            throw Database.translate(what, e);
        } finally {
            if (!done) {
                uncertain = true;
                disconnect();
            }
        }
    }

    /**
     * The head to build on. After a failure nobody knows whether the last change is durable, so the database is asked.
     */
    private JournalHead current() {
        if (uncertain) {
            JournalHead stored = database.snapshot(
                    "reading journal " + name,
                    connection -> readHead(connection, name, heads).orElseThrow(() -> missingHead(name)));
            notBehind(stored);
            head = stored;
            uncertain = false;
        }
        return head;
    }

    private void notBehind(JournalHead stored) {
        if (stored.version() < head.version()) {
            throw staleHead(name, "version " + stored.version() + " was put back, the latest is " + head.version());
        }
    }

    private Connection connection() throws SQLException {
        if (connection.isEmpty()) {
            Connection fresh = database.connect();
            connection = Optional.of(fresh);
            fresh.setAutoCommit(true);
            try (PreparedStatement durable = fresh.prepareStatement("SET synchronous_commit TO on")) {
                durable.execute();
            }
        }
        return connection.get();
    }

    private void disconnect() {
        Optional<Connection> old = connection;
        connection = Optional.empty();
        if (old.isPresent()) {
            try {
                old.get().close();
            } catch (SQLException e) {
                System.getLogger(JdbcJournal.class.getName())
                        .log(System.Logger.Level.DEBUG, "closing the connection of journal " + name, e);
            }
        }
    }
}
