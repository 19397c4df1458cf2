package io.cloister.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MerklePathsTest {
    private static List<Bytes> leaves(int count) {
        return IntStream.range(0, count).mapToObj(i -> Bytes.utf8("leaf " + i)).toList();
    }

    @Test
    void givesTheRootAndThePathsOfTheTree() {
        for (int count = 1; count <= 40; count++) {
            List<Bytes> leaves = leaves(count);
            MerklePaths paths = new MerklePaths(leaves);
            assertThat(paths.root()).isEqualTo(MerkleTree.root(leaves));
            for (int i = 0; i < count; i++) {
                assertThat(paths.path(i)).isEqualTo(MerkleTree.path(leaves, i));
                assertThat(paths.path(i).proves(leaves.get(i), paths.root())).isTrue();
            }
        }
    }

    @Test
    void hasNoPathOutsideTheTree() {
        assertThatThrownBy(() -> new MerklePaths(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MerklePaths(leaves(3)).path(3)).isInstanceOf(RuntimeException.class);
    }
}
