package io.cloister.consensus.store;

import static io.cloister.consensus.store.ConsensusTables.APP_STATE;
import static io.cloister.consensus.store.ConsensusTables.BLOCK;
import static io.cloister.consensus.store.ConsensusTables.CERTIFICATE;
import static io.cloister.consensus.store.ConsensusTables.CHAIN;
import static io.cloister.consensus.store.ConsensusTables.CHAIN_BASE;
import static io.cloister.consensus.store.ConsensusTables.VALIDATOR_CHANGE;
import static io.cloister.consensus.store.ConsensusTables.VALIDATOR_SET;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Block;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Change;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.Hashes;
import io.cloister.vault.ConflictException;
import io.cloister.vault.store.Changes;
import io.cloister.vault.store.LoadedRow;
import io.cloister.vault.store.Vault;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The chain in PostgreSQL, through the vault: a block, its certificate and all that it changes in one transaction.
 * Opening it checks every certificate row and the state against the vault's registry, so that no deleted and no
 * restored row passes. Old blocks go by whole partitions, and only as far as the policy says.
 */
public final class VaultConsensusStore implements ConsensusStore {
    private static final String ONE = "chain";
    private static final int MAX_KEY = 64 * 1024;
    private static final int MAX_VALUE = 256 << 20;

    /** Heights in a partition of blocks and of certificates: a few minutes of a busy chain to drop, a day of a quiet one. */
    private static final long SPAN = 16_384;

    private static final Logger LOG = System.getLogger(VaultConsensusStore.class.getName());

    private final Vault vault;
    private final Heights heights;
    private final long keep;
    private volatile long base = 1;
    private volatile long height;
    private volatile Optional<CertifiedHeader> beforeBase = Optional.empty();
    private long unprepared;

    /** Keeps every block. */
    public VaultConsensusStore(Vault vault) {
        this(vault, Long.MAX_VALUE);
    }

    /**
     * @param vault with its state level open and {@link ConsensusTables#SCHEMA} enrolled
     * @param keep of how many of the newest blocks none is dropped
     */
    public VaultConsensusStore(Vault vault, long keep) {
        this(vault, keep, SPAN);
    }

    VaultConsensusStore(Vault vault, long keep, long span) {
        this.vault = vault;
        this.heights = new Heights(vault, span);
        this.keep = keep;
    }

    @Override
    public void open(Genesis genesis) {
        Optional<Bytes> stored = vault.inSnapshot(
                connection -> vault.table(CHAIN).find(connection, ONE).map(row -> row.bytes("genesis_id")));
        if (stored.isEmpty()) {
            begin(genesis);
        } else if (!stored.get().equals(genesis.id())) {
            throw new IllegalStateException("the database holds another chain: its genesis is " + stored.get()
                    + ", the configured one is " + genesis.id());
        }
        vault.verify(CHAIN_BASE);
        vault.verify(CERTIFICATE);
        Heights.Stored found = vault.inSnapshot(heights::stored);
        base = found.base();
        beforeBase = found.before();
        height = found.height();
        unprepared = heights.prepare(height + 1);
    }

    private void begin(Genesis genesis) {
        if (vault.inSnapshot(heights::stored).height() != 0) {
            throw new IllegalStateException("the database holds blocks of no known chain");
        }
        Changes changes = vault.changes().insert(CHAIN, ONE, genesis.id());
        changes.insert(
                VALIDATOR_SET, genesis.validators().hash(), genesis.validators().encode());
        genesis.state().forEach((key, value) -> changes.insert(APP_STATE, rowKey(key), entry(key, value)));
        write(changes);
    }

    @Override
    public long height() {
        return height;
    }

    @Override
    public long base() {
        return base;
    }

    @Override
    public Optional<CertifiedHeader> beforeBase() {
        return beforeBase;
    }

    @Override
    public Optional<CertifiedBlock> block(long wanted) {
        if (wanted < base || wanted > height) {
            return Optional.empty();
        }
        return vault.inSnapshot(connection -> {
            Optional<CertifiedHeader> certified = header(connection, wanted);
            Optional<LoadedRow> body = vault.table(BLOCK).find(connection, wanted);
            if (wanted < base) {
                return Optional.empty(); // dropped meanwhile
            }
            if (certified.isEmpty() || body.isEmpty()) {
                throw new IllegalStateException("stored height " + wanted + " is missing");
            }
            Reader reader = new Reader(body.get().bytes("transactions"));
            Block block = Block.decodeBody(certified.get().header(), reader);
            reader.end();
            if (!block.isIntact() || !body.get().bytes("block_id").equals(block.id())) {
                throw new IllegalStateException("stored height " + wanted + " has another block's transactions");
            }
            return Optional.of(new CertifiedBlock(
                    block, certified.get().certificate(), certified.get().keys()));
        });
    }

    @Override
    public List<CertifiedHeader> headers(long from, int limit) {
        return vault.inSnapshot(connection -> {
            List<CertifiedHeader> headers = new ArrayList<>();
            for (long at = Math.max(base, from); at <= height && headers.size() < limit; at++) {
                header(connection, at).ifPresent(headers::add);
            }
            return headers;
        });
    }

