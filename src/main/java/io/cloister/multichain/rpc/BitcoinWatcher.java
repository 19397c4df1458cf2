package io.cloister.multichain.rpc;

import io.cloister.codec.Bytes;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.BlockRef;
import io.cloister.multichain.bitcoin.BitcoinBlock;
import io.cloister.multichain.bitcoin.BitcoinHeader;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.SpvProof;
import io.cloister.multichain.rpc.BitcoinUpdate.Payment;
import io.cloister.multichain.rpc.RpcException.Reason;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/**
 * Follows one chain of the Bitcoin family for payments to watched scripts and spends of watched coins.
 *
 * <p>Its owner calls {@link #poll()} every so often, one thread at a time. The other methods may be called by any
 * thread; what they ask for takes effect at the next step. Nothing is kept on disk: started again from the same height
 * it finds the same.
 */
public final class BitcoinWatcher {
    private static final Logger LOG = System.getLogger(BitcoinWatcher.class.getName());
    private static final int BLOCKS_A_STEP = 100;
    private static final int MEMPOOL_A_STEP = 200;

    /** Blocks that are remembered: more than five days of a chain with a block every two and a half minutes. */
    private static final int REMEMBERED = 3_000;

    /** How far below the tip a new watch begins at least. */
    private static final int MARGIN = 6;

    /** How far the time in a header may be from the true one. */
    private static final long SKEW_SECONDS = 7_200;

    private final BitcoinRpc rpc;
    private final BitcoinProfile profile;
    private final BlockWindow window;
    private final BitcoinSightings sightings = new BitcoinSightings();
    private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
    private final Set<Bytes> waitingRead = new HashSet<>();
    private final SecondReading second = new SecondReading(REMEMBERED);
    private final SecondReading leisure = new SecondReading(REMEMBERED);
    private final long first;

    /** The next block of the chain to read. */
    private long next;

    private long finalHeight = -1;
    private Optional<BlockRef> broken = Optional.empty();

    /** @param fromHeight the first block to read; what is watched before it is read costs no second reading */
    public BitcoinWatcher(BitcoinRpc rpc, long fromHeight) {
        this.rpc = rpc;
        this.profile = rpc.profile();
        this.first = Math.max(fromHeight, 0);
        this.next = first;
        this.window = new BlockWindow(profile.confirmations().cap() + REMEMBERED);
    }

    /**
     * Watches payments to a script, or changes what is watched of it: in the mempool, in blocks to come, and in those
     * read already that are not older than this, as far as they are remembered.
     */
    public void watchScript(Watch watch, long sinceSeconds) {
        requests.add(() -> {
            sightings.watch(watch);
            lookBack(window.lowestSince(sinceSeconds - SKEW_SECONDS).orElse(next));
        });
    }

    /**
     * Reads once more what is remembered and not older than this, for payments that are older than their watch. That
     * begins with the next new block, and holds up no other second reading.
     */
    public void lookFurtherBack(long sinceSeconds) {
        requests.add(() -> {
            long from = window.lowestSince(sinceSeconds - SKEW_SECONDS).orElse(next);
            if (from < next) {
                leisure.wish(Math.max(from, next - REMEMBERED));
            }
        });
    }

    /** Watches for the spending of a coin, in the mempool and from the block on that holds it. */
    public void watchCoin(OutPoint coin, long fromHeight) {
        requests.add(() -> {
            sightings.watchCoin(coin);
            lookBack(fromHeight);
        });
    }

    /** The same for a coin of which only is known that nobody could spend it long ago. */
    public void watchCoin(OutPoint coin) {
        requests.add(() -> {
            sightings.watchCoin(coin);
            lookBack(next - profile.confirmations().cap());
        });
    }

    private void lookBack(long height) {
        long from = Math.max(Math.max(first, next - REMEMBERED), Math.min(height, next - MARGIN));
        if (from < next) {
            second.wish(from);
        } else {
            waitingRead.clear();
        }
    }

