package io.cloister.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.Hashes;
import io.cloister.vault.RowDigest.Difference;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RowDigestTest {
    private static Row row(int i, long version) {
        return new Row("t", Bytes.utf8("key-" + i), version);
    }

    private static Bytes element(Row row) {
        return Hashes.sha256(row.key(), Bytes.utf8("/" + row.version()));
    }

    private static RowDigest of(List<Row> rows) {
        RowDigest digest = new RowDigest();
        rows.forEach(row -> digest.add(row, element(row)));
        return digest;
    }

    private static List<Row> rows(int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row(i, 1));
        }
        return rows;
    }

    @Property(tries = 100)
    void orderAndGroupingDoNotMatter(@ForAll @IntRange(max = 40) int count, @ForAll long seed) {
        List<Row> rows = rows(count);
        RowDigest straight = of(rows);
        Random random = new Random(seed);
        Collections.shuffle(rows, random);
        int cut = random.nextInt(count + 1);
        RowDigest joined = of(rows.subList(0, cut));
        joined.add(of(rows.subList(cut, count)));
        assertThat(joined.matches(straight)).isTrue();
        assertThat(joined.encode()).isEqualTo(straight.encode());
        assertThat(RowDigest.decode(straight.encode()).encode()).isEqualTo(straight.encode());
    }

    @Property(tries = 100)
    void removingUndoesAdding(@ForAll @IntRange(max = 20) int kept, @ForAll @IntRange(max = 20) int passing) {
        RowDigest digest = new RowDigest();
        for (int i = 0; i < passing; i++) {
            digest.remove(row(i, 9), element(row(i, 9)));
        }
        rows(kept).forEach(row -> digest.add(row, element(row)));
        for (int i = 0; i < passing; i++) {
            digest.add(row(i, 9), element(row(i, 9)));
        }
        assertThat(digest.encode()).isEqualTo(of(rows(kept)).encode());
    }

    @Property(tries = 50)
    void sumsModuloTwoToThe256(@ForAll @IntRange(min = 1, max = 20) int count) {
        BigInteger expected = BigInteger.ZERO;
        for (Row row : rows(count)) {
            expected = expected.add(new BigInteger(1, element(row).toArray()));
        }
        Bytes sum = of(rows(count)).encode().slice(8, 32);
        assertThat(new BigInteger(1, sum.toArray())).isEqualTo(expected.mod(BigInteger.TWO.pow(256)));
    }

    @Property(tries = 200)
    void namesADeletedRow(@ForAll @IntRange(min = 1, max = 200) int count, @ForAll @IntRange(max = 199) int which) {
        List<Row> rows = rows(count);
        Row gone = rows.get(which % count);
        RowDigest expected = of(rows);
        rows.remove(gone);
        assertThat(expected.differences(of(rows))).contains(List.of(new Difference(true, gone.key(), 1)));
    }

    @Test
    void namesARestoredRow() {
        int named = 0;
        for (int i = 0; i < 500; i++) {
            List<Row> rows = rows(30);
            rows.set(7, row(i + 100, 8));
            RowDigest expected = of(rows);
            rows.set(7, row(i + 100, 3));
            Bytes key = row(i + 100, 8).key();
            named += expected.differences(of(rows))
                            .filter(it -> it.size() == 2
                                    && it.contains(new Difference(true, key, 8))
                                    && it.contains(new Difference(false, key, 3)))
                            .isPresent()
                    ? 1
                    : 0;
        }
        // Two versions fall into the same eight cells once in 6561 cases; then they hide each other.
        assertThat(named).isGreaterThanOrEqualTo(498);
    }

    @Test
    void namesARestoredRowWhoseVersionsHideEachOther() {
        int hidden = 0;
        for (int i = 0; hidden < 3; i++) {
            Row latest = row(i, 8);
            Row old = row(i, 3);
            List<Row> others = rows(10);
            RowDigest expected = of(others);
            expected.add(latest, element(latest));
            RowDigest found = of(others);
            found.add(old, element(old));
            if (expected.differences(found).isEmpty()) {
                hidden++;
                assertThat(expected.differences(found, old, element(old)))
                        .contains(
                                List.of(new Difference(true, latest.key(), 8), new Difference(false, latest.key(), 3)));
                assertThat(expected.differences(found, others.getFirst(), element(others.getFirst())))
                        .isEmpty();
            }
        }
    }

    @Test
    void saysSoWhenTooManyRowsDiffer() {
        assertThat(of(rows(200)).differences(of(rows(20)))).isEmpty();
        assertThat(of(rows(200)).matches(of(rows(20)))).isFalse();
    }

    @Test
    void namesLongKeysByTheirBeginning() {
        Row long1 = new Row("t", Bytes.concat(Bytes.utf8("prefix"), Bytes.zeros(500)), 4);
        RowDigest expected = of(List.of(long1, row(1, 1)));
        List<Difference> differences =
                expected.differences(of(List.of(row(1, 1)))).orElseThrow();
        assertThat(differences).hasSize(1);
        assertThat(differences.getFirst().key().startsWith(Bytes.utf8("prefix")))
                .isTrue();
        assertThat(differences.getFirst().key().length()).isEqualTo(72);
    }

    @Test
    void tellsContentsOfTheSameVersionApart() {
        Row same = row(1, 1);
        RowDigest one = new RowDigest();
        one.add(same, Hashes.sha256(Bytes.utf8("one")));
        RowDigest other = new RowDigest();
        other.add(same, Hashes.sha256(Bytes.utf8("other")));
        assertThat(one.matches(other)).isFalse();
        assertThat(one.differences(other).orElseThrow()).hasSize(2);
    }

    @Test
    void refusesAnotherLength() {
        assertThatThrownBy(() -> RowDigest.decode(Bytes.zeros(RowDigest.LENGTH - 1)))
                .isInstanceOf(CodecException.class);
    }
}
