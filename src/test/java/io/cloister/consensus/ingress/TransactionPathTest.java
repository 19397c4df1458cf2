package io.cloister.consensus.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Header;
import io.cloister.consensus.Outline;
import io.cloister.crypto.MerklePaths;
import io.cloister.crypto.MerkleTree;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransactionPathTest {
    private static final Bytes A = Bytes.utf8("a");
    private static final Bytes B = Bytes.utf8("b");
    private static final Bytes C = Bytes.utf8("c");

    @Test
    void leadsFromTheTransactionOverItsBatchToTheHeader() {
        List<Batch> batches = List.of(new Batch(List.of(A, B)), new Batch(List.of(C)));
        List<Bytes> digests = batches.stream().map(Batch::digest).toList();
        Header header = header(Outline.transactionsRoot(digests));
        TransactionPath path = new TransactionPath(
                MerkleTree.path(List.of(A, B), 1), digests.getFirst(), new MerklePaths(digests).path(0));
        assertThat(path.proves(B, header)).isTrue();
        assertThat(path.proves(A, header)).isFalse();
        assertThat(path.proves(C, header)).isFalse();
        assertThat(path.proves(B, header(MerkleTree.root(List.of(A, B, C))))).isFalse();
    }

    private static Header header(Bytes transactionsRoot) {
        Bytes none = Bytes.zeros(32);
        return new Header(
                "chain",
                0,
                1,
                0,
                1,
                none,
                none,
                none,
                transactionsRoot,
                none,
                none,
                none,
                none,
                List.of(),
                Bytes.zeros(33));
    }
}
