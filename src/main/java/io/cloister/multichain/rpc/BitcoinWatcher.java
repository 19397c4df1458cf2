package io.cloister.multichain.rpc;

import io.cloister.codec.Bytes;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.bitcoin.BitcoinBlock;
import io.cloister.multichain.bitcoin.BitcoinHeader;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.SpvProof;
import io.cloister.multichain.rpc.BitcoinUpdate.Payment;
import io.cloister.multichain.rpc.RpcException.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Follows one chain of the Bitcoin family for payments to watched scripts and spends of watched coins.
 *
 * <p>Its owner calls {@link #poll()} every so often, one thread at a time. The other methods may be called by any
 * thread; what they ask for takes effect at the next step. Nothing is kept on disk: started again from the same height
 * it finds the same.
 */
public final class BitcoinWatcher {
    private static final int BLOCKS_A_STEP = 100;
    private static final int MEMPOOL_A_STEP = 200;
    private static final int ROOM_BELOW_FINAL = 144;

    private final BitcoinRpc rpc;
    private final BitcoinProfile profile;
    private final BlockWindow window;
    private final BitcoinSightings sightings = new BitcoinSightings();
    private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
    private final Set<Bytes> waitingRead = new HashSet<>();

    /** The next block of the chain to read. */
    private long next;

    /** The next block to read a second time, for what has been watched since; {@code next} when there is none. */
    private long again;

    private long finalHeight = -1;
    private Optional<BlockRef> broken = Optional.empty();

    /** @param fromHeight the first block to read */
    public BitcoinWatcher(BitcoinRpc rpc, long fromHeight) {
        this.rpc = rpc;
        this.profile = rpc.profile();
        this.next = Math.max(fromHeight, 0);
        this.again = next;
        this.window = new BlockWindow(profile.confirmations().cap() + ROOM_BELOW_FINAL);
    }

    /** Watches payments to a script, in the mempool and from this height on. */
    public void watchScript(Bytes script, long fromHeight) {
        requests.add(() -> readAgain(sightings.watchScript(script), fromHeight));
    }

    /** Watches for the spending of a coin, in the mempool and from this height on. */
    public void watchCoin(OutPoint coin, long fromHeight) {
        requests.add(() -> readAgain(sightings.watchCoin(coin), fromHeight));
    }

    private void readAgain(boolean isNew, long fromHeight) {
        if (isNew) {
            again = Math.min(again, Math.max(fromHeight, 0));
            waitingRead.clear();
        }
    }

    /** Ends the watch of a script; its payments that are known stay until they are forgotten. */
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

    /**
     * Reads what is new, at most a hundred blocks, and says what is known.
     *
     * @throws RpcException when the node fails; the next step goes on from where this one came to
     */
    public BitcoinUpdate poll() {
        for (Runnable request = requests.poll(); request != null; request = requests.poll()) {
            request.run();
        }
        unwind();
        long height = rpc.blockCount();
        int budget = BLOCKS_A_STEP;
        while (budget > 0 && next <= height && readNext()) {
            budget--;
        }
        while (budget > 0 && again < next && readAgain()) {
            budget--;
        }
        boolean caughtUp = next > height && again >= next;
        if (caughtUp) {
            readWaiting();
        }
        return report(height, caughtUp);
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
            again = Math.min(again, next);
        }
    }

    /** False when the chain moved between two questions: the next step unwinds. */
    private boolean readNext() {
        Optional<BlockRef> ref = blockAt(next);
        if (ref.isEmpty()) {
            return false;
        }
        BitcoinBlock block = fetch(ref.get());
        Optional<BlockRef> parent = window.at(next - 1);
        if (parent.isPresent() && !parent.get().hash().equals(block.header().parent())) {
            return false;
        }
        collect(block, ref.get());
        window.add(ref.get());
        if (again == next) {
            again++;
        }
        next++;
        return true;
    }

    private boolean readAgain() {
        Optional<BlockRef> ref = window.at(again).or(() -> blockAt(again));
        if (ref.isEmpty()) {
            return false;
        }
        collect(fetch(ref.get()), ref.get());
        again++;
        return true;
    }

    private Optional<BlockRef> blockAt(long height) {
        return rpc.blockHash(height).map(hash -> new BlockRef(height, hash));
    }

    private BitcoinBlock fetch(BlockRef ref) {
        return rpc.block(ref.hash())
                .orElseThrow(() -> new RpcException(Reason.UNVERIFIED, "the node has no block " + ref.height()));
    }

    private void collect(BitcoinBlock block, BlockRef ref) {
        for (int i = 0; i < block.txids().size(); i++) {
            sightings.collect(block.transactions().get(i), block.txids().get(i), Optional.of(ref));
        }
    }

    private void readWaiting() {
        Set<Bytes> waiting = new HashSet<>(rpc.mempool());
        sightings.retainWaiting(waiting);
        waitingRead.retainAll(waiting);
        List<Bytes> fresh = waiting.stream()
                .filter(txid -> !waitingRead.contains(txid))
                .limit(MEMPOOL_A_STEP)
                .toList();
        for (Bytes txid : fresh) {
            rpc.transaction(txid).ifPresent(found -> sightings.collect(found, txid, Optional.empty()));
            waitingRead.add(txid);
        }
    }

    private BitcoinUpdate report(long height, boolean caughtUp) {
        BlockRef tip = window.tip()
                .or(() -> blockAt(height))
                .orElseThrow(() -> new RpcException(Reason.UNVERIFIED, "the node has no block " + height));
        finalHeight =
                Math.max(finalHeight, tip.height() - profile.confirmations().floor() + 1);
        return new BitcoinUpdate(
                tip,
                finalHeight < 0 ? Optional.empty() : window.at(finalHeight).or(() -> blockAt(finalHeight)),
                caughtUp,
                sightings.payments(tip, profile.confirmations()),
                sightings.spends(tip),
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
