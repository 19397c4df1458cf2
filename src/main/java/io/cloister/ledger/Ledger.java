package io.cloister.ledger;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Application;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.BlockContext;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.Execution;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.SnapshotTaker;
import io.cloister.consensus.StateSnapshot;
import io.cloister.consensus.TransactionRefused;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.MerkleTree;
import io.cloister.ledger.ModuleContext.BlockFrame;
import io.cloister.ledger.history.ValidatorHistory;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.state.StateChunk;
import io.cloister.ledger.state.StateProof;
import io.cloister.ledger.state.StateTree;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The replicated application. It executes blocks on the last committed state without side effects, and makes a version
 * the committed one when consensus says so. Rules are in {@code docs/ledger.md}.
 */
public final class Ledger implements Application {
    /** Module number of the frame's own part of the state. */
    public static final int FRAME = 0;

    /** How far ahead of the current height a transaction may still be valid. */
    public static final int MAX_VALIDITY = 500;

    /** Event of a block in which a module failed at its end; the data is the module's number, u8. */
    public static final String MODULE_FAILED = "ledger.module-failed";

    private static final Logger LOG = System.getLogger(Ledger.class.getName());
    private static final int BLOCK_IDS_KEPT = 1_000;
    private static final Bytes SEEN = Bytes.utf8("seen/");
    private static final Bytes BLOCK = Bytes.utf8("block/");
    private static final Bytes LAST = Bytes.utf8("last");

    private final Genesis genesis;
    private final SortedMap<Integer, Module> modules = new TreeMap<>();
    private final List<LedgerListener> listeners = new CopyOnWriteArrayList<>();
    private volatile Version version;

    private record Version(StateTree tree, long height, ValidatorSet validators) {
        Version(StateTree tree, long height) {
            this(tree, height, Members.validators(new TreeView(tree, FRAME)));
        }
    }

    private record Executed(StateTree tree, List<Receipt> receipts) {}

    public Ledger(Genesis genesis, List<Module> modules) {
        this.genesis = genesis;
        for (Module module : modules) {
            if (module.id() < 1 || module.id() > 255 || this.modules.put(module.id(), module) != null) {
                throw new IllegalArgumentException("module number " + module.id() + " is taken or out of range");
            }
        }
        this.version = new Version(StateTree.of(genesis.state()), 0);
    }

    /** What the modules write before the first block: the state of a chain's {@link Genesis}. */
    public static SortedMap<Bytes, Bytes> firstState(
            String chainId, long epoch, long timeMillis, ValidatorSet validators, List<Module> modules) {
        BlockState state = new BlockState(StateTree.EMPTY);
        BlockFrame frame = new BlockFrame(state, chainId, epoch, 0, timeMillis, validators);
        modules.stream()
                .sorted(Comparator.comparingInt(Module::id))
                .forEach(m -> m.genesis(new ModuleContext(m.id(), frame, Optional.empty(), new ArrayList<>())));
        ModuleContext own = new ModuleContext(FRAME, frame, Optional.empty(), new ArrayList<>());
        rememberLast(own);
        ValidatorHistory.append(own, 1, epoch, validators);
        return state.tree().scan(Bytes.EMPTY, Integer.MAX_VALUE);
    }

    public void addListener(LedgerListener listener) {
        listeners.add(listener);
    }

    /** The last committed state. */
    public View state() {
        return new TreeView(version.tree(), FRAME);
    }

    public long height() {
        return version.height();
    }

    /** Proof of one key of a module under the last committed state root. */
    public Optional<StateProof> prove(int module, Bytes key) {
        return version.tree().prove(BlockState.absolute(module, key));
    }

    /** The key that {@link #prove} is about. */
    public static Bytes provenKey(int module, Bytes key) {
        return BlockState.absolute(module, key);
    }

