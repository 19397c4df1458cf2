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
import io.cloister.consensus.Commit;
import io.cloister.consensus.Execution;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.SnapshotTaker;
import io.cloister.consensus.StateSnapshot;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.TransactionRefused;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.WholeState;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.MerkleTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The application of the simulator: chains the hashes of what it executes, and keeps the validators. {@code rekey:SLOT}
 * gives a slot the vote key of a newer boot two heights later, {@code weight:SLOT:WEIGHT} another weight, {@code
 * out:SLOT} takes a slot away, at most a third of all at a time, and {@code in:SLOT} gives it back with the keys that it
 * had; changes that wait together are at most a third of the weight, but one is always taken.
 */
final class SimApplication implements Application {
    private static final Bytes CHAIN = Bytes.utf8("chain");
    private static final Bytes SET = Bytes.utf8("set");
    private static final Bytes FORMER = Bytes.utf8("former");
    private static final Bytes WAITING = Bytes.utf8("waiting");
    private static final Bytes SPOKEN = Bytes.utf8("spoken");

    /** A change of one slot, from a height on; without a validator the slot goes. */
    private record Pending(long from, int slot, Optional<Validator> becomes) {
        void encode(Writer writer) {
            writer.u64(from).u16(slot).optional(becomes, (w, it) -> it.encode(w));
        }

        static Pending decode(Reader reader) {
            return new Pending(reader.u64(), reader.u16(), reader.optional(Validator::decode));
        }
    }

    /** @param former who has no slot any more */
    private record State(
            Bytes chain, ValidatorSet set, List<Validator> former, List<Pending> waiting, long spoken, Bytes root) {}

    private final BiConsumer<Block, Certificate> finalized;
    private volatile State state;
    private long committed;

    /** @param finalized told of each decided block */
    SimApplication(ValidatorSet first, BiConsumer<Block, Certificate> finalized) {
        this.finalized = finalized;
        state = state(Bytes.zeros(32), first, List.of(), List.of(), 0);
    }

    static Genesis genesis(String chainId, ValidatorSet validators) {
        return new Genesis(
                chainId,
                0,
                1_000,
                validators,
                new TreeMap<>(entries(state(Bytes.zeros(32), validators, List.of(), List.of(), 0))));
    }

    private static State state(
            Bytes chain, ValidatorSet set, List<Validator> former, List<Pending> waiting, long spoken) {
        State open = new State(chain, set, List.copyOf(former), List.copyOf(waiting), spoken, Bytes.EMPTY);
        return new State(chain, set, open.former(), open.waiting(), spoken, root(entries(open)));
    }

    private static Map<Bytes, Bytes> entries(State of) {
        return Map.of(
                CHAIN, of.chain(),
                SET, of.set().encode(),
                FORMER, new Writer().list(of.former(), (w, it) -> it.encode(w)).toBytes(),
                WAITING,
                        new Writer().list(of.waiting(), (w, it) -> it.encode(w)).toBytes(),
                SPOKEN, new Writer().u64(of.spoken()).toBytes());
    }

    private static Bytes root(Map<Bytes, Bytes> entries) {
        Writer writer = new Writer();
        new TreeMap<>(entries).forEach((key, value) -> writer.bytes(key).bytes(value));
        return Hashes.sha256(writer.toBytes());
    }

    /** What a boot submits to get its seat: signed by the slot key. */
    static Bytes rekey(int slot, Bytes nodeId, Bytes voteKey, long counter) {
        Bytes unsigned = Bytes.utf8("rekey:" + slot + ":" + voteKey.toHex() + ":" + counter);
        return Bytes.concat(
                unsigned,
                Bytes.utf8(":" + TestKeys.sign(nodeId, Hashes.sha256(unsigned)).toHex()));
    }

    @Override
    public void check(Bytes transaction) throws TransactionRefused {
        if (text(transaction).startsWith("bad")) {
            throw new TransactionRefused("bad", "a bad transaction");
        }
        State now = state;
        String text = text(transaction);
        if (text.startsWith("rekey:")
                && rekey(text.split(":"), text, committed + 1, now.set()).isEmpty()) {
            throw new TransactionRefused("rekey", "not a newer boot of a slot");
        }
    }

