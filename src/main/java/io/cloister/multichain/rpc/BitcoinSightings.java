package io.cloister.multichain.rpc;

import io.cloister.codec.Bytes;
import io.cloister.multichain.BlockRef;
import io.cloister.multichain.ConfirmationPolicy;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.TxInput;
import io.cloister.multichain.bitcoin.TxOutput;
import io.cloister.multichain.rpc.BitcoinUpdate.Payment;
import io.cloister.multichain.rpc.BitcoinUpdate.Spend;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What is watched for and what has been seen of it. Scripts and coins are as many as their owner asks for; payments are
 * as many as strangers like, so they are bounded, for each script and in all. What found no room in a block is not
 * lost: the height is kept from which to read again. What waits takes no room from what is in a block. Not safe for
 * several threads.
 */
final class BitcoinSightings {
    static final int MAX_OF_SCRIPT = 1_000;
    static final int MAX = 100_000;

    /** @param late whether the block, or the tip where it waits, is past the watch's end */
    record Found(TxOutput output, Optional<BlockRef> block, boolean late) {}

    private record Taken(Bytes spender, Optional<BlockRef> block) {}

    private final Map<Bytes, Watch> scripts = new HashMap<>();
    private final Map<Bytes, Integer> kept = new HashMap<>();
    private final Map<Bytes, Long> leftOut = new HashMap<>();
    private final Set<OutPoint> coins = new HashSet<>();
    private final TreeMap<OutPoint, Found> payments = new TreeMap<>();
    private final TreeMap<OutPoint, Taken> spends = new TreeMap<>();
    private final WaitingPayments waiting = new WaitingPayments();
    private final IgnoredPayments ignored = new IgnoredPayments();

    void watch(Watch watch) {
        scripts.put(watch.script(), watch);
    }

    void watchCoin(OutPoint coin) {
        coins.add(coin);
    }

    /** Nothing more is of interest about the script, nor what has been seen of it. */
    void unwatchScript(Bytes script) {
        scripts.remove(script);
        leftOut.remove(script);
        removePayments((outPoint, found) -> found.output().script().equals(script));
    }

    void forgetPayment(OutPoint outPoint) {
        waiting.remove(outPoint);
        Found found = payments.remove(outPoint);
        if (found != null) {
            removed(found);
        }
    }

    void forgetCoin(OutPoint coin) {
        coins.remove(coin);
        spends.remove(coin);
    }

    /** Scripts to which more was paid than there is room for. */
    int leftOut() {
        return leftOut.size();
    }

    /** Where to read again for payments that were left out, as soon as half the room is free. Told once. */
    OptionalLong readableAgain() {
        if (leftOut.isEmpty() || payments.size() > MAX / 2) {
            return OptionalLong.empty();
        }
        long lowest = Long.MAX_VALUE;
        for (Iterator<Map.Entry<Bytes, Long>> each = leftOut.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Bytes, Long> entry = each.next();
            if (kept.getOrDefault(entry.getKey(), 0) <= MAX_OF_SCRIPT / 2) {
                lowest = Math.min(lowest, entry.getValue());
                each.remove();
            }
        }
        return lowest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(lowest);
    }

    /**
     * Takes note of a transaction in a block, or waiting. A confirmed sighting is never replaced by a waiting one.
     *
     * @param seconds time of the block, or of the tip
     * @param settled payments that have been dealt with
     */
    void collect(
            BitcoinTransaction transaction,
            Bytes txid,
            Optional<BlockRef> block,
            long seconds,
            Predicate<OutPoint> settled) {
        if (transaction.isCoinbase()) {
            return;
        }
        for (TxInput input : transaction.inputs()) {
            OutPoint coin = input.outPoint();
            Taken known = spends.get(coin);
            if (coins.contains(coin) && (known == null || known.block().isEmpty())) {
                spends.put(coin, new Taken(txid, block));
            }
        }
        for (int i = 0; i < transaction.outputs().size(); i++) {
            TxOutput output = transaction.outputs().get(i);
            Watch watch = scripts.get(output.script());
            if (watch == null) {
                continue;
            }
            OutPoint outPoint = new OutPoint(txid, i);
            Found found = new Found(output, block, seconds > watch.untilSeconds());
            if (found.late() || output.value() < watch.minimum()) {
                ignored.keep(outPoint, found);
            } else if (!settled.test(outPoint) && !payments.containsKey(outPoint)) {
                block.ifPresentOrElse(at -> keep(outPoint, found, at), () -> waiting.keep(outPoint, found));
            }
        }
    }

    private void keep(OutPoint outPoint, Found found, BlockRef at) {
        waiting.remove(outPoint);
        Bytes script = found.output().script();
        int count = kept.getOrDefault(script, 0);
        if (count < MAX_OF_SCRIPT && payments.size() < MAX) {
            payments.put(outPoint, found);
            kept.put(script, count + 1);
        } else {
            leftOut.merge(script, at.height(), Math::min);
        }
    }

    /** A block is no longer in the chain. */
    void undo(BlockRef block) {
        removePayments((outPoint, found) -> found.block().filter(block::equals).isPresent());
        spends.values().removeIf(taken -> taken.block().filter(block::equals).isPresent());
    }

    /** Only these transactions are still waiting. */
    void retainWaiting(Collection<Bytes> txids) {
        BiPredicate<OutPoint, Found> gone =
                (outPoint, found) -> found.block().isEmpty() && !txids.contains(outPoint.txid());
        ignored.remove(gone);
        waiting.remove(gone);
        spends.values().removeIf(taken -> taken.block().isEmpty() && !txids.contains(taken.spender()));
    }

    private void removePayments(BiPredicate<OutPoint, Found> which) {
        ignored.remove(which);
        waiting.remove(which);
        payments.entrySet().removeIf(entry -> {
            boolean gone = which.test(entry.getKey(), entry.getValue());
            if (gone) {
                removed(entry.getValue());
            }
            return gone;
        });
    }

    private void removed(Found found) {
        kept.computeIfPresent(found.output().script(), (script, count) -> count > 1 ? count - 1 : null);
    }

    List<Payment> payments(BlockRef tip, ConfirmationPolicy policy) {
        return Stream.concat(payments.entrySet().stream(), waiting.all().entrySet().stream())
                .map(entry -> payment(entry.getKey(), entry.getValue(), tip, policy))
                .toList();
    }

    /** Too small or too late. */
    List<Payment> ignored(BlockRef tip, ConfirmationPolicy policy) {
        return ignored.all().entrySet().stream()
                .map(entry -> payment(entry.getKey(), entry.getValue(), tip, policy))
                .toList();
    }

    private static Payment payment(OutPoint outPoint, Found found, BlockRef tip, ConfirmationPolicy policy) {
        TxOutput output = found.output();
        return new Payment(
                outPoint,
                output.value(),
                output.script(),
                found.block(),
                confirmations(tip, found.block()),
                policy.required(output.value()),
                found.late());
    }

    List<Spend> spends(BlockRef tip) {
        return spends.entrySet().stream()
                .map(entry -> new Spend(
                        entry.getKey(),
                        entry.getValue().spender(),
                        entry.getValue().block(),
                        confirmations(tip, entry.getValue().block())))
                .toList();
    }

    private static long confirmations(BlockRef tip, Optional<BlockRef> block) {
        return block.map(at -> Math.max(0, tip.height() - at.height() + 1)).orElse(0L);
    }
}
