package io.cloister.consensus.ingress;

import io.cloister.codec.Bytes;
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
        List<List<Waiter>> byLeaf = block.transactions().stream()
                .map(transaction -> waiters.take(Hashes.sha256(transaction)))
                .toList();
        if (byLeaf.stream().allMatch(List::isEmpty)) {
            return;
        }
        MerklePaths paths = new MerklePaths(block.transactions());
        Map<ClientStream, OfStream> streams = new IdentityHashMap<>();
        for (int leaf = 0; leaf < byLeaf.size(); leaf++) {
            for (Waiter waiter : byLeaf.get(leaf)) {
                OfStream own = streams.computeIfAbsent(waiter.stream(), stream -> new OfStream());
                own.commits.add(new NodeFrame.Commit(waiter.id(), paths.path(leaf)));
                own.bytes += waiter.bytes();
            }
        }
        streams.forEach((stream, own) -> {
            Bytes frame = new NodeFrame.Committed(block.header(), certified.certificate(), own.commits).encode();
            stream.answer(frame, own.commits.size(), own.bytes);
        });
    }
}