    @Override
    public List<Batch> prepare(BlockContext context, List<Batch> waiting, long maxBytes) {
        return waiting;
    }

    @Override
    public Execution process(BlockContext context, List<Bytes> transactions) {
        State before = state;
        ValidatorSet set = before.set();
        List<Pending> waiting = new ArrayList<>(before.waiting());
        if (context.opening().isPresent()) {
            List<KeyClaim> claims = context.opening().get().claims();
            set = KeyClaim.replaced(set, claims).orElseThrow();
            ValidatorSet renewed = set;
            waiting.removeIf(it -> it.becomes()
                    .filter(v -> renewed.bySlot(v.slot())
                            .filter(now -> now.bootCounter() >= v.bootCounter())
                            .isPresent())
                    .isPresent());
        }
        Bytes chain = before.chain();
        for (Bytes transaction : transactions) {
            chain = Hashes.sha256(chain, transaction);
            change(text(transaction), context.height(), set, before.former(), waiting);
        }
        ValidatorSet deciding = set;
        set = due(context.height() + 1, set, waiting);
        long spoken = before.spoken()
                + context.lastCommit().map(Commit::extensions).map(List::size).orElse(0);
        State after = state(chain, set, former(before.former(), deciding, set), waiting, spoken);
        Map<Bytes, Bytes> old = entries(before);
        List<Change> changes = new ArrayList<>();
        new TreeMap<>(entries(after)).forEach((key, value) -> {
            if (!value.equals(old.get(key))) {
                changes.add(new Change(key, Optional.of(value)));
            }
        });
        return new Execution(after.root(), MerkleTree.root(transactions), changes, set, after);
    }

    private static void change(
            String text, long height, ValidatorSet set, List<Validator> former, List<Pending> waiting) {
        String[] words = text.split(":");
        Optional<Pending> wanted = Optional.empty();
        if (words[0].equals("rekey") && words.length == 5) {
            wanted = rekey(words, text, height, set);
        } else if (words[0].equals("weight") && words.length >= 3) {
            wanted = set.bySlot(Integer.parseInt(words[1]))
                    .map(it -> new Pending(
                            height + 2,
                            it.slot(),
                            Optional.of(new Validator(
                                    it.slot(),
                                    it.nodeId(),
                                    it.voteKey(),
                                    Long.parseLong(words[2]),
                                    it.bootCounter()))));
        } else if (words[0].equals("out") && words.length >= 2) {
            wanted = out(Integer.parseInt(words[1]), height, set, former, waiting);
        } else if (words[0].equals("in") && words.length >= 2) {
            wanted = former.stream()
                    .filter(it -> it.slot() == Integer.parseInt(words[1]))
                    .map(it -> new Pending(height + 2, it.slot(), Optional.of(it)))
                    .findFirst();
        }
        wanted.filter(it -> waiting.stream().noneMatch(other -> other.slot() == it.slot()))
                .filter(it ->
                        waiting.isEmpty() || 3 * (weight(set, waiting) + weight(set, List.of(it))) <= set.totalWeight())
                .ifPresent(waiting::add);
    }

    private static Optional<Pending> out(
            int slot, long height, ValidatorSet set, List<Validator> former, List<Pending> waiting) {
        long leaving = waiting.stream().filter(it -> it.becomes().isEmpty()).count();
        boolean room = former.size() + leaving < (set.size() + former.size() - 1) / 3;
        return set.bySlot(slot).filter(it -> room).map(it -> new Pending(height + 2, slot, Optional.empty()));
    }

    /** Who had a slot before or has lost it now. */
    private static List<Validator> former(List<Validator> before, ValidatorSet deciding, ValidatorSet next) {
        return Stream.concat(before.stream(), deciding.validators().stream())
                .filter(it -> next.bySlot(it.slot()).isEmpty())
                .toList();
    }

