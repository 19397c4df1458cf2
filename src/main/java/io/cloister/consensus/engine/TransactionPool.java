package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Application;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Limits;
import io.cloister.consensus.TransactionRefused;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.Hashes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The door for transactions that are submitted here: each once, within bounds for the whole and for each sender, until a
 * block has taken it. What was let in goes out in batches, validators' before all others. Checks run outside the lock, so
 * that several threads may add at once. Thread-safe.
 */
final class TransactionPool {
    private static final int COMMITTED_REMEMBERED = 100_000;

    /** From so many transactions on, dividing their checks among the processors costs less than it saves. */
    private static final int PARALLEL = 16;

    /** A batch of what waits. */
    record Sealed(Batch batch, boolean ofValidators) {}

    private record Waiting(Bytes transaction, Bytes sender, boolean ofValidator, long since) {}

    private final Application application;
    private final PoolLimits limits;
    private final Map<Bytes, Waiting> inside = new LinkedHashMap<>();
    private final Map<Bytes, Waiting> unsealed = new LinkedHashMap<>();
    private final Map<Bytes, Integer> bySender = new HashMap<>();
    private final Map<Bytes, Boolean> committed = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes, Boolean> eldest) {
            return size() > COMMITTED_REMEMBERED;
        }
    };
    private Set<Bytes> validatorKeys = Set.of();
    private long bytes;
    private long blocks;

    TransactionPool(Application application, PoolLimits limits) {
        this.application = application;
        this.limits = limits;
    }

    /** A transaction on its way in: what its check came to, when there was one. */
    private record Checked(Bytes transaction, Bytes hash, Optional<Acceptance> refused, Bytes sender) {}

    /** Lets a transaction in, or says why not. */
    Acceptance add(Bytes transaction) {
        return insert(check(transaction));
    }

    /** Adds in order what is checked in parallel. */
    List<Acceptance> addAll(List<Bytes> transactions) {
        if (transactions.size() < PARALLEL) {
            return transactions.stream().map(this::add).toList();
        }
        return transactions.parallelStream().map(this::check).toList().stream()
                .map(this::insert)
                .toList();
    }

    private Checked check(Bytes transaction) {
        if (transaction.isEmpty() || transaction.length() > Limits.TRANSACTION_BYTES) {
            String why = "a transaction has 1 to " + Limits.TRANSACTION_BYTES + " bytes, not " + transaction.length();
            return refused(transaction, Bytes.EMPTY, new Acceptance.Refused("transaction-size", why));
        }
        Bytes hash = Hashes.sha256(transaction);
        Optional<Acceptance> known = known(hash);
        if (known.isPresent()) {
            return refused(transaction, hash, known.get());
        }
        try {
            application.check(transaction);
            Bytes sender = application.sender(transaction).orElse(Bytes.EMPTY);
            return new Checked(transaction, hash, Optional.empty(), sender);
        } catch (TransactionRefused refused) {
            String message = Objects.requireNonNullElse(refused.getMessage(), "");
            return refused(transaction, hash, new Acceptance.Refused(refused.code(), message));
        }
    }

    private static Checked refused(Bytes transaction, Bytes hash, Acceptance why) {
        return new Checked(transaction, hash, Optional.of(why), Bytes.EMPTY);
    }

    private synchronized Optional<Acceptance> known(Bytes hash) {
        boolean over = committed.containsKey(hash);
        return over || inside.containsKey(hash) ? Optional.of(new Acceptance.Known(hash, over)) : Optional.empty();
    }

    private synchronized Acceptance insert(Checked checked) {
        Bytes hash = checked.hash();
        Bytes transaction = checked.transaction();
        Bytes sender = checked.sender();
        Optional<Acceptance> known = checked.refused().or(() -> known(hash));
        if (known.isPresent()) {
            return known.get();
        }
        boolean validator = validatorKeys.contains(sender);
        int ofSender = bySender.getOrDefault(sender, 0);
        if (ofSender >= (validator ? limits.perValidator() : limits.perSender())) {
            return new Acceptance.Full(true);
        }
        // A validator's transaction always finds room: strangers must not be able to lock the committee out.
        boolean full = inside.size() >= limits.transactions() || bytes + transaction.length() > limits.bytes();
        if (full && !(validator && makeRoom(transaction.length()))) {
            return new Acceptance.Full(false);
        }
        Waiting waiting = new Waiting(transaction, sender, validator, blocks);
        inside.put(hash, waiting);
        unsealed.put(hash, waiting);
        bySender.merge(sender, 1, Integer::sum);
        bytes += transaction.length();
        return new Acceptance.Accepted(hash);
    }

    /** Drops the latest of the unprivileged until so many bytes find room. */
    private boolean makeRoom(int length) {
        List<Bytes> latestFirst = inside.entrySet().stream()
                .filter(entry -> !entry.getValue().ofValidator())
                .map(Map.Entry::getKey)
                .toList()
                .reversed();
        for (Bytes hash : latestFirst) {
            remove(hash);
            if (inside.size() < limits.transactions() && bytes + length <= limits.bytes()) {
                return true;
            }
        }
        return false;
    }

    private void remove(Bytes hash) {
        unsealed.remove(hash);
        Waiting gone = inside.remove(hash);
        if (gone != null) {
            bytes -= gone.transaction().length();
            bySender.computeIfPresent(gone.sender(), (sender, count) -> count > 1 ? count - 1 : null);
        }
    }

    synchronized int size() {
        return inside.size();
    }

    synchronized long bytes() {
        return bytes;
    }

    /** The next batch of what was let in and is in none yet, of one kind and at most so many bytes. */
    synchronized Optional<Sealed> seal(long maxBytes) {
        if (unsealed.isEmpty()) {
            return Optional.empty();
        }
        boolean ofValidators = unsealed.values().stream().anyMatch(Waiting::ofValidator);
        List<Bytes> hashes = new ArrayList<>();
        List<Bytes> transactions = new ArrayList<>();
        long sum = 0;
        for (Map.Entry<Bytes, Waiting> entry : unsealed.entrySet()) {
            Waiting waiting = entry.getValue();
            if (waiting.ofValidator() == ofValidators) {
                sum += Batch.bytesOf(waiting.transaction());
                if (!transactions.isEmpty() && sum > maxBytes) {
                    break;
                }
                hashes.add(entry.getKey());
                transactions.add(waiting.transaction());
            }
        }
        hashes.forEach(unsealed::remove);
        return Optional.of(new Sealed(new Batch(transactions), ofValidators));
    }

    /** Whether a peer's batch is worth holding: at least one of its transactions would be let in here. */
    boolean isAcceptable(Batch batch) {
        List<Bytes> transactions = batch.transactions();
        var checks = transactions.size() < PARALLEL ? transactions.stream() : transactions.parallelStream();
        return checks.map(this::passes)
                .reduce(false, Boolean::logicalOr); // all, so that each is checked and remembered
    }

    private boolean passes(Bytes transaction) {
        try {
            application.check(transaction);
            return true;
        } catch (TransactionRefused refused) {
            return false;
        }
    }

    /** Whether all transactions of a batch are acceptable ones of validators. */
    boolean isOfValidators(Batch batch) {
        Set<Bytes> keys = validatorKeys();
        return batch.transactions().stream()
                .allMatch(it -> passes(it)
                        && application.sender(it).filter(keys::contains).isPresent());
    }

    private synchronized Set<Bytes> validatorKeys() {
        return validatorKeys;
    }

    /** A block was decided; these are the validators from now on. */
    synchronized void committed(List<Bytes> transactions, ValidatorSet validators) {
        for (Bytes transaction : transactions) {
            Bytes hash = Hashes.sha256(transaction);
            remove(hash);
            committed.put(hash, true);
        }
        blocks++;
        List<Bytes> old = inside.entrySet().stream()
                .takeWhile(entry -> blocks - entry.getValue().since() > limits.blocks())
                .map(Map.Entry::getKey)
                .toList();
        old.forEach(this::remove);
        validators(validators);
    }

    synchronized void validators(ValidatorSet validators) {
        Set<Bytes> keys = new HashSet<>();
        validators.validators().forEach(validator -> keys.add(validator.voteKey()));
        validatorKeys = keys;
    }
}