    /** Ends the watch of a script and drops what is known of its payments. */
    public void unwatchScript(Bytes script) {
        requests.add(() -> sightings.unwatchScript(script));
    }

    /** Drops a payment that has been dealt with. */
    public void forgetPayment(OutPoint outPoint) {
        requests.add(() -> sightings.forgetPayment(outPoint));
    }

    /** Ends the watch of a coin and drops what is known of its spending. */
    public void forgetCoin(OutPoint coin) {
        requests.add(() -> sightings.forgetCoin(coin));
    }

    /** {@link #poll(Predicate)} where every payment is of interest until it is forgotten. */
    public BitcoinUpdate poll() {
        return poll(outPoint -> false);
    }

    /**
     * Reads what is new, at most a hundred blocks, and says what is known.
     *
     * @param settled payments that have been dealt with and are not to be found once more
     * @throws RpcException when the node fails; the next step goes on from where this one came to
     */
    public BitcoinUpdate poll(Predicate<OutPoint> settled) {
        for (Runnable request = requests.poll(); request != null; request = requests.poll()) {
            request.run();
        }
        sightings.readableAgain().ifPresent(this::lookBack);
        unwind();
        long height = rpc.blockCount();
        long begun = next;
        int budget = BLOCKS_A_STEP;
        while (budget > 0 && next <= height && readNext(settled)) {
            budget--;
        }
        if (second.begin(next)) {
            waitingRead.clear();
        }
        if (next > begun) {
            leisure.begin(next);
        }
        while (budget > 0 && second.mayRead(next) && readAgain(second, settled)) {
            budget--;
        }
        while (budget > 0 && leisure.mayRead(next) && readAgain(leisure, settled)) {
            budget--;
        }
        if (next > height) {
            readWaiting(settled);
        }
        return report(height);
    }

    /**
     * Takes back blocks that the node's best chain no longer has, down to the fork. A final block is taken back only for
     * another one in its place: a node that merely fell behind (it restarts, it is replaced) undoes nothing final.
     */
    private void unwind() {
        while (window.tip().isPresent()) {
            BlockRef tip = window.tip().get();
            Optional<BlockRef> now = blockAt(tip.height());
            if (now.equals(Optional.of(tip))) {
                return;
            }
            if (tip.height() <= finalHeight) {
                if (now.isEmpty()) {
                    throw new RpcException(Reason.UNVERIFIED, "the node is behind final block " + tip.height());
                }
                broken = Optional.of(tip);
                finalHeight = tip.height() - 1;
            }
            window.removeTip();
            sightings.undo(tip);
            waitingRead.clear();
            next = tip.height();
            second.moved(next, false);
            leisure.moved(next, false);
        }
    }

    /** False when the chain moved between two questions: the next step unwinds. */
    private boolean readNext(Predicate<OutPoint> settled) {
        Optional<BlockRef> ref = blockAt(next);
        if (ref.isEmpty()) {
            return false;
        }
        BitcoinBlock block = fetch(ref.get());
        Optional<BlockRef> parent = window.at(next - 1);
        if (parent.isPresent() && !parent.get().hash().equals(block.header().parent())) {
            return false;
        }
        collect(block, ref.get(), settled);
        window.add(ref.get(), block.header().time());
        next++;
        second.moved(next, true);
        leisure.moved(next, true);
        return true;
    }

    private boolean readAgain(SecondReading reading, Predicate<OutPoint> settled) {
        long height = reading.next();
        Optional<BlockRef> ref = window.at(height).or(() -> blockAt(height));
        if (ref.isEmpty()) {
            return false;
        }
        collect(fetch(ref.get()), ref.get(), settled);
        reading.advance(next);
        return true;
    }

    private Optional<BlockRef> blockAt(long height) {
        return rpc.blockHash(height).map(hash -> new BlockRef(height, hash));
    }

    private BitcoinBlock fetch(BlockRef ref) {
        return rpc.block(ref.hash())
                .orElseThrow(() -> new RpcException(Reason.UNVERIFIED, "the node has no block " + ref.height()));
    }