    /** Id of one of the last blocks, as the state knows it. */
    public static Optional<Bytes> blockId(View anyModule, long height) {
        return anyModule.module(FRAME).get(heightKey(BLOCK, height));
    }

    /** Time of the block that made this state, in milliseconds since 1970. */
    public static long timeMillis(View anyModule) {
        return last(anyModule, Long.BYTES);
    }

    /** Height of the block that made this state; while a block is executed, of the one before. */
    public static long height(View anyModule) {
        return last(anyModule, 0);
    }

    private static long last(View anyModule, int offset) {
        return anyModule
                .module(FRAME)
                .get(LAST)
                .map(it -> new Reader(it.slice(offset, Long.BYTES)).u64())
                .orElse(0L);
    }

    /** Validators of the block after the last committed one. */
    public ValidatorSet validators() {
        return version.validators();
    }

    @Override
    public void check(Bytes encoded) throws TransactionRefused {
        Version now = version;
        View state = new TreeView(now.tree(), FRAME);
        try {
            Transaction transaction = admissible(encoded, now.height() + 1, state, now.validators());
            module(transaction).check(transaction, state.module(transaction.module()));
        } catch (Refusal e) {
            throw new TransactionRefused(e.code(), String.valueOf(e.getMessage()));
        } catch (CodecException e) {
            throw new TransactionRefused("malformed", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a module failed at the door", e);
            throw new TransactionRefused("module-failed", "the module could not judge the transaction");
        }
    }

    @Override
    public Optional<Bytes> sender(Bytes encoded) {
        Version now = version;
        try {
            Transaction transaction = Transaction.decode(encoded);
            return now.validators().byVoteKey(transaction.sender()).isPresent()
                    ? Optional.of(transaction.sender())
                    : guarantor(transaction, new TreeView(now.tree(), FRAME));
        } catch (CodecException e) {
            return Optional.empty();
        }
    }

    /** A batch of which nothing can be executed any more is left out. */
    @Override
    public List<Batch> prepare(BlockContext block, List<Batch> waiting, long maxBytes) {
        Version now = version;
        return waiting.stream()
                .filter(batch -> batch.transactions().stream().anyMatch(it -> isAdmissible(it, block.height(), now)))
                .toList();
    }

    private boolean isAdmissible(Bytes encoded, long height, Version now) {
        try {
            module(admissible(encoded, height, new TreeView(now.tree(), FRAME), now.validators()));
            return true;
        } catch (Refusal | CodecException e) {
            return false;
        }
    }

    @Override
    public Execution process(BlockContext block, List<Bytes> encoded) throws InvalidBlock {
        BlockState state = new BlockState(version.tree());
        ValidatorSet named = version.validators();
        BlockFrame before =
                new BlockFrame(state, genesis.chainId(), block.epoch(), block.height(), block.timeMillis(), named);
        List<Event> events = new ArrayList<>();
        rememberParent(block, before);
        BlockFrame frame = block.opening().isPresent() ? open(block.opening().get(), before, events) : before;
        List<Receipt> receipts = new ArrayList<>();
        for (Bytes each : encoded) {
            execute(each, receipts.size(), frame).ifPresent(receipts::add);
        }
        receipts.add(endBlock(block, frame, receipts.size(), events));
        return new Execution(
                state.tree().root(),
                receiptsRoot(receipts),
                state.changes(),
                Members.validators(new TreeView(state.tree(), FRAME)),
                new Executed(state.tree(), receipts));
    }

    @Override
    public void finalizeBlock(Block block, Certificate certificate, Execution execution) {
        Executed executed = (Executed) execution.handle();
        version = new Version(executed.tree(), block.header().height());
        Committed committed =
                new Committed(block, certificate, new TreeView(executed.tree(), FRAME), executed.receipts());
        listeners.forEach(listener -> tell(listener, committed));
    }

    /** The block is final already: who cannot take it in must stop neither the others nor the chain. */
    private static void tell(LedgerListener listener, Committed committed) {
        try {
            listener.committed(committed);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, listener.getClass().getName() + " failed on a final block", e);
        }
    }

