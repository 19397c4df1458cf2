package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Application;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.BlockContext;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.Change;
import io.cloister.consensus.Execution;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.SnapshotTaker;
import io.cloister.consensus.StateSnapshot;
import io.cloister.consensus.TestStatements;
import io.cloister.consensus.TransactionRefused;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.WholeState;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.MerkleTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A small state machine: counts transactions, chains their hashes and keeps the validators.
 *
 * <ul>
 *   <li>{@code rekey:SLOT:VOTEKEYHEX:COUNTER} gives a slot another vote key, active two heights later; see {@link
 *       TestSeats}.
 *   <li>{@code weight:SLOT:WEIGHT} gives a slot another weight from the next height on.
 *   <li>{@code key:HEX:...} is sent by that key, {@code bad...} is refused at the door, {@code never...} is never chosen.
 *   <li>{@code poison...} makes a block invalid, {@code fatal...} is an {@code Error} of the machine.
 * </ul>
 */
final class TestApplication implements Application {
    private static final Bytes COUNT = Bytes.utf8("count");
    private static final Bytes CHAIN = Bytes.utf8("chain");
    private static final Bytes SEATS = Bytes.utf8("seats");
    private static final Bytes EXTENSIONS = Bytes.utf8("extensions");

    /** What this node adds to its precommits; honest extensions begin with "ext". */
    volatile Bytes extension = Bytes.EMPTY;

    /** No block is valid, not even an empty one. */
    volatile boolean refusing;

    private SortedMap<Bytes, Bytes> state = new TreeMap<>();
    private long finalized;
    private long durable;

    /** What the state holds before the first block. */
    static Genesis genesis(String chainId, ValidatorSet validators) {
        SortedMap<Bytes, Bytes> state = new TreeMap<>(Map.of(
                COUNT,
                new Writer().u64(0).toBytes(),
                CHAIN,
                Bytes.zeros(32),
                SEATS,
                TestSeats.of(validators).encode(),
                EXTENSIONS,
                new Writer().u64(0).toBytes()));
        return new Genesis(chainId, 0, 1_000, validators, state);
    }

    /** The transaction that gives a slot another vote key. */
    static String rekey(int slot, Bytes voteKey, long counter) {
        return "rekey:" + slot + ":" + voteKey.toHex() + ":" + counter;
    }

    static Bytes root(SortedMap<Bytes, Bytes> state) {
        Writer writer = new Writer();
        state.forEach((key, value) -> writer.bytes(key).bytes(value));
        return Hashes.sha256(writer.toBytes());
    }

    @Override
    public void check(Bytes transaction) throws TransactionRefused {
        if (text(transaction).startsWith("bad")) {
            throw new TransactionRefused("bad", "a bad transaction");
        }
    }

    @Override
    public Optional<Bytes> sender(Bytes transaction) {
        String text = text(transaction);
        return text.startsWith("key:") ? Optional.of(Bytes.hex(text.split(":")[1])) : Optional.empty();
    }

    @Override
    public List<Batch> prepare(BlockContext context, List<Batch> waiting, long maxBytes) {
        List<Batch> chosen = new ArrayList<>();
        long bytes = 0;
        for (Batch batch : waiting) {
            boolean never = batch.transactions().stream().anyMatch(it -> text(it).startsWith("never"));
            if (!never && bytes + batch.bytes() <= maxBytes) {
                chosen.add(batch);
                bytes += batch.bytes();
            }
        }
        return chosen;
    }

    @Override
    public Execution process(BlockContext context, List<Bytes> transactions) throws InvalidBlock {
        if (refusing) {
            throw new InvalidBlock("refusing");
        }
        Bytes chain = value(CHAIN);
        TestSeats seats = TestSeats.decode(value(SEATS));
        if (context.opening().isPresent()) {
            seats = seats.opened(context.opening().get().claims());
        }
        for (Bytes transaction : transactions) {
            String text = text(transaction);
            if (text.startsWith("fatal")) {
                throw new StackOverflowError("fatal");
            }
            if (text.startsWith("poison")) {
                throw new InvalidBlock("poison");
            }
            chain = Hashes.sha256(chain, transaction);
            seats = seats.after(text, context.height());
        }
        seats = seats.advanced(context.height() + 1);
        long extended = context.lastCommit().map(it -> it.extensions().size()).orElse(0);
        SortedMap<Bytes, Bytes> after = new TreeMap<>(state);
        after.put(CHAIN, chain);
        after.put(COUNT, new Writer().u64(count() + transactions.size()).toBytes());
        after.put(SEATS, seats.encode());
        after.put(EXTENSIONS, new Writer().u64(extensions() + extended).toBytes());
        List<Change> changes = after.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(state.get(entry.getKey())))
                .map(entry -> new Change(entry.getKey(), Optional.of(entry.getValue())))
                .toList();
        return new Execution(root(after), MerkleTree.root(transactions), changes, seats.validators(), after);
    }

    @Override
    public Bytes extend(long height, Bytes blockId) {
        return extension;
    }

    @Override
    public boolean verifyExtension(long height, Validator from, Bytes data) {
        return text(data).startsWith("ext");
    }

    @Override
    public boolean isEvidence(ValidatorSet set, KeyClaim claim, Bytes evidence) {
        return TestStatements.isEvidence(claim, evidence);
    }

    @Override
    @SuppressWarnings("unchecked")
    public void finalizeBlock(Block block, Certificate certificate, Execution execution) {
        state = (SortedMap<Bytes, Bytes>) execution.handle();
        finalized = block.height();
    }

    @Override
    public void commit(long height) {
        durable = height;
    }

    @Override
    public ValidatorSet laterValidators() {
        return TestSeats.decode(value(SEATS)).advanced(finalized + 2).validators();
    }

    @Override
    public StateSnapshot snapshot() {
        return WholeState.of(state);
    }

    @Override
    public SnapshotTaker taker(Header block) {
        return new WholeState(block.stateRoot(), TestApplication::root, it -> restore(it, Optional.of(block)));
    }

    @Override
    public Optional<Bytes> query(Bytes key) {
        return Optional.ofNullable(state.get(key));
    }

    @Override
    public void restore(SortedMap<Bytes, Bytes> stored, Optional<Header> last) {
        if (last.isPresent() && !root(stored).equals(last.get().stateRoot())) {
            throw new IllegalStateException("the stored state has another root than height "
                    + last.get().height());
        }
        state = new TreeMap<>(stored);
        finalized = last.map(Header::height).orElse(0L);
        durable = finalized;
    }

    /** How many transactions were executed. */
    long count() {
        return new Reader(value(COUNT)).u64();
    }

    /** How many extensions stood in commits. */
    long extensions() {
        return new Reader(value(EXTENSIONS)).u64();
    }

    /** Who decides the next height. */
    ValidatorSet validators() {
        return TestSeats.decode(value(SEATS)).validators();
    }

    long finalizedHeight() {
        return finalized;
    }

    long durableHeight() {
        return durable;
    }

    Bytes root() {
        return root(state);
    }

    private Bytes value(Bytes key) {
        return query(key).orElseThrow();
    }

    private static String text(Bytes transaction) {
        try {
            return transaction.asUtf8();
        } catch (CodecException e) {
            return "";
        }
    }
}
