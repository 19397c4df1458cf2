package io.cloister.ledger;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.BlockContext;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Execution;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.SignBytes;
import io.cloister.consensus.TransactionRefused;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.VoteType;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.membership.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Four validators or more who decide every block: a real ledger, real headers and certificates of three, no network. */
public final class TestChain {
    public final List<SigningKey> slotKeys;
    public final List<SigningKey> voteKeys;
    public final List<Committed> committed = new ArrayList<>();

    /** Block time of the last block. */
    public long millis;

    private final String id;
    private final Bytes shareKey;
    private Optional<Ledger> running = Optional.empty();
    private final int size;
    private Bytes parent = Bytes.zeros(32);
    private long epoch;
    private long transactions;

    public TestChain(String id, long startMillis) {
        this(id, startMillis, 4);
    }

    public TestChain(String id, long startMillis, int size) {
        this.id = id;
        this.size = size;
        this.slotKeys = keys(id + " slot");
        this.voteKeys = keys(id + " vote");
        this.shareKey = key(id + " share").id();
        this.millis = startMillis;
    }

    /** A key that is the same in every run, so that a failure can be run again. */
    public static SigningKey key(String name) {
        return SigningKey.of(SecretScalar.fromPublic(Scalar.hash("cloister/test-key/v1", Bytes.utf8(name))));
    }

    private List<SigningKey> keys(String name) {
        return new ArrayList<>(
                IntStream.range(0, size).mapToObj(i -> key(name + i)).toList());
    }

    public List<Member> founders() {
        return IntStream.range(0, size)
                .mapToObj(i -> new Member(
                        i + 1,
                        slotKeys.get(i).id(),
                        voteKeys.get(i).id(),
                        shareKey,
                        shareKey,
                        1,
                        0,
                        "D",
                        Bytes.zeros(32)))
                .toList();
    }

    public ValidatorSet validators() {
        return new ValidatorSet(founders().stream()
                .map(m -> new Validator(m.slot(), m.nodeId(), m.voteKey(), 1, 1))
                .toList());
    }

    /** @param more what the state holds before the first block beside what the modules write */
    public void start(List<Module> modules, Map<Bytes, Bytes> more) {
        SortedMap<Bytes, Bytes> state = new TreeMap<>(Ledger.firstState(id, 0, millis, validators(), modules));
        state.putAll(more);
        Genesis genesis = new Genesis(id, 0, millis, validators(), state);
        parent = genesis.id();
        Ledger ledger = new Ledger(genesis, modules);
        ledger.addListener(committed::add);
        running = Optional.of(ledger);
    }

    public Ledger ledger() {
        return running.orElseThrow();
    }

    /** Id of the last block. */
    public Bytes last() {
        return parent;
    }

    /** A transaction that differs from those before it even when all it says is the same. */
    public Bytes transaction(int slot, int module, int kind, Bytes body) {
        return transaction(voteKeys.get(slot - 1), module, kind, body);
    }

    public Bytes transaction(SigningKey sender, int module, int kind, Bytes body) {
        long validUntil = ledger().height() + 50 + transactions++ % 400;
        return Transaction.sign(sender, id, module, kind, validUntil, body).encode();
    }

    /** What the door says: empty for welcome. */
    public String door(Bytes transaction) {
        try {
            ledger().check(transaction);
            return "";
        } catch (TransactionRefused e) {
            return e.code();
        }
    }

    /** Executes, certifies and commits a block a second of block time after the last. */
    public Committed block(List<Bytes> transactions) {
        try {
            return block(transactions, Optional.empty());
        } catch (InvalidBlock e) {
            throw new AssertionError(e);
        }
    }

    /** The same for a block that begins an epoch. */
    public Committed block(List<Bytes> transactions, Optional<Opening> opening) throws InvalidBlock {
        return block(transactions, opening, opening.map(Opening::epoch).orElse(epoch));
    }

    /** A block of this epoch that the vote keys of a later one decide. */
    public Committed decidedIn(long later, List<Bytes> transactions) {
        try {
            return block(transactions, Optional.empty(), later);
        } catch (InvalidBlock e) {
            throw new AssertionError(e);
        }
    }

    private Committed block(List<Bytes> transactions, Optional<Opening> opening, long decided) throws InvalidBlock {
        BlockContext context = new BlockContext(
                opening.map(Opening::epoch).orElse(epoch),
                ledger().height() + 1,
                millis + 1_000,
                slotKeys.getFirst().id(),
                parent,
                Optional.empty(),
                opening);
        ValidatorSet named = ledger().validators();
        ValidatorSet deciding =
                opening.flatMap(it -> KeyClaim.replaced(named, it.claims())).orElse(named);
        Execution execution = ledger().process(context, transactions);
        Block block = TestBlocks.block(id, context, transactions, deciding.hash(), execution);
        millis = context.timeMillis();
        epoch = context.epoch();
        parent = block.id();
        ledger().finalizeBlock(block, certificate(block.header(), decided, quorum()), execution);
        return committed.getLast();
    }

    /** Slots 1, 2 and 4 of four, the first ones of more. */
    private int[] quorum() {
        return size == 4
                ? new int[] {1, 2, 4}
                : IntStream.rangeClosed(1, 2 * size / 3 + 1).toArray();
    }

    public Certificate certificate(Header header, int... slots) {
        return certificate(header, header.epoch(), slots);
    }

    private Certificate certificate(Header header, long decided, int... slots) {
        Bytes digest = SignBytes.vote(id, decided, header.height(), 0, VoteType.PRECOMMIT, Optional.of(header.id()));
        List<CommitSignature> signatures = IntStream.of(slots)
                .mapToObj(slot -> new CommitSignature(
                        slot, voteKeys.get(slot - 1).sign(digest).recoverable()))
                .toList();
        return new Certificate(decided, header.height(), 0, header.id(), signatures);
    }
}
