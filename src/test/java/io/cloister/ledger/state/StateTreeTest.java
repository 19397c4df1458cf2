package io.cloister.ledger.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StateTreeTest {

    @Provide
    Arbitrary<Map<Bytes, Bytes>> contents() {
        Arbitrary<Bytes> bytes = Arbitraries.bytes()
                .array(byte[].class)
                .ofMinSize(0)
                .ofMaxSize(4)
                .map(Bytes::wrap);
        return Arbitraries.maps(bytes, bytes).ofMaxSize(60).map(TreeMap::new);
    }

    @Property(tries = 300)
    void holdsWhatWasPutAndScansInTheOrderOfKeys(@ForAll("contents") Map<Bytes, Bytes> content) {
        StateTree tree = StateTree.of(content);
        content.forEach((key, value) -> assertThat(tree.get(key)).contains(value));
        assertThat(tree.scan(Bytes.EMPTY, Integer.MAX_VALUE)).isEqualTo(content);
    }

    @Property(tries = 300)
    void rootDependsOnTheContentAndNotOnTheOrder(@ForAll("contents") Map<Bytes, Bytes> content, @ForAll long seed) {
        List<Bytes> keys = new ArrayList<>(content.keySet());
        Collections.shuffle(keys, new Random(seed));
        StateTree tree = StateTree.EMPTY;
        for (Bytes key : keys) {
            tree = tree.put(key, Bytes.utf8("before")).put(key, content.get(key));
        }
        assertThat(tree.root()).isEqualTo(StateTree.of(content).root());
    }

    @Property(tries = 200)
    void removingLeavesWhatWouldHaveBeenThereWithout(@ForAll("contents") Map<Bytes, Bytes> content) {
        StateTree whole = StateTree.of(content);
        for (Bytes key : content.keySet()) {
            Map<Bytes, Bytes> rest = new TreeMap<>(content);
            rest.remove(key);
            assertThat(whole.remove(key).root()).isEqualTo(StateTree.of(rest).root());
        }
    }

    @Property(tries = 200)
    void scansExactlyTheKeysUnderAPrefix(
            @ForAll("contents") Map<Bytes, Bytes> content, @ForAll byte first, @ForAll byte second) {
        for (Bytes prefix : List.of(Bytes.of(first), Bytes.of(first, second))) {
            Map<Bytes, Bytes> expected = new TreeMap<>(content);
            expected.keySet().removeIf(key -> !key.startsWith(prefix));
            assertThat(StateTree.of(content).scan(prefix, Integer.MAX_VALUE)).isEqualTo(expected);
        }
    }

    @Property(tries = 200)
    void provesEveryEntryAndNothingElse(@ForAll("contents") Map<Bytes, Bytes> content) {
        StateTree tree = StateTree.of(content);
        for (Bytes key : content.keySet()) {
            StateProof proof =
                    StateProof.decode(new Reader(tree.prove(key).orElseThrow().encode()));
            assertThat(proof.proves(tree.root())).isTrue();
            Bytes other = Bytes.concat(proof.value(), Bytes.of((byte) 1));
            assertThat(new StateProof(key, other, proof.steps()).proves(tree.root()))
                    .isFalse();
        }
    }

    @Test
    void everyChangeGivesAnotherRoot() {
        StateTree tree = StateTree.of(Map.of(Bytes.utf8("a"), Bytes.utf8("1"), Bytes.utf8("b"), Bytes.utf8("2")));
        assertThat(List.of(
                        tree.root(),
                        tree.put(Bytes.utf8("a"), Bytes.utf8("2")).root(),
                        tree.put(Bytes.utf8("ab"), Bytes.EMPTY).root(),
                        tree.remove(Bytes.utf8("b")).root(),
                        StateTree.EMPTY.root()))
                .doesNotHaveDuplicates();
    }

    @Test
    void theVersionBeforeAChangeStaysAsItWas() {
        StateTree before = StateTree.EMPTY.put(Bytes.utf8("k"), Bytes.utf8("old"));
        StateTree after = before.put(Bytes.utf8("k"), Bytes.utf8("new"));
        assertThat(before.get(Bytes.utf8("k"))).contains(Bytes.utf8("old"));
        assertThat(after.get(Bytes.utf8("k"))).contains(Bytes.utf8("new"));
    }

    @Test
    void aForkThatNoKeyReachesIsReadAsItStandsAndProvesNothing() {
        StateProof proof = new StateProof(
                Bytes.utf8("key"), Bytes.utf8("value"), List.of(new StateProof.Step(-402_653_171, Bytes.zeros(32))));
        assertThat(StateProof.decode(new Reader(proof.encode()))).isEqualTo(proof);
        assertThat(proof.proves(Bytes.zeros(32))).isFalse();
    }
}