    private Optional<CertifiedHeader> header(Connection connection, long at) {
        return vault.table(CERTIFICATE).find(connection, at).map(CertificateRow::read);
    }

    @Override
    public Optional<ValidatorSet> validators(Bytes hash) {
        return vault.inSnapshot(connection -> vault.table(VALIDATOR_SET)
                .find(connection, hash)
                .map(row -> {
                    Reader reader = new Reader(row.bytes("validators"));
                    ValidatorSet set = ValidatorSet.decode(reader);
                    reader.end();
                    return set;
                }));
    }

    @Override
    public Optional<HeaderLink> change(long from) {
        return vault.inSnapshot(connection -> {
            Optional<Long> at = Heights.change(connection, from);
            return at.isEmpty()
                    ? Optional.empty()
                    : vault.table(VALIDATOR_CHANGE).find(connection, at.get()).map(VaultConsensusStore::link);
        });
    }

    private static HeaderLink link(LoadedRow row) {
        Reader reader = new Reader(row.bytes("link"));
        HeaderLink link = HeaderLink.decode(reader);
        reader.end();
        return link;
    }

    private static void insert(Changes changes, HeaderLink link) {
        Writer writer = new Writer();
        link.encode(writer);
        changes.put(VALIDATOR_CHANGE, link.height(), writer.toBytes());
    }

    @Override
    public SortedMap<Bytes, Bytes> state() {
        return vault.inSnapshot(connection -> {
            SortedMap<Bytes, Bytes> state = new TreeMap<>();
            vault.table(APP_STATE).load(connection, row -> {
                Reader reader = new Reader(row.bytes("entry"));
                Bytes key = reader.bytes(MAX_KEY);
                state.put(key, reader.bytes(MAX_VALUE));
                reader.end();
            });
            return state;
        });
    }

    @Override
    public void commit(CertifiedBlock certified, List<Change> changed, ValidatorSet nextValidators) {
        Block block = certified.block();
        if (block.height() != height + 1) {
            throw new IllegalStateException("height " + block.height() + " does not follow " + height);
        }
        Writer body = new Writer();
        block.encodeBody(body);
        Changes changes = vault.changes()
                .insert(BLOCK, block.height(), block.id(), body.toBytes())
                .insert(CERTIFICATE, CertificateRow.values(certified.header(), block.height()));
        Optional<HeaderLink> step = HeaderLink.change(certified, nextValidators);
        step.ifPresent(link -> insert(changes, link));
        Bytes nextHash = nextValidators.hash();
        if (step.isPresent() && validators(nextHash).isEmpty()) {
            changes.insert(VALIDATOR_SET, nextHash, nextValidators.encode());
        }
        for (Change change : changed) {
            Bytes rowKey = rowKey(change.key());
            change.value()
                    .ifPresentOrElse(
                            value -> changes.put(APP_STATE, rowKey, entry(change.key(), value)),
                            () -> changes.delete(APP_STATE, rowKey));
        }
        if (block.height() >= unprepared - 1) {
            unprepared = heights.prepare(block.height());
        }
        write(changes);
        height = block.height();
        prune();
    }

    /** Drops what the policy no longer keeps; a node in whose way something stands here tries again with the next block. */
    private void prune() {
        long wanted = heights.pruned(height, keep);
        if (wanted <= base) {
            return;
        }
        try {
            prune(wanted);
        } catch (ConflictException e) {
            LOG.log(Level.WARNING, "blocks below height " + wanted + " are not dropped yet", e);
        }
    }

    private void prune(long wanted) {
        CertifiedHeader before = headers(wanted - 1, 1).getFirst();
        vault.inTransaction(connection -> {
            Changes changes = vault.changes();
            Heights.setBase(changes, before);
            Heights.drop(connection, changes, wanted);
            base = wanted;
            changes.write(connection);
            return wanted;
        });
        beforeBase = Optional.of(before);
    }

    @Override
    public void install(Snapshot snapshot) {
        CertifiedHeader last = snapshot.last();
        if (last.header().height() <= height) {
            throw new IllegalStateException(
                    "a snapshot of height " + last.header().height() + " is not above " + height);
        }
        vault.inTransaction(connection -> {
            Changes changes = vault.changes().empty(APP_STATE);
            snapshot.state().forEach((key, value) -> changes.insert(APP_STATE, rowKey(key), entry(key, value)));
            snapshot.validators().stream()
                    .distinct()
                    .forEach(set -> changes.put(VALIDATOR_SET, set.hash(), set.encode()));
            snapshot.way().forEach(link -> insert(changes, link));
            Heights.setBase(changes, last);
            Heights.drop(connection, changes, Long.MAX_VALUE);
            changes.write(connection);
            return last;
        });
        beforeBase = Optional.of(last);
        base = last.header().height() + 1;
        height = last.header().height();
        unprepared = heights.prepare(base);
    }

    private void write(Changes changes) {
        vault.inTransaction(connection -> {
            changes.write(connection);
            return changes;
        });
    }

    private static Bytes rowKey(Bytes key) {
        return Hashes.sha256(key);
    }

    private static Bytes entry(Bytes key, Bytes value) {
        return new Writer().bytes(key).bytes(value).toBytes();
    }
}
