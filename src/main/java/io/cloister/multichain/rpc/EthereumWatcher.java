package io.cloister.multichain.rpc;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.BlockHeader;
import io.cloister.codec.ethereum.Log;
import io.cloister.codec.ethereum.Receipt;
import io.cloister.multichain.BlockRef;
import io.cloister.multichain.ProofRefused;
import io.cloister.multichain.ethereum.GatewayEvent;
import io.cloister.multichain.ethereum.ReceiptProof;
import io.cloister.multichain.rpc.EthereumRpc.IndexedLog;
import io.cloister.multichain.rpc.EthereumUpdate.Position;
import io.cloister.multichain.rpc.EthereumUpdate.Sighting;
import io.cloister.multichain.rpc.RpcException.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * Follows the events of one gateway contract. Final ones are kept until they are forgotten; those that are not final
 * yet are read anew at each step, so that a reorganisation takes them back by itself.
 *
 * <p>Its owner calls {@link #poll()} every so often, one thread at a time; {@link #forget} may be called by any thread.
 * Nothing is kept on disk: started again from the same height it finds the same.
 */
public final class EthereumWatcher {
    private static final int BLOCKS_A_STEP = 200;
    private static final int MAX_EVENTS = 100_000;
    private static final Comparator<Position> ORDER = Comparator.comparingLong(
                    (Position position) -> position.block().height())
            .thenComparingInt(Position::transactionIndex)
            .thenComparingInt(Position::logIndex);

    private record Event(Bytes transactionHash, GatewayEvent event) {}

    private final EthereumRpc rpc;
    private final Bytes gateway;
    private final Bytes bloom;
    private final TreeMap<Position, Event> events = new TreeMap<>(ORDER);
    private final Queue<Position> forgotten = new ConcurrentLinkedQueue<>();
    private final long first;
    private long next;
    private Optional<BlockRef> lastRead = Optional.empty();
    private Optional<BlockRef> lastFinal = Optional.empty();
    private Optional<BlockRef> broken = Optional.empty();

    /**
     * @param gateway the contract, 20 bytes
     * @param fromHeight the first block to read
     */
    public EthereumWatcher(EthereumRpc rpc, Bytes gateway, long fromHeight) {
        this.rpc = rpc;
        this.gateway = gateway;
        this.bloom = Receipt.bloom(List.of(new Log(gateway, List.of(), Bytes.EMPTY)));
        this.first = Math.max(fromHeight, 0);
        this.next = first;
    }

    /** Drops an event that has been dealt with. */
    public void forget(Position position) {
        forgotten.add(position);
    }

    /**
     * Reads what is new, at most two hundred blocks, and says what is known.
     *
     * @throws RpcException when the node fails; the next step goes on from where this one came to
     */
    public EthereumUpdate poll() {
        for (Position position = forgotten.poll(); position != null; position = forgotten.poll()) {
            events.remove(position);
        }
        checkFinal();
        BlockHeader finalHeader = block(rpc.finalNumber());
        lastFinal = Optional.of(reference(finalHeader));
        BlockHeader tip = block(Math.max(finalHeader.number(), rpc.blockNumber()));
        if (next <= finalHeader.number() && events.size() < MAX_EVENTS) {
            long to = Math.min(finalHeader.number(), next + BLOCKS_A_STEP - 1);
            events.putAll(readFinal(next, to));
            next = to + 1;
        }
        boolean caughtUp = next > finalHeader.number();
        Map<Position, Event> fresh = caughtUp && tip.number() - next < BLOCKS_A_STEP && tip.number() >= next
                ? read(next, tip.number())
                : Map.of();
        return new EthereumUpdate(
                reference(tip),
                reference(finalHeader),
                caughtUp,
                Stream.concat(sightings(events, tip, true), sightings(fresh, tip, false))
                        .toList(),
                broken);
    }

    /**
     * A final block counts as undone only when there is another one in its place, not when the node fell behind. Then
     * everything is read anew.
     */
    private void checkFinal() {
        Stream.of(lastFinal, lastRead)
                .flatMap(Optional::stream)
                .distinct()
                .filter(known -> !reference(block(known.height())).equals(known))
                .findFirst()
                .ifPresent(undone -> {
                    broken = Optional.of(undone);
                    lastFinal = Optional.empty();
                    lastRead = Optional.empty();
                    events.clear();
                    next = first;
                });
    }

    private BlockHeader block(long height) {
        return rpc.header(height)
                .orElseThrow(() -> new RpcException(Reason.UNVERIFIED, "the node has no block " + height));
    }

    private static BlockRef reference(BlockHeader header) {
        return new BlockRef(header.number(), header.hash());
    }

    private static Stream<Sighting> sightings(Map<Position, Event> events, BlockHeader tip, boolean isFinal) {
        return events.entrySet().stream()
                .map(entry -> new Sighting(
                        entry.getKey(),
                        entry.getValue().transactionHash(),
                        entry.getValue().event(),
                        tip.number() - entry.getKey().block().height() + 1,
                        isFinal));
    }

    /** The index says which blocks to look at; what is in them comes from their own receipts. */
    private Map<Position, Event> read(long from, long to) {
        TreeMap<Position, Event> found = new TreeMap<>(ORDER);
        index(from, to).forEach((height, logs) -> found.putAll(eventsOf(block(height), logs)));
        return found;
    }

    /**
     * Final blocks are read once, so the index's silence is not believed: each header is read, they make one chain, and
     * wherever a header's bloom allows for a log of the gateway the receipts are looked through.
     */
    private Map<Position, Event> readFinal(long from, long to) {
        TreeMap<Position, Event> found = new TreeMap<>(ORDER);
        Map<Long, List<IndexedLog>> indexed = index(from, to);
        Optional<BlockRef> parent = lastRead;
        for (long height = from; height <= to; height++) {
            BlockHeader header = block(height);
            if (parent.isPresent() && !parent.get().hash().equals(header.parentHash())) {
                throw new RpcException(Reason.UNVERIFIED, "block " + height + " does not follow the one below it");
            }
            parent = Optional.of(reference(header));
            if (indexed.containsKey(height) || mayHoldEvents(header)) {
                found.putAll(eventsOf(header, indexed.getOrDefault(height, List.of())));
            }
        }
        lastRead = parent;
        return found;
    }

    private boolean mayHoldEvents(BlockHeader header) {
        for (int i = 0; i < bloom.length(); i++) {
            if ((bloom.at(i) & header.logsBloom().at(i)) != bloom.at(i)) {
                return false;
            }
        }
        return true;
    }

    private Map<Long, List<IndexedLog>> index(long from, long to) {
        TreeMap<Long, List<IndexedLog>> byBlock = new TreeMap<>();
        for (IndexedLog log : rpc.logs(gateway, from, to)) {
            byBlock.computeIfAbsent(log.blockNumber(), height -> new ArrayList<>())
                    .add(log);
        }
        return byBlock;
    }

    private Map<Position, Event> eventsOf(BlockHeader block, List<IndexedLog> indexed) {
        TreeMap<Position, Event> found = new TreeMap<>(ORDER);
        List<Receipt> receipts = provedReceipts(block);
        for (int i = 0; i < receipts.size(); i++) {
            List<Log> logs = receipts.get(i).logs();
            for (int j = 0; j < logs.size(); j++) {
                Position position = new Position(reference(block), i, j);
                Bytes transaction = transactionHash(indexed, i);
                if (logs.get(j).address().equals(gateway)) {
                    GatewayEvent.decode(logs.get(j))
                            .ifPresent(event -> found.put(position, new Event(transaction, event)));
                }
            }
        }
        return found;
    }

    private static Bytes transactionHash(List<IndexedLog> indexed, int transactionIndex) {
        return indexed.stream()
                .filter(log -> log.transactionIndex() == transactionIndex)
                .map(IndexedLog::transactionHash)
                .findFirst()
                .orElse(Bytes.EMPTY);
    }

    private List<Receipt> provedReceipts(BlockHeader block) {
        List<Receipt> receipts = rpc.receipts(block);
        prove(block, receipts, 0);
        return receipts;
    }

    private static ReceiptProof prove(BlockHeader block, List<Receipt> receipts, int transactionIndex) {
        try {
            return ReceiptProof.of(block, receipts, transactionIndex);
        } catch (ProofRefused e) {
            throw new RpcException(Reason.UNVERIFIED, "receipts were served that are not the block's", e);
        }
    }

    /**
     * The proof of a final event's receipt.
     *
     * @throws RpcException when the node fails or no longer has the block
     */
    public ReceiptProof proof(Position position) {
        BlockHeader block = rpc.header(position.block().hash())
                .orElseThrow(() -> new RpcException(
                        Reason.UNVERIFIED,
                        "the node has no block " + position.block().height()));
        return prove(block, rpc.receipts(block), position.transactionIndex());
    }

    /**
     * The block of the best chain at this height once it is final: what a node may sign an observation of.
     *
     * @return empty while it is not final
     */
    public Optional<BlockRef> finalBlock(long height) {
        return height > rpc.finalNumber() ? Optional.empty() : Optional.of(reference(block(height)));
    }
}
