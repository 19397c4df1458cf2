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
import io.cloister.consensus.SignBytes;
import io.cloister.consensus.TransactionRefused;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.VoteType;
import io.cloister.crypto.MerkleTree;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.membership.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Four validators who decide every block: a real ledger, real headers and certificates of three, no network. */
public final class TestChain {
    public final List<SigningKey> slotKeys = keys();
    public final List<SigningKey> voteKeys = keys();
    public final List<Committed> committed = new ArrayList<>();

    /** Block time of the last block. */
    public long millis;

    private final String id;
    private final Bytes shareKey = SigningKey.generate().id();
    private Optional<Ledger> running = Optional.empty();
    private Bytes parent = Bytes.zeros(32);
    private long transactions;

    public TestChain(String id, long startMillis) {
        this.id = id;
        this.millis = startMillis;
    }

    private static List<SigningKey> keys() {
        return Stream.generate(SigningKey::generate).limit(4).toList();
    }

    public List<Member> founders() {
        return IntStream.range(0, 4)
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

    /** A transaction that differs from those before it even when all it says is the same. */
    public Bytes transaction(int slot, int module, int kind, Bytes body) {
        long validUntil = ledger().height() + 1 + transactions++ % 400;
        return Transaction.sign(voteKeys.get(slot - 1), id, module, kind, validUntil, body)
                .encode();
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
        millis += 1_000;
        long height = ledger().height() + 1;
        Bytes proposer = slotKeys.getFirst().id();
        Execution execution;
        try {
            execution = ledger().execute(new BlockContext(height, millis, proposer, parent, parent), transactions);
        } catch (InvalidBlock e) {
            throw new AssertionError(e);
        }
        Header header = new Header(
                id,
                0,
                height,
                millis,
                parent,
                MerkleTree.root(transactions),
                execution.receiptsRoot(),
                execution.stateRoot(),
                validators().hash(),
                execution.nextValidators().hash(),
                proposer);
        parent = header.id();
        ledger().committed(new Block(header, transactions), certificate(header, 1, 2, 4), execution);
        return committed.getLast();
    }

    public Certificate certificate(Header header, int... slots) {
        Bytes digest = SignBytes.vote(id, 0, header.height(), 0, VoteType.PRECOMMIT, Optional.of(header.id()));
        List<CommitSignature> signatures = IntStream.of(slots)
                .mapToObj(slot -> new CommitSignature(
                        slot, voteKeys.get(slot - 1).sign(digest).recoverable()))
                .toList();
        return new Certificate(header.height(), 0, header.id(), signatures);
    }
}
