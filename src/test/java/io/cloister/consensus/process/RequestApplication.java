package io.cloister.consensus.process;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Application;
import io.cloister.consensus.Block;
import io.cloister.consensus.BlockContext;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.Execution;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.TransactionRefused;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.Hashes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Orders signed requests and remembers the last sequence of each key: a request is accepted once and in order. Payloads
 * mean nothing.
 */
public final class RequestApplication implements Application {
    /** All that stands in a block succeeded. */
    private static final Bytes RECEIPTS = Hashes.sha256();

    private final Verified verified = new Verified();
    private volatile RequestState state;

    public RequestApplication(Genesis genesis) {
        state = RequestState.of(genesis.state());
    }

    public static Genesis genesis(String chainId, ValidatorSet validators) {
        return new Genesis(chainId, 0, 1_000, validators, RequestState.genesis(validators));
    }

    @Override
    public void check(Bytes transaction) throws TransactionRefused {
        if (!verified.isGenuine(transaction)) {
            throw new TransactionRefused("signature", "no request, or not signed by its key");
        }
        if (Request.sequence(transaction) <= state.sequence(Request.key(transaction))) {
            throw new TransactionRefused("sequence", "the sequence was used before");
        }
    }

    @Override
    public Optional<Bytes> sender(Bytes transaction) {
        return Optional.of(Request.key(transaction));
    }

    @Override
    public List<Bytes> prepare(BlockContext context, List<Bytes> candidates, int maxBytes) {
        Map<Bytes, Long> moved = new HashMap<>();
        List<Bytes> chosen = new ArrayList<>(candidates.size());
        for (Bytes candidate : candidates) {
            if (advances(moved, candidate)) {
                chosen.add(candidate);
            }
        }
        return chosen;
    }

    private boolean advances(Map<Bytes, Long> moved, Bytes transaction) {
        Bytes key = Request.key(transaction);
        long sequence = Request.sequence(transaction);
        if (sequence <= moved.computeIfAbsent(key, state::sequence)) {
            return false;
        }
        moved.put(key, sequence);
        return true;
    }

    @Override
    public Execution execute(BlockContext context, List<Bytes> transactions) throws InvalidBlock {
        if (!verified.areGenuine(transactions)) {
            throw new InvalidBlock("a request is not genuine");
        }
        Map<Bytes, Long> moved = new HashMap<>();
        for (Bytes transaction : transactions) {
            if (!advances(moved, transaction)) {
                throw new InvalidBlock("a sequence does not rise");
            }
        }
        RequestState after = state.after(transactions, moved);
        return new Execution(after.root(), RECEIPTS, after.since(state), state.validators(), after);
    }

    @Override
    public void committed(Block block, Certificate certificate, Execution execution) {
        state = (RequestState) execution.handle();
    }

    @Override
    public void restore(SortedMap<Bytes, Bytes> stored, Optional<Header> last) {
        RequestState restored = RequestState.of(stored);
        if (last.isPresent() && !last.get().stateRoot().equals(restored.root())) {
            throw new IllegalStateException("the stored state has another root than height "
                    + last.get().height());
        }
        state = restored;
    }

    long count() {
        return state.count();
    }
}