    private void collect(BitcoinBlock block, BlockRef ref, Predicate<OutPoint> settled) {
        long seconds = block.header().time();
        for (int i = 0; i < block.txids().size(); i++) {
            sightings.collect(block.transactions().get(i), block.txids().get(i), Optional.of(ref), seconds, settled);
        }
    }

    private void readWaiting(Predicate<OutPoint> settled) {
        Set<Bytes> waiting = new HashSet<>(rpc.mempool());
        sightings.retainWaiting(waiting);
        waitingRead.retainAll(waiting);
        List<Bytes> fresh = waiting.stream()
                .filter(txid -> !waitingRead.contains(txid))
                .limit(MEMPOOL_A_STEP)
                .toList();
        for (Bytes txid : fresh) {
            readWaiting(txid, settled);
            waitingRead.add(txid);
        }
    }

    /** What waits is anybody's; one transaction that cannot be read must not hide the others. Its block will tell. */
    private void readWaiting(Bytes txid, Predicate<OutPoint> settled) {
        try {
            rpc.transaction(txid)
                    .ifPresent(found -> sightings.collect(found, txid, Optional.empty(), window.tipSeconds(), settled));
        } catch (RpcException e) {
            if (!e.isAboutTheAnswer()) {
                throw e;
            }
            LOG.log(
                    Level.DEBUG,
                    () -> "waiting transaction " + txid.reversed().toHex() + " was left out: " + e.getMessage());
        }
    }

    private BitcoinUpdate report(long height) {
        BlockRef tip = window.tip()
                .or(() -> blockAt(height))
                .orElseThrow(() -> new RpcException(Reason.UNVERIFIED, "the node has no block " + height));
        finalHeight =
                Math.max(finalHeight, tip.height() - profile.confirmations().floor() + 1);
        return new BitcoinUpdate(
                tip,
                finalHeight < 0 ? Optional.empty() : window.at(finalHeight).or(() -> blockAt(finalHeight)),
                next > height && second.isDone(next),
                sightings.payments(tip, profile.confirmations()),
                sightings.ignored(tip, profile.confirmations()),
                sightings.spends(tip),
                sightings.leftOut(),
                broken);
    }

    /**
     * The proof of a confirmed payment.
     *
     * @throws IllegalArgumentException when it is not in a block
     * @throws RpcException when the node fails or no longer has the block
     */
    public SpvProof proof(Payment payment) {
        BlockRef ref = payment.block()
                .orElseThrow(() -> new IllegalArgumentException(payment.outPoint() + " is not confirmed"));
        return proof(ref, payment.outPoint().txid());
    }

    /**
     * The proof that a transaction stands in a block.
     *
     * @param txid in wire order
     * @throws RpcException when the node fails, no longer has the block, or the block does not hold the transaction
     */
    public SpvProof proof(BlockRef ref, Bytes txid) {
        BitcoinBlock block = fetch(ref);
        int index = block.txids().indexOf(txid);
        if (index < 0) {
            throw new RpcException(
                    Reason.UNVERIFIED,
                    "block " + ref.height() + " does not hold "
                            + txid.reversed().toHex());
        }
        return block.proof(index);
    }

    /**
     * The block of the best chain at this height once it is final: what a node may sign an observation of.
     *
     * @return empty while it has fewer confirmations than the profile's floor
     */
    public Optional<BlockRef> finalBlock(long height) {
        long deepest = rpc.blockCount() - profile.confirmations().floor() + 1;
        return height > deepest ? Optional.empty() : blockAt(height);
    }

    /**
     * Headers of the best chain, the lowest first.
     *
     * @throws RpcException when the node fails or has fewer blocks
     */
    public List<BitcoinHeader> headers(long from, int count) {
        List<BitcoinHeader> headers = new ArrayList<>();
        for (long height = from; height < from + count; height++) {
            long missing = height;
            headers.add(rpc.blockHash(height)
                    .flatMap(rpc::header)
                    .orElseThrow(() -> new RpcException(Reason.UNVERIFIED, "the node has no block " + missing)));
        }
        return headers;
    }
}
