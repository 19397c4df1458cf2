package io.cloister.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.MerkleTree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EvidenceTest {
    private static final Leaf LEAF = Leaf.restNonce(TestChips.filled(32, 1), TestChips.filled(32, 2));

    private static Evidence evidence() {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        return TestChips.evidence(chip, TestChips.report(chip, 3), TestChips.keys(), LEAF);
    }

    private static void refuses(Runnable attempt, Reason reason) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(attempt::run)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void readsBackWhatItWrites() {
        Evidence evidence = evidence();

        assertThat(Evidence.decode(evidence.encode())).isEqualTo(evidence);
    }

    @Test
    void refusesAnythingBehindAndEveryShorterEncoding() {
        Bytes encoded = evidence().encode();

        refuses(() -> Evidence.decode(Bytes.concat(encoded, Bytes.zeros(1))), Reason.TRAILING);
        for (int length = 0; length < encoded.length(); length += 11) {
            Bytes cut = encoded.slice(0, length);
            refuses(() -> Evidence.decode(cut), Reason.TRUNCATED);
        }
        refuses(() -> Evidence.decode(Bytes.zeros(Evidence.MAX_SIZE + 1)), Reason.TOO_LONG);
    }

    @Test
    void refusesEvidenceOfAnotherKind() {
        byte[] encoded = evidence().encode().toArray();
        encoded[0] = 4;

        refuses(() -> Evidence.decode(Bytes.of(encoded)), Reason.UNKNOWN);
    }

    @Test
    void leafIsHashedAsTheRulesSay() {
        Bytes content = Bytes.concat(
                Bytes.utf8("rest-nonce"),
                Bytes.hex("00000020"),
                TestChips.filled(32, 1),
                Bytes.hex("00000020"),
                TestChips.filled(32, 2));

        assertThat(LEAF.content()).isEqualTo(content);
        assertThat(LEAF.hash()).isEqualTo(Hashes.sha256(Bytes.zeros(1), content));
    }

    @Test
    void noPurposeIsTheBeginningOfAnother() {
        for (Purpose one : Purpose.values()) {
            for (Purpose other : Purpose.values()) {
                assertThat(one != other && other.label().startsWith(one.label()))
                        .isFalse();
            }
        }
    }

    @Test
    void leavesThatDifferOnlyInTheCutOfTheirFieldsDiffer() {
        Leaf one = new Leaf(Purpose.RE_KEY, List.of(Bytes.hex("01"), Bytes.hex("0203")));
        Leaf other = new Leaf(Purpose.RE_KEY, List.of(Bytes.hex("0102"), Bytes.hex("03")));

        assertThat(one.hash()).isNotEqualTo(other.hash());
    }

    @Test
    void reportDataIsLaidOutAsTheRulesSay() {
        BootKeySet keys = TestChips.keys();
        Bytes root = TestChips.filled(32, 9);
        Bytes hash = Hashes.sha256(Bytes.utf8("cloister/boot-keys/v1"), keys.encode());

        assertThat(keys.hash()).isEqualTo(hash);
        assertThat(ReportData.of(keys, root)).isEqualTo(Hashes.sha512(Bytes.utf8("cloister/report/v1"), hash, root));
        assertThat(ReportData.of(keys, root).length()).isEqualTo(ReportData.SIZE);
    }

    @Property(tries = 60)
    void everyLeafOfATreeIsBoundByItsRoot(@ForAll @IntRange(min = 1, max = 40) int size) {
        BootKeySet keys = TestChips.keys();
        List<Leaf> leaves = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            leaves.add(new Leaf(Purpose.PEER_CHANNEL, List.of(Bytes.of((byte) i))));
        }
        List<Bytes> contents = leaves.stream().map(Leaf::content).toList();
        Bytes expected = ReportData.of(keys, MerkleTree.root(contents));
        SnpEvidence none = new SnpEvidence(Bytes.EMPTY, new Collateral(Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY));
        for (int i = 0; i < size; i++) {
            MerkleTree.Path path = MerkleTree.path(contents, i);
            assertThat(ReportData.expected(new Evidence(none, keys, leaves.get(i), path)))
                    .contains(expected);
            Leaf another = leaves.get((i + 1) % size);
            assertThat(ReportData.expected(new Evidence(none, keys, another, path))
                            .filter(expected::equals)
                            .isPresent())
                    .isEqualTo(size == 1);
        }
    }

    @Test
    void pathOfAnImpossibleShapeBindsNothing() {
        SnpEvidence none = new SnpEvidence(Bytes.EMPTY, new Collateral(Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY));
        List<Bytes> siblings = List.of(TestChips.filled(32, 1));

        assertThat(ReportData.expected(new Evidence(none, TestChips.keys(), LEAF, new MerkleTree.Path(0, 1, siblings))))
                .isEmpty();
        assertThat(ReportData.expected(new Evidence(none, TestChips.keys(), LEAF, new MerkleTree.Path(0, 4, siblings))))
                .isEmpty();
    }

    @Test
    void keySetIsReadBackAndHasOneEncoding() {
        BootKeySet keys = TestChips.keys();
        Reader reader = new Reader(keys.encode());

        assertThat(BootKeySet.decode(reader)).isEqualTo(keys);
        reader.end();
    }

    @Test
    void refusesKeySetsThatCannotBe() {
        BootKeySet good = TestChips.keys();
        for (String id : List.of("", "a b", "c\u00fc", "x".repeat(65))) {
            refuses(() -> withChainId(good, id), Reason.BAD_TEXT);
        }
        refuses(
                () -> new BootKeySet(
                        "c",
                        Bytes.zeros(32),
                        1,
                        good.tlsSpki(),
                        good.voteKey33(),
                        good.shareKey33(),
                        good.hpkeKey32(),
                        good.resultKey33()),
                Reason.OUT_OF_RANGE);
        refuses(
                () -> new BootKeySet(
                        "c",
                        good.nodeId(),
                        -1,
                        good.tlsSpki(),
                        good.voteKey33(),
                        good.shareKey33(),
                        good.hpkeKey32(),
                        good.resultKey33()),
                Reason.OUT_OF_RANGE);
    }

    private static BootKeySet withChainId(BootKeySet keys, String chainId) {
        return new BootKeySet(
                chainId,
                keys.nodeId(),
                keys.bootCounter(),
                keys.tlsSpki(),
                keys.voteKey33(),
                keys.shareKey33(),
                keys.hpkeKey32(),
                keys.resultKey33());
    }

    @Test
    void refusesNoncesAndLeavesOfSizesThatCannotBe() {
        refuses(() -> Leaf.restNonce(Bytes.zeros(15), Bytes.zeros(32)), Reason.OUT_OF_RANGE);
        refuses(() -> Leaf.restNonce(Bytes.zeros(65), Bytes.zeros(32)), Reason.OUT_OF_RANGE);
        refuses(() -> Leaf.restNonce(Bytes.zeros(32), Bytes.zeros(31)), Reason.OUT_OF_RANGE);
        refuses(() -> new Leaf(Purpose.RE_KEY, List.of(Bytes.zeros(1025))), Reason.TOO_LONG);
        refuses(() -> new Leaf(Purpose.RE_KEY, Collections.nCopies(17, Bytes.EMPTY)), Reason.TOO_LONG);
    }

    @Property(tries = 300)
    void endsInEvidenceOrATypedErrorForAnyBytes(
            @ForAll @Size(max = 60) byte[] noise, @ForAll @IntRange(max = 6000) int at) {
        byte[] encoded = Shared.ENCODED.toArray();
        for (int i = 0; i < noise.length; i++) {
            encoded[(at + i) % encoded.length] ^= noise[i];
        }
        try {
            Evidence decoded = Evidence.decode(Bytes.of(encoded));
            assertThat(decoded.encode()).isEqualTo(Bytes.of(encoded));
        } catch (CodecException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    private static final class Shared {
        static final Bytes ENCODED = evidence().encode();
    }
}
