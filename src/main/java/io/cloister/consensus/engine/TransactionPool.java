package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Application;
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
 * Transactions that wait for a block: each once, in the order of arrival, validators' before all others, within bounds
 * for the whole and for each sender. Checks run outside the lock, so that several threads may add at once. Thread-safe.
 */
final class TransactionPool {
    private static final int COMMITTED_REMEMBERED = 20_000;
    private static final int PASSED_OVER_LIMIT = 8;

    /** From so many transactions on, dividing their checks among the processors costs less than it saves. */
    private static final int PARALLEL = 16;

    private static final class Waiting {
        final Bytes transaction;
        final Bytes sender;
        final boolean local;
        final long since;
        int passedOver;

        Waiting(Bytes transaction, Bytes sender, boolean local, long since) {
            this.transaction = transaction;
            this.sender = sender;
            this.local = local;
            this.since = since;
        }
    }

    private final Application application;
    private final PoolLimits limits;
    private final Map<Bytes, Waiting> privileged = new LinkedHashMap<>();
    private final Map<Bytes, Waiting> others = new LinkedHashMap<>();
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

    /** @param local whether it was submitted here, so that this node answers for its spreading */
    Acceptance add(Bytes transaction, boolean local) {
        return insert(check(transaction), local);
    }

    /** Adds in order what is checked in parallel. */
    List<Acceptance> addAll(List<Bytes> transactions, boolean local) {
        if (transactions.size() < PARALLEL) {
            return transactions.stream()
                    .map(transaction -> add(transaction, local))
                    .toList();
        }
        return transactions.parallelStream().map(this::check).toList().stream()
                .map(checked -> insert(checked, local))
                .toList();
    }

    private Checked check(Bytes transaction) {
        if (transaction.isEmpty() || transaction.length() > Limits.TRANSACTION_BYTES) {
            return refused(
                    transaction,
                    Bytes.EMPTY,
                    new Acceptance.Refused(
                            "transaction-size",
                            "a transaction has 1 to " + Limits.TRANSACTION_BYTES + " bytes, not "
                                    + transaction.length()));
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
        return over || privileged.containsKey(hash) || others.containsKey(hash)
                ? Optional.of(new Acceptance.Known(hash, over))
                : Optional.empty();
    }

    private synchronized Acceptance insert(Checked checked, boolean local) {
        Bytes hash = checked.hash();
        Optional<Acceptance> known = checked.refused().or(() -> known(hash));
        if (known.isPresent()) {
            return known.get();
        }
        Bytes transaction = checked.transaction();
        Bytes sender = checked.sender();
        boolean validator = validatorKeys.contains(sender);
        int ofSender = bySender.getOrDefault(sender, 0);
        if (ofSender >= (validator ? limits.perValidator() : limits.perSender())) {
            return new Acceptance.Full(true);
        }
        // A validator's transaction always finds room: strangers must not be able to lock the committee out.
        boolean full = size() >= limits.transactions() || bytes + transaction.length() > limits.bytes();
        if (full && !(validator && makeRoom(transaction.length()))) {
            return new Acceptance.Full(false);
        }
        (validator ? privileged : others).put(hash, new Waiting(transaction, sender, local, blocks));
        bySender.merge(sender, 1, Integer::sum);
        bytes += transaction.length();
        return new Acceptance.Accepted(hash);
    }

    /** Drops the latest of the unprivileged until so many bytes find room. */
    private boolean makeRoom(int length) {
        List<Bytes> latestFirst = new ArrayList<>(others.keySet()).reversed();
        for (Bytes hash : latestFirst) {
            remove(hash);
            if (size() < limits.transactions() && bytes + length <= limits.bytes()) {
                return true;
            }
        }
        return false;
    }

    private void remove(Bytes hash) {
        Waiting gone = privileged.remove(hash);
        if (gone == null) {
            gone = others.remove(hash);
        }
        if (gone != null) {
            bytes -= gone.transaction.length();
            bySender.computeIfPresent(gone.sender, (sender, count) -> count > 1 ? count - 1 : null);
        }
    }

    synchronized int size() {
        return privileged.size() + others.size();
    }

    synchronized long bytes() {
        return bytes;
    }

    /** What a new block may take, most urgent first, at most {@code maxBytes} as {@code Block.bytesOf} counts. */
    synchronized List<Bytes> candidates(int maxBytes) {
        List<Bytes> chosen = new ArrayList<>();
        long left = maxBytes;
        for (Map<Bytes, Waiting> queue : List.of(privileged, others)) {
            for (Waiting waiting : queue.values()) {
                left -= Integer.BYTES + waiting.transaction.length();
                if (left < 0 || chosen.size() >= Limits.BLOCK_TRANSACTIONS) {
                    return chosen;
                }
                chosen.add(waiting.transaction);
            }
        }
        return chosen;
    }

    /**
     * These were offered to a block and left out: refused ones go, and so do those that are left out again and again.
     */
    void passedOver(List<Bytes> transactions) {
        for (Bytes transaction : transactions) {
            Bytes hash = Hashes.sha256(transaction);
            try {
                application.check(transaction);
                countPassedOver(hash);
            } catch (TransactionRefused refused) {
                drop(hash);
            }
        }
    }

    private synchronized void drop(Bytes hash) {
        remove(hash);
    }

    private synchronized void countPassedOver(Bytes hash) {
        Waiting waiting = privileged.getOrDefault(hash, others.get(hash));
        if (waiting != null && ++waiting.passedOver >= PASSED_OVER_LIMIT) {
            remove(hash);
        }
    }

    /** A block was committed; these are the validators from now on. */
    synchronized void committed(List<Bytes> transactions, ValidatorSet validators) {
        for (Bytes transaction : transactions) {
            Bytes hash = Hashes.sha256(transaction);
            remove(hash);
            committed.put(hash, true);
        }
        blocks++;
        for (Map<Bytes, Waiting> queue : List.of(privileged, others)) {
            List<Bytes> old = queue.entrySet().stream()
                    .takeWhile(entry -> blocks - entry.getValue().since > limits.blocks())
                    .map(Map.Entry::getKey)
                    .toList();
            old.forEach(this::remove);
        }
        validators(validators);
    }

    synchronized void validators(ValidatorSet validators) {
        Set<Bytes> keys = new HashSet<>();
        validators.validators().forEach(validator -> keys.add(validator.voteKey()));
        validatorKeys = keys;
    }

    /** Transactions submitted here that still wait, oldest first, for another try at spreading them. */
    synchronized List<Bytes> ownWaiting(int maxCount, int maxBytes) {
        List<Bytes> own = new ArrayList<>();
        long left = maxBytes;
        for (Map<Bytes, Waiting> queue : List.of(privileged, others)) {
            for (Waiting waiting : queue.values()) {
                if (waiting.local) {
                    left -= waiting.transaction.length();
                    if (left < 0 || own.size() >= maxCount) {
                        return own;
                    }
                    own.add(waiting.transaction);
                }
            }
        }
        return own;
    }
}
