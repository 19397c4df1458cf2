package io.cloister.consensus.ingress;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.MerklePaths;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Turns a decided block into one frame for each stream that waits for some of its transactions. */
final class Answers {
    private static final class OfStream {
        final List<NodeFrame.Commit> commits = new ArrayList<>();
        long bytes;
    }

    private Answers() {}

    static void send(CertifiedBlock certified, Waiters waiters) {
        Block block = certified.block();
        if (waiters.isEmpty() || block.transactions().isEmpty()) {
            return;
        }
        List<Batch> batches = block.batches();
        List<List<List<Waiter>>> waiting = batches.stream()
                .map(batch -> batch.transactions().stream()
                        .map(transaction -> waiters.take(Hashes.sha256(transaction)))
                        .toList())
                .toList();
        if (waiting.stream().allMatch(ofBatch -> ofBatch.stream().allMatch(List::isEmpty))) {
            return;
        }
        MerklePaths inBlock =
                new MerklePaths(batches.stream().map(Batch::digest).toList());
        Map<ClientStream, OfStream> streams = new IdentityHashMap<>();
        for (int i = 0; i < batches.size(); i++) {
            if (waiting.get(i).stream().allMatch(List::isEmpty)) {
                continue;
            }
            MerklePaths inBatch = new MerklePaths(batches.get(i).transactions());
            for (int leaf = 0; leaf < waiting.get(i).size(); leaf++) {
                for (Waiter waiter : waiting.get(i).get(leaf)) {
                    OfStream own = streams.computeIfAbsent(waiter.stream(), stream -> new OfStream());
                    own.commits.add(new NodeFrame.Commit(
                            waiter.id(),
                            new TransactionPath(
                                    inBatch.path(leaf), batches.get(i).digest(), inBlock.path(i))));
                    own.bytes += waiter.bytes();
                }
            }
        }
        streams.forEach((stream, own) -> {
            Bytes frame = new NodeFrame.Committed(certified.header(), own.commits).encode();
            stream.answer(frame, own.commits.size(), own.bytes);
        });
    }
}
