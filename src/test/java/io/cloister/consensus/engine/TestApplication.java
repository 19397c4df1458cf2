package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Application;
import io.cloister.consensus.Block;
import io.cloister.consensus.BlockContext;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.Change;
import io.cloister.consensus.Execution;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.TransactionRefused;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.MerkleTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A small state machine: counts transactions and chains their hashes. {@code boot:N} gives slot N its next boot, {@code
 * weight:N:W} another weight, {@code bad...} is refused at the door, {@code poison...} makes a block invalid,
 * {@code fatal...} is an {@code Error} of the machine, and {@code key:...} is sent by that key.
 */
final class TestApplication implements Application {
    private static final Bytes COUNT = Bytes.utf8("count");
    private static final Bytes CHAIN = Bytes.utf8("chain");
    private static final Bytes VALIDATORS = Bytes.utf8("validators");

    private SortedMap<Bytes, Bytes> state = new TreeMap<>();
    private long committed;

    /** What the state holds before the first block. */
    static Genesis genesis(String chainId, ValidatorSet validators) {
        SortedMap<Bytes, Bytes> state = new TreeMap<>(
                Map.of(COUNT, new Writer().u64(0).toBytes(), CHAIN, Bytes.zeros(32), VALIDATORS, validators.encode()));
        return new Genesis(chainId, 0, 1_000, validators, state);
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
    public List<Bytes> prepare(BlockContext context, List<Bytes> candidates, int maxBytes) {
        List<Bytes> chosen = new ArrayList<>();
        long bytes = 0;
        for (Bytes candidate : candidates) {
            bytes += 4 + candidate.length();
            if (bytes <= maxBytes && !text(candidate).startsWith("never")) {
                chosen.add(candidate);
            }
        }
        return chosen;
    }

    @Override
    public Execution execute(BlockContext context, List<Bytes> transactions) throws InvalidBlock {
        SortedMap<Bytes, Bytes> after = new TreeMap<>(state);
        Bytes chain = state.get(CHAIN);
        ValidatorSet validators = ValidatorSet.decode(new Reader(state.get(VALIDATORS)));
        for (Bytes transaction : transactions) {
            String text = text(transaction);
            if (text.startsWith("fatal")) {
                throw new StackOverflowError("fatal");
            }
            if (text.startsWith("poison")) {
                throw new InvalidBlock("poison");
            }
            chain = Hashes.sha256(chain, transaction);
            String[] words = text.split(":");
            if (words[0].equals("boot")) {
                validators = changed(validators, Integer.parseInt(words[1]), Optional.empty());
            } else if (words[0].equals("weight")) {
                validators = changed(validators, Integer.parseInt(words[1]), Optional.of(Long.parseLong(words[2])));
            }
        }
        after.put(CHAIN, chain);
        after.put(COUNT, new Writer().u64(count() + transactions.size()).toBytes());
        after.put(VALIDATORS, validators.encode());
        List<Change> changes = after.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(state.get(entry.getKey())))
                .map(entry -> new Change(entry.getKey(), Optional.of(entry.getValue())))
                .toList();
        return new Execution(root(after), MerkleTree.root(transactions), changes, validators, after);
    }

    private static ValidatorSet changed(ValidatorSet validators, int slot, Optional<Long> weight) {
        return new ValidatorSet(validators.validators().stream()
                .map(v -> v.slot() == slot
                        ? new Validator(
                                v.slot(), v.nodeId(), v.voteKey(), weight.orElse(v.weight()), v.bootCounter() + 1)
                        : v)
                .toList());
    }

    @Override
    @SuppressWarnings("unchecked")
    public void committed(Block block, Certificate certificate, Execution execution) {
        state = (SortedMap<Bytes, Bytes>) execution.handle();
        committed = block.height();
    }

    @Override
    public void restore(SortedMap<Bytes, Bytes> stored, Optional<Header> last) {
        if (last.isPresent() && !root(stored).equals(last.get().stateRoot())) {
            throw new IllegalStateException("the stored state has another root than height "
                    + last.get().height());
        }
        state = new TreeMap<>(stored);
        committed = last.map(Header::height).orElse(0L);
    }

    long count() {
        return new Reader(state.get(COUNT)).u64();
    }

    long committedHeight() {
        return committed;
    }

    Bytes root() {
        return root(state);
    }

    private static String text(Bytes transaction) {
        try {
            return transaction.asUtf8();
        } catch (CodecException e) {
            return "";
        }
    }
}
