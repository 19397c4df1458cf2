package io.cloister.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
    @Test
    void givesTheRootsOfTheCertificateTransparencyReferenceTree() {
        List<Bytes> leaves = List.of(
                Bytes.EMPTY,
                Bytes.hex("00"),
                Bytes.hex("10"),
                Bytes.hex("2021"),
                Bytes.hex("3031"),
                Bytes.hex("40414243"),
                Bytes.hex("5051525354555657"),
                Bytes.hex("606162636465666768696a6b6c6d6e6f"));
        assertThat(MerkleTree.root(List.of()).toHex())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(MerkleTree.root(leaves.subList(0, 1)).toHex())
                .isEqualTo("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        assertThat(MerkleTree.root(leaves.subList(0, 2)).toHex())
                .isEqualTo("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
        assertThat(MerkleTree.root(leaves).toHex())
                .isEqualTo("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    }

    @Property(tries = 200)
    void provesEachLeafAndNoOther(@ForAll @IntRange(min = 1, max = 70) int size, @ForAll @IntRange(max = 69) int pick) {
        List<Bytes> leaves =
                IntStream.range(0, size).mapToObj(i -> Bytes.utf8("leaf " + i)).toList();
        int index = pick % size;
        Bytes root = MerkleTree.root(leaves);
        MerkleTree.Path path = MerkleTree.path(leaves, index);
        assertThat(path.proves(leaves.get(index), root)).isTrue();
        assertThat(path.proves(Bytes.utf8("leaf " + (index + 1)), root)).isFalse();
        if (size > 1) {
            int other = (index + 1) % size;
            assertThat(new MerkleTree.Path(other, size, path.siblings()).proves(leaves.get(index), root))
                    .isFalse();
        }
        Writer writer = new Writer();
        path.encode(writer);
        Reader reader = new Reader(writer.toBytes());
        assertThat(MerkleTree.Path.decode(reader)).isEqualTo(path);
        reader.end();
    }

    @Property(tries = 100)
    void refusesPathsThatAreTooShortTooLongOrChanged(
            @ForAll @IntRange(min = 2, max = 40) int size, @ForAll @IntRange(max = 39) int pick) {
        List<Bytes> leaves =
                IntStream.range(0, size).mapToObj(i -> Bytes.utf8("x" + i)).toList();
        int index = pick % size;
        Bytes root = MerkleTree.root(leaves);
        List<Bytes> siblings = MerkleTree.path(leaves, index).siblings();
        List<Bytes> longer = new ArrayList<>(siblings);
        longer.add(Bytes.zeros(32));
        List<Bytes> changed = new ArrayList<>(siblings);
        changed.set(0, Bytes.zeros(32));
        for (List<Bytes> wrong : List.of(siblings.subList(1, siblings.size()), longer, changed)) {
            assertThat(new MerkleTree.Path(index, size, wrong).proves(leaves.get(index), root))
                    .isFalse();
        }
    }

    @Test
    void refusesAnIndexOutsideTheTreeAndSiblingsOfAnotherLength() {
        assertThatThrownBy(() -> new MerkleTree.Path(3, 3, List.of())).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> new MerkleTree.Path(0, 3, List.of(Bytes.zeros(31))))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> MerkleTree.path(List.of(), 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
