package io.cloister.consensus.store;

import static io.cloister.consensus.store.ConsensusTables.APP_STATE;
import static io.cloister.consensus.store.ConsensusTables.BLOCK;
import static io.cloister.consensus.store.ConsensusTables.CERTIFICATE;
import static io.cloister.consensus.store.ConsensusTables.CHAIN;
import static io.cloister.consensus.store.ConsensusTables.VALIDATOR_SET;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Change;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Limits;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.Hashes;
import io.cloister.vault.store.Changes;
import io.cloister.vault.store.LoadedRow;
import io.cloister.vault.store.Vault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The chain in PostgreSQL, through the vault: a block, its certificate and all that it changes in one transaction.
 * Opening it checks every certificate row and the state against the vault's registry, so that no deleted and no
 * restored row passes.
 */
public final class VaultConsensusStore implements ConsensusStore {
    private static final String ONE = "chain";
    private static final int MAX_KEY = 64 * 1024;
    private static final int MAX_VALUE = 256 << 20;

    private final Vault vault;
    private volatile long height;

    /** @param vault with its state level open and {@link ConsensusTables#SCHEMA} enrolled */
    public VaultConsensusStore(Vault vault) {
        this.vault = vault;
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
        vault.verify(CERTIFICATE);
        height = vault.inSnapshot(VaultConsensusStore::contiguousHeight);
    }

    private void begin(Genesis genesis) {
        if (vault.inSnapshot(VaultConsensusStore::contiguousHeight) != 0) {
            throw new IllegalStateException("the database holds blocks of no known chain");
        }
        Changes changes = vault.changes().insert(CHAIN, ONE, genesis.id());
        changes.insert(
                VALIDATOR_SET, genesis.validators().hash(), genesis.validators().encode());
        genesis.state().forEach((key, value) -> changes.insert(APP_STATE, rowKey(key), entry(key, value)));
        write(changes);
    }

    /** The number of blocks when their heights are exactly 1 to that number. */
    private static long contiguousHeight(Connection connection) throws SQLException {
        long top = 0;
        for (String table : List.of(BLOCK.name(), CERTIFICATE.name())) {
            try (PreparedStatement query = connection.prepareStatement(
                            "SELECT count(*), coalesce(min(height), 1), coalesce(max(height), 0) FROM " + table);
                    ResultSet rows = query.executeQuery()) {
                rows.next();
                long count = rows.getLong(1);
                if (rows.getLong(2) != 1 || rows.getLong(3) != count) {
                    throw new IllegalStateException("table " + table + " has a gap: " + count + " rows from height "
                            + rows.getLong(2) + " to " + rows.getLong(3));
                }
                if (!table.equals(BLOCK.name()) && count != top) {
                    throw new IllegalStateException("there are " + top + " blocks and " + count + " certificates");
                }
                top = count;
            }
        }
        return top;
    }

    @Override
    public long height() {
        return height;
    }

    @Override
    public Optional<CertifiedBlock> block(long wanted) {
        if (wanted < 1 || wanted > height) {
            return Optional.empty();
        }
        return vault.inSnapshot(connection -> {
            Optional<CertifiedHeader> certified = header(connection, wanted);
            Optional<LoadedRow> body = vault.table(BLOCK).find(connection, wanted);
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
            for (long at = Math.max(1, from); at <= height && headers.size() < limit; at++) {
                header(connection, at).ifPresent(headers::add);
            }
            return headers;
        });
    }

    private Optional<CertifiedHeader> header(Connection connection, long at) {
        return vault.table(CERTIFICATE).find(connection, at).map(row -> {
            Reader headerReader = new Reader(row.bytes("header"));
            Header header = Header.decode(headerReader);
            headerReader.end();
            Reader signatures = new Reader(row.bytes("signatures"));
            long epoch = signatures.u64();
            List<CommitSignature> list = signatures.list(Limits.VALIDATORS, CommitSignature::decode);
            List<KeyClaim> keys = signatures.list(Limits.VALIDATORS, KeyClaim::decode);
            signatures.end();
            Certificate certificate = new Certificate(epoch, at, row.integer("round"), row.bytes("block_id"), list);
            return new CertifiedHeader(header, certificate, keys);
        });
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
        Certificate certificate = certified.certificate();
        if (block.height() != height + 1) {
            throw new IllegalStateException("height " + block.height() + " does not follow " + height);
        }
        Writer body = new Writer();
        block.encodeBody(body);
        Writer signatures = new Writer().u64(certificate.epoch());
        signatures.list(certificate.signatures(), (w, signature) -> signature.encode(w));
        signatures.list(certified.keys(), (w, claim) -> claim.encode(w));
        Changes changes = vault.changes()
                .insert(BLOCK, block.height(), block.id(), body.toBytes())
                .insert(
                        CERTIFICATE,
                        block.height(),
                        certificate.round(),
                        certificate.blockId(),
                        block.header().encode(),
                        signatures.toBytes());
        Bytes nextHash = nextValidators.hash();
        boolean mayBeNew =
                block.header().opens() || !nextHash.equals(block.header().validatorsHash());
        if (mayBeNew && validators(nextHash).isEmpty()) {
            changes.insert(VALIDATOR_SET, nextHash, nextValidators.encode());
        }
        for (Change change : changed) {
            Bytes rowKey = rowKey(change.key());
            change.value()
                    .ifPresentOrElse(
                            value -> changes.put(APP_STATE, rowKey, entry(change.key(), value)),
                            () -> changes.delete(APP_STATE, rowKey));
        }
        write(changes);
        height = block.height();
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