    @Override
    public ValidatorSet laterValidators() {
        return validators();
    }

    @Override
    public StateSnapshot snapshot() {
        StateTree tree = version.tree();
        return (from, maxBytes) ->
                tree.chunk(from, maxBytes).map(StateChunk::encode).orElse(Bytes.EMPTY);
    }

    @Override
    public SnapshotTaker taker(Header block) {
        return new TreeTaker(block.stateRoot(), tree -> version = new Version(tree, block.height()));
    }

    @Override
    public Optional<Bytes> query(Bytes key) {
        return version.tree().get(key);
    }

    @Override
    public boolean isEvidence(ValidatorSet set, KeyClaim claim, Bytes evidence) {
        View state = state();
        return modules.values().stream().anyMatch(it -> it.isEvidence(state.module(it.id()), set, claim, evidence));
    }

    @Override
    public void restore(SortedMap<Bytes, Bytes> content, Optional<Header> last) {
        StateTree tree = StateTree.of(content);
        long height = last.map(Header::height).orElse(0L);
        Bytes expected = last.map(Header::stateRoot)
                .orElseGet(() -> StateTree.of(genesis.state()).root());
        if (!tree.root().equals(expected)) {
            throw new StateMismatch(height, expected, tree.root());
        }
        version = new Version(tree, height);
    }

    /** The root that receipts hang under in a header. */
    public static Bytes receiptsRoot(List<Receipt> receipts) {
        return MerkleTree.root(receipts.stream().map(Receipt::encode).toList());
    }

    /** @return empty for what is not admissible any more: it leaves no trace, so that nothing stands in a chain twice */
    private Optional<Receipt> execute(Bytes encoded, int index, BlockFrame frame) {
        View state = new TreeView(frame.state().tree(), FRAME);
        Transaction transaction;
        Module module;
        try {
            transaction = admissible(encoded, frame.height(), state, frame.validators());
            module = module(transaction);
        } catch (Refusal | CodecException e) {
            return Optional.empty();
        }
        remember(transaction, frame);
        StateTree before = frame.state().tree();
        List<Event> events = new ArrayList<>();
        Optional<Validator> sender = frame.validators().byVoteKey(transaction.sender());
        String code = "";
        try {
            module.execute(transaction, new ModuleContext(module.id(), frame, sender, events));
        } catch (Refusal e) {
            code = e.code();
        } catch (RuntimeException e) {
            // A defect of a module must not stop the chain; it is the same on every node, so all refuse alike.
            LOG.log(Level.ERROR, "module " + module.id() + " failed on " + transaction.hash(), e);
            code = "module-failed";
        }
        if (!code.isEmpty()) {
            frame.state().rollBackTo(before);
            events.clear();
        }
        return Optional.of(new Receipt(
                frame.height(), index, transaction.hash(), transaction.module(), transaction.kind(), code, events));
    }

    /** The modules put the opening's keys in; then the validators are those that consensus counts on. */
    private BlockFrame open(Opening opening, BlockFrame before, List<Event> events) throws InvalidBlock {
        for (Module module : modules.values()) {
            module.openEpoch(new ModuleContext(module.id(), before, Optional.empty(), events), opening);
        }
        ModuleContext own = new ModuleContext(FRAME, before, Optional.empty(), events);
        ValidatorSet renewed = Members.validators(own);
        if (!KeyClaim.replaced(before.validators(), opening.claims()).equals(Optional.of(renewed))) {
            throw new InvalidBlock("the opening of epoch " + opening.epoch() + " makes other validators");
        }
        ValidatorHistory.opened(own, opening, renewed);
        return before.of(renewed);
    }

