package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.ledger.View;
import io.cloister.mpc.Committee;
import io.cloister.mpc.board.Assignment;
import io.cloister.mpc.board.Batch;
import io.cloister.mpc.board.BoardView;
import io.cloister.mpc.board.Demand;
import io.cloister.mpc.board.Instance;
import io.cloister.mpc.board.KeyState;
import io.cloister.mpc.board.RequestState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * One final state of the board as the machines see it.
 *
 * @param blockIds ids of the final blocks that assigned a pending request, as far as this node knows them
 * @param board for the rare questions that the lists do not answer
 */
public record Snapshot(
        String chainId,
        long epoch,
        long height,
        Committee committee,
        SortedMap<Long, Instance> instances,
        SortedMap<Long, Batch> batches,
        Map<String, KeyState> keys,
        List<RequestState> pending,
        List<Demand> demands,
        Map<Long, Bytes> blockIds,
        BoardView board) {

    /** @param blockId the id of a final block by its height, for blocks whose certificate this node holds */
    public static Snapshot read(
            View state,
            String chainId,
            long epoch,
            long height,
            Committee committee,
            LongFunction<Optional<Bytes>> blockId) {
        BoardView board = BoardView.of(state);
        SortedMap<Long, Instance> instances = new TreeMap<>();
        board.instances().forEach(i -> instances.put(i.number(), i));
        SortedMap<Long, Batch> batches = new TreeMap<>();
        board.batches().forEach(b -> batches.put(b.number(), b));
        Map<String, KeyState> keys = new HashMap<>();
        KeyState.LABELS.forEach(label -> board.key(label).ifPresent(k -> keys.put(label, k)));
        List<RequestState> pending = board.pending();
        Map<Long, Bytes> blockIds = new HashMap<>();
        for (RequestState request : pending) {
            request.assignment()
                    .map(Assignment::at)
                    .ifPresent(at -> blockId.apply(at.height()).ifPresent(id -> blockIds.put(at.height(), id)));
        }
        return new Snapshot(
                chainId, epoch, height, committee, instances, batches, keys, pending, board.demands(), blockIds, board);
    }

    Optional<Instance> instance(long number) {
        return Optional.ofNullable(instances.get(number));
    }

    /** The highest number of an instance that was ever opened. */
    long newestInstance() {
        return board.newestInstance();
    }

    /** Whether a slot still runs in the boot that an instance was opened for; key instances outlive boots. */
    boolean isLive(Instance instance, int slot) {
        Batch batch = batches.get(instance.batch());
        return instance.kind().isKey() || batch != null && batch.isLive(slot);
    }

    Optional<KeyState.KeyTranscript> finished(String label) {
        return Optional.ofNullable(keys.get(label)).flatMap(KeyState::transcript);
    }
}
