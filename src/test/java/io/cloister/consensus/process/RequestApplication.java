package io.cloister.consensus.process;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.Application;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.BlockContext;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.Execution;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.SnapshotTaker;
import io.cloister.consensus.StateSnapshot;
import io.cloister.consensus.TransactionRefused;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.WholeState;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.MerkleTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * Orders signed requests and remembers the last sequence of each key: a request is accepted once and in order. Payloads
 * mean nothing. Seats boots by {@link ReKey} and by openings.
 */
public final class RequestApplication implements Application {
    private final Verified verified = new Verified();
    private final Consumer<ValidatorSet> sets;
    private volatile RequestState state;
    private volatile long height;

    /** @param sets told of each set that a block has or names, before it can be decided */
    public RequestApplication(Genesis genesis, Consumer<ValidatorSet> sets) {
        this.sets = sets;
        state = RequestState.of(genesis.state());
    }

    public static Genesis genesis(String chainId, ValidatorSet validators) {
        return new Genesis(chainId, 0, 1_000, validators, RequestState.genesis(validators));
    }

    /** What vouches for a boot's keys. */
    static Bytes evidence(Bytes voteKey, long counter) {
        return Hashes.sha256(voteKey, new Writer().u64(counter).toBytes());
    }

    @Override
    public void check(Bytes transaction) throws TransactionRefused {
        if (transaction.at(0) == 0) {
            if (ReKey.of(transaction)
                    .flatMap(it -> state.seats().granted(it, height + 1))
                    .isEmpty()) {
                throw new TransactionRefused("re-key", "not a newer boot of a slot, or not its turn");
            }
            return;
        }
        if (!verified.isGenuine(transaction)) {
            throw new TransactionRefused("signature", "no request, or not signed by its key");
        }
        if (Request.sequence(transaction) <= state.sequence(Request.key(transaction))) {
            throw new TransactionRefused("sequence", "the sequence was used before");
        }
    }

    @Override
    public Optional<Bytes> sender(Bytes transaction) {
        return transaction.at(0) == 0
                ? ReKey.of(transaction)
                        .flatMap(it -> state.seats().set().bySlot(it.slot()))
                        .map(Validator::voteKey)
                : Optional.of(Request.key(transaction));
    }

    /** All but those of which nothing would be executed. */
    @Override
    public List<Batch> prepare(BlockContext context, List<Batch> waiting, long maxBytes) {
        RequestState now = state;
        return waiting.stream()
                .filter(batch -> batch.transactions().stream()
                        .anyMatch(it -> it.at(0) == 0 || Request.sequence(it) > now.sequence(Request.key(it))))
                .toList();
    }

    @Override
    public Execution process(BlockContext context, List<Bytes> transactions) {
        RequestState before = state;
        Seats seats =
                context.opening().map(it -> before.seats().opened(it.claims())).orElse(before.seats());
        sets.accept(seats.set());
        Set<Bytes> requests = new HashSet<>(verified.genuine(
                transactions.stream().filter(it -> it.at(0) != 0).toList()));
        Map<Bytes, Long> moved = new HashMap<>();
        List<Bytes> executed = new ArrayList<>(transactions.size());
        List<Bytes> receipts = new ArrayList<>(transactions.size());
        for (Bytes transaction : transactions) {
            boolean taken;
            if (transaction.at(0) == 0) {
                Seats now = seats;
                Optional<Seats.Pending> granted =
                        ReKey.of(transaction).flatMap(it -> now.granted(it, context.height()));
                taken = granted.isPresent();
                seats = granted.map(now::with).orElse(now);
            } else {
                taken = requests.contains(transaction) && advances(before, moved, transaction);
            }
            if (taken) {
                executed.add(transaction);
            }
            receipts.add(Bytes.of((byte) (taken ? 1 : 0)));
        }
        seats = seats.at(context.height() + 1);
        sets.accept(seats.set());
        RequestState after =
                before.after(executed.stream().filter(it -> it.at(0) != 0).toList(), moved, seats);
        return new Execution(after.root(), MerkleTree.root(receipts), after.since(before), seats.set(), after);
    }

    private static boolean advances(RequestState before, Map<Bytes, Long> moved, Bytes transaction) {
        Bytes key = Request.key(transaction);
        long sequence = Request.sequence(transaction);
        if (sequence <= moved.computeIfAbsent(key, before::sequence)) {
            return false;
        }
        moved.put(key, sequence);
        return true;
    }

    @Override
    public boolean isEvidence(ValidatorSet set, KeyClaim claim, Bytes evidence) {
        return evidence.equals(evidence(claim.voteKey(), claim.bootCounter()));
    }

    @Override
    public void finalizeBlock(Block block, Certificate certificate, Execution execution) {
        state = (RequestState) execution.handle();
        height = block.height();
    }

    @Override
    public ValidatorSet laterValidators() {
        return state.seats().at(height + 2).set();
    }

    @Override
    public StateSnapshot snapshot() {
        return WholeState.of(state.entries());
    }

    @Override
    public SnapshotTaker taker(Header block) {
        return new WholeState(
                block.stateRoot(), it -> RequestState.of(it).root(), it -> restore(it, Optional.of(block)));
    }

    @Override
    public Optional<Bytes> query(Bytes key) {
        return Optional.ofNullable(state.entries().get(key));
    }

    @Override
    public void restore(SortedMap<Bytes, Bytes> stored, Optional<Header> last) {
        RequestState restored = RequestState.of(stored);
        if (last.isPresent() && !last.get().stateRoot().equals(restored.root())) {
            throw new IllegalStateException("the stored state has another root than height "
                    + last.get().height());
        }
        state = restored;
        height = last.map(Header::height).orElse(0L);
    }

    RequestState state() {
        return state;
    }
}