    /** @param events of the block itself so far */
    private Receipt endBlock(BlockContext block, BlockFrame frame, int index, List<Event> events) {
        modules.values().forEach(module -> events.addAll(endBlock(module, frame)));
        ModuleContext own = new ModuleContext(FRAME, frame, Optional.empty(), events);
        rememberLast(own);
        ValidatorSet next = Members.validators(own);
        if (!next.equals(frame.validators())) {
            ValidatorHistory.append(own, block.height() + 1, block.epoch(), next);
        }
        ValidatorHistory.prune(own);
        own.scan(heightKey(SEEN, block.height()), Integer.MAX_VALUE).keySet().forEach(own::remove);
        return new Receipt(block.height(), index, Bytes.EMPTY, FRAME, 0, "", events);
    }

    /** As with a transaction, a defect of one module costs what it wrote and nothing else. */
    private static List<Event> endBlock(Module module, BlockFrame frame) {
        StateTree before = frame.state().tree();
        List<Event> events = new ArrayList<>();
        try {
            module.endBlock(new ModuleContext(module.id(), frame, Optional.empty(), events));
            return events;
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "module " + module.id() + " failed at the end of block " + frame.height(), e);
            frame.state().rollBackTo(before);
            return List.of(new Event(MODULE_FAILED, new Writer().u8(module.id()).toBytes()));
        }
    }

    /** Before the first transaction, so that a transaction may name the newest certified block. */
    private static void rememberParent(BlockContext block, BlockFrame frame) {
        ModuleContext own = new ModuleContext(FRAME, frame, Optional.empty(), new ArrayList<>());
        if (block.height() > 1) {
            own.put(heightKey(BLOCK, block.height() - 1), block.parentId());
        }
        own.remove(heightKey(BLOCK, block.height() - 1 - BLOCK_IDS_KEPT));
    }

    private static void rememberLast(ModuleContext own) {
        own.put(LAST, new Writer().u64(own.height()).u64(own.timeMillis()).toBytes());
    }

    private Optional<Bytes> guarantor(Transaction transaction, View anyModule) {
        return Optional.ofNullable(modules.get(transaction.module()))
                .flatMap(it -> it.guarantor(transaction, anyModule.module(transaction.module())));
    }

    private Transaction admissible(Bytes encoded, long height, View anyModule, ValidatorSet validators) throws Refusal {
        Transaction transaction = Transaction.decode(encoded);
        if (!transaction.chainId().equals(genesis.chainId())) {
            throw new Refusal("wrong-chain", "the transaction is for chain " + transaction.chainId());
        }
        if (transaction.validUntil() < height || transaction.validUntil() > height + MAX_VALIDITY) {
            throw new Refusal("expired", "valid until " + transaction.validUntil() + " at height " + height);
        }
        if (anyModule.module(FRAME).get(seenKey(transaction)).isPresent()) {
            throw new Refusal("duplicate", "the transaction was ordered before");
        }
        boolean validator = validators.byVoteKey(transaction.sender()).isPresent();
        if (!validator && guarantor(transaction, anyModule).isEmpty()) {
            throw new Refusal("unknown-sender", "the sender is no validator");
        }
        if (!transaction.isSigned()) {
            throw new Refusal("signature-invalid", "the signature is not the sender's");
        }
        return transaction;
    }

    private Module module(Transaction transaction) throws Refusal {
        Module module = modules.get(transaction.module());
        if (module == null) {
            throw new Refusal("unknown-module", "no module has number " + transaction.module());
        }
        return module;
    }

    private static void remember(Transaction transaction, BlockFrame frame) {
        frame.state().put(BlockState.absolute(FRAME, seenKey(transaction)), Bytes.EMPTY);
    }

    private static Bytes seenKey(Transaction transaction) {
        return Bytes.concat(heightKey(SEEN, transaction.validUntil()), transaction.hash());
    }

    private static Bytes heightKey(Bytes prefix, long height) {
        return Bytes.concat(prefix, new Writer().u64(Math.max(0, height)).toBytes());
    }
}