    private static long weight(ValidatorSet set, List<Pending> of) {
        return of.stream()
                .flatMap(it -> set.bySlot(it.slot()).or(it::becomes).stream())
                .mapToLong(Validator::weight)
                .sum();
    }

    private static Optional<Pending> rekey(String[] words, String text, long height, ValidatorSet set) {
        Bytes unsigned = Bytes.utf8(text.substring(0, text.lastIndexOf(':')));
        long counter = Long.parseLong(words[3]);
        return set.bySlot(Integer.parseInt(words[1]))
                .filter(it -> counter > it.bootCounter())
                .filter(it -> TestKeys.sign(it.nodeId(), Hashes.sha256(unsigned))
                        .toHex()
                        .equals(words[4]))
                .map(it -> new Pending(
                        height + 2,
                        it.slot(),
                        Optional.of(new Validator(it.slot(), it.nodeId(), Bytes.hex(words[2]), it.weight(), counter))));
    }

    /** The set of a height: what waits for it takes effect. */
    private static ValidatorSet due(long height, ValidatorSet set, List<Pending> waiting) {
        List<Validator> validators = new ArrayList<>(set.validators());
        waiting.removeIf(it -> {
            if (it.from() > height) {
                return false;
            }
            validators.removeIf(old -> old.slot() == it.slot());
            it.becomes().ifPresent(validators::add);
            return true;
        });
        validators.sort(Comparator.comparingInt(Validator::slot));
        return new ValidatorSet(validators);
    }

    @Override
    public Bytes extend(long height, Bytes blockId) {
        return height % 3 == 0 ? Bytes.utf8("at " + height) : Bytes.EMPTY;
    }

    @Override
    public boolean verifyExtension(long height, Validator from, Bytes data) {
        return data.equals(Bytes.utf8("at " + height));
    }

    @Override
    public boolean isEvidence(ValidatorSet set, KeyClaim claim, Bytes evidence) {
        return evidence.equals(evidence(claim.voteKey(), claim.bootCounter()));
    }

    /** Evidence of a genuine boot. */
    static Bytes evidence(Bytes voteKey, long counter) {
        return Hashes.sha256(voteKey, Bytes.utf8("boot " + counter));
    }

    @Override
    public void finalizeBlock(Block block, Certificate certificate, Execution execution) {
        state = (State) execution.handle();
        committed = block.height();
        finalized.accept(block, certificate);
    }

    @Override
    public ValidatorSet laterValidators() {
        return due(committed + 2, state.set(), new ArrayList<>(state.waiting()));
    }

    @Override
    public StateSnapshot snapshot() {
        return WholeState.of(entries(state));
    }

    @Override
    public SnapshotTaker taker(Header block) {
        return new WholeState(block.stateRoot(), SimApplication::root, it -> restore(it, Optional.of(block)));
    }

    @Override
    public Optional<Bytes> query(Bytes key) {
        return Optional.ofNullable(entries(state).get(key));
    }

    @Override
    public void restore(SortedMap<Bytes, Bytes> stored, Optional<Header> last) {
        if (last.isPresent() && !root(stored).equals(last.get().stateRoot())) {
            throw new IllegalStateException("the stored state has another root than its header");
        }
        Reader waiting = new Reader(stored.get(WAITING));
        state = state(
                stored.get(CHAIN),
                ValidatorSet.decode(new Reader(stored.get(SET))),
                new Reader(stored.get(FORMER)).list(1_000, Validator::decode),
                waiting.list(1_000, Pending::decode),
                new Reader(stored.get(SPOKEN)).u64());
        committed = last.map(Header::height).orElse(0L);
    }

    /** The validators by the state: those of the next height. */
    ValidatorSet validators() {
        return state.set();
    }

    /** Whether a change of a slot waits. */
    boolean isWaiting(int slot) {
        return state.waiting().stream().anyMatch(it -> it.slot() == slot);
    }

    long committedHeight() {
        return committed;
    }

    Bytes root() {
        return state.root();
    }

    private static String text(Bytes transaction) {
        try {
            return transaction.asUtf8();
        } catch (CodecException e) {
            return "";
        }
    }
}
