package io.cloister.ledger.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.MerkleTree;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrontierTest {
    @Test
    void hasTheRootOfTheTreeOverAllLeavesAndStaysSmall() {
        List<Bytes> leaves = new ArrayList<>();
        Frontier frontier = Frontier.EMPTY;
        assertThat(frontier.root()).isEqualTo(MerkleTree.root(leaves));
        for (int i = 0; i < 70; i++) {
            Bytes leaf = new Writer().u32(i).toBytes();
            leaves.add(leaf);
            frontier = Frontier.decode(frontier.append(leaf).encode());
            assertThat(frontier.size()).isEqualTo(leaves.size());
            assertThat(frontier.root()).isEqualTo(MerkleTree.root(leaves));
            assertThat(frontier.peaks()).hasSize(Integer.bitCount(leaves.size()));
        }
    }
}
