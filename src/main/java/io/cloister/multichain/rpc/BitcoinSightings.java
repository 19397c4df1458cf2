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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is watched for and what has been seen of it. Not safe for several threads. */
final class BitcoinSightings {
    /** Most scripts, coins and payments that are kept; a stranger can pay a gateway as often as he likes. */
    static final int MAX = 100_000;

    private record Found(TxOutput output, Optional<BlockRef> block) {}

    private record Taken(Bytes spender, Optional<BlockRef> block) {}

    private final Set<Bytes> scripts = new HashSet<>();
    private final Set<OutPoint> coins = new HashSet<>();
    private final TreeMap<OutPoint, Found> payments = new TreeMap<>();
    private final TreeMap<OutPoint, Taken> spends = new TreeMap<>();

    boolean watchScript(Bytes script) {
        return bounded(scripts).add(script);
    }

    boolean watchCoin(OutPoint coin) {
        return bounded(coins).add(coin);
    }

    private static <T> Set<T> bounded(Set<T> watched) {
        if (watched.size() >= MAX) {
            throw new IllegalStateException("no more than " + MAX + " can be watched");
        }
        return watched;
    }

    void unwatchScript(Bytes script) {
        scripts.remove(script);
    }

    void forgetPayment(OutPoint outPoint) {
        payments.remove(outPoint);
    }

    void forgetCoin(OutPoint coin) {
        coins.remove(coin);
        spends.remove(coin);
    }

    /** Takes note of a transaction in a block, or waiting. A confirmed sighting is never replaced by a waiting one. */
    void collect(BitcoinTransaction transaction, Bytes txid, Optional<BlockRef> block) {
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
            OutPoint outPoint = new OutPoint(txid, i);
            Found known = payments.get(outPoint);
            boolean room = known == null ? payments.size() < MAX : known.block().isEmpty();
            if (scripts.contains(output.script()) && room) {
                payments.put(outPoint, new Found(output, block));
            }
        }
    }

    /** A block is no longer in the chain. */
    void undo(BlockRef block) {
        payments.values().removeIf(found -> found.block().filter(block::equals).isPresent());
        spends.values().removeIf(taken -> taken.block().filter(block::equals).isPresent());
    }

    /** Only these transactions are still waiting. */
    void retainWaiting(Collection<Bytes> waiting) {
        payments.entrySet()
                .removeIf(entry -> entry.getValue().block().isEmpty()
                        && !waiting.contains(entry.getKey().txid()));
        spends.values().removeIf(taken -> taken.block().isEmpty() && !waiting.contains(taken.spender()));
    }

    List<Payment> payments(BlockRef tip, ConfirmationPolicy policy) {
        Stream<Payment> all = payments.entrySet().stream().map(entry -> {
            Found found = entry.getValue();
            TxOutput output = found.output();
            return new Payment(
                    entry.getKey(),
                    output.value(),
                    output.script(),
                    found.block(),
                    confirmations(tip, found.block()),
                    policy.required(output.value()));
        });
        return all.toList();
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
