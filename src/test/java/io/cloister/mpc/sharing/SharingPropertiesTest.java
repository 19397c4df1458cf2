package io.cloister.mpc.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.CodecException;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretBytes;
import io.cloister.crypto.SecretScalar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SharingPropertiesTest {
    private static List<Integer> someSlots(int size, int count, long seed) {
        List<Integer> slots =
                new ArrayList<>(IntStream.rangeClosed(1, size).boxed().toList());
        Collections.shuffle(slots, new Random(seed));
        return slots.subList(0, count);
    }

    @Property(tries = 25)
    void anyTPlusOneSharesGiveTheValueAndItsMask(@ForAll @IntRange(min = 1, max = 5) int t, @ForAll long seed) {
        try (SecretScalar value = SecretScalar.random();
                SecretScalar mask = SecretScalar.random();
                SecretSharing sharing = SecretSharing.masked(value, mask, t)) {
            Map<Integer, Scalar> values = new HashMap<>();
            Map<Integer, Scalar> masks = new HashMap<>();
            for (int slot : someSlots(3 * t + 1, t + 1, seed)) {
                try (Share share = sharing.share(slot)) {
                    values.put(slot, share.value().reveal());
                    masks.put(slot, share.mask().reveal());
                }
            }
            assertThat(Lagrange.interpolate(values)).isEqualTo(value.reveal());
            assertThat(Lagrange.interpolate(masks)).isEqualTo(mask.reveal());
        }
    }

    @Property(tries = 15)
    void fewerSharesFitAnyValue(@ForAll @IntRange(min = 1, max = 4) int t, @ForAll long seed) {
        // With t shares and any claimed value there is a polynomial of degree t: they say nothing about the value.
        try (SecretSharing sharing = SecretSharing.random(SharingKind.SIMPLE, t);
                SecretScalar claimed = SecretScalar.random()) {
            List<Integer> slots = someSlots(3 * t + 1, t, seed);
            Map<Integer, Scalar> points = new HashMap<>();
            for (int slot : slots) {
                try (Share share = sharing.share(slot)) {
                    points.put(slot, share.value().reveal());
                }
            }
            int free = IntStream.rangeClosed(1, 3 * t + 1)
                    .filter(s -> !slots.contains(s))
                    .findFirst()
                    .orElseThrow();
            List<Integer> all = new ArrayList<>(slots);
            all.add(free);
            Map<Integer, Scalar> lambda = Lagrange.atZero(all);
            Scalar known = Scalar.ZERO;
            for (int slot : slots) {
                known = known.add(lambda.get(slot).mul(points.get(slot)));
            }
            points.put(free, claimed.reveal().sub(known).mul(lambda.get(free).inverse()));
            assertThat(Lagrange.interpolate(points)).isEqualTo(claimed.reveal());
        }
    }

    @Property(tries = 15)
    void commitmentsOpenAndCombineLikeTheirSharings(@ForAll @IntRange(min = 1, max = 4) int t, @ForAll boolean masked) {
        SharingKind kind = masked ? SharingKind.MASKED : SharingKind.SIMPLE;
        List<SecretSharing> sharings = IntStream.range(0, 3)
                .mapToObj(i -> SecretSharing.random(kind, t))
                .toList();
        List<Commitment> commitments =
                sharings.stream().map(SecretSharing::commitment).toList();
        List<Scalar> weights = List.of(Scalar.of(3), Scalar.of(-7), Scalar.ONE);
        Commitment combined = Commitment.combine(commitments, weights);
        assertThat(Commitment.combine(commitments, List.of(Scalar.ONE, Scalar.ONE, Scalar.ONE))
                        .constant())
                .isEqualTo(
                        Point.sum(commitments.stream().map(Commitment::constant).toList()));
        for (int slot = 1; slot <= 3 * t + 1; slot++) {
            int at = slot;
            List<Share> shares = sharings.stream().map(s -> s.share(at)).toList();
            assertThat(Share.allOpen(shares, commitments, at)).isTrue();
            try (Share sum = Share.combine(shares, weights)) {
                assertThat(sum.commit()).isEqualTo(combined.at(at));
            }
            Share.closeAll(shares);
        }
        sharings.forEach(SecretSharing::close);
    }

    @Property(tries = 15)
    void theBatchCheckSeesOneWrongShareAmongMany(
            @ForAll @IntRange(min = 1, max = 9) int count, @ForAll @IntRange(min = 0, max = 8) int where) {
        List<SecretSharing> sharings = IntStream.range(0, count)
                .mapToObj(i -> SecretSharing.random(i % 2 == 0 ? SharingKind.SIMPLE : SharingKind.MASKED, 1))
                .toList();
        List<Commitment> commitments =
                sharings.stream().map(SecretSharing::commitment).toList();
        List<Share> shares =
                new ArrayList<>(sharings.stream().map(s -> s.share(2)).toList());
        Share good = shares.get(where % count);
        Share wrong = good.kind() == SharingKind.SIMPLE
                ? Share.simple(good.value().add(Scalar.ONE))
                : Share.masked(good.value().copy(), good.mask().add(Scalar.ONE));
        shares.set(where % count, wrong);
        assertThat(Share.allOpen(shares, commitments, 2)).isFalse();
        Share.closeAll(shares);
        good.close();
        sharings.forEach(SecretSharing::close);
    }

    @Property(tries = 15)
    void sharesSurviveTheirEncoding(@ForAll boolean masked) {
        SharingKind kind = masked ? SharingKind.MASKED : SharingKind.SIMPLE;
        try (SecretSharing sharing = SecretSharing.random(kind, 1);
                Share share = sharing.share(3);
                SecretBytes written = Share.writeAll(List.of(share, share))) {
            assertThat(written.length()).isEqualTo(2 * kind.shareLength());
            List<Share> read = Share.readAll(List.of(kind, kind), written);
            assertThat(read).allMatch(s -> s.commit().equals(share.commit()));
            Share.closeAll(read);
        }
    }

    @Property(tries = 4)
    void refusesAScalarThatIsNotBelowTheGroupOrder(@ForAll boolean masked) {
        SharingKind kind = masked ? SharingKind.MASKED : SharingKind.SIMPLE;
        byte[] plain = new byte[kind.shareLength()];
        Arrays.fill(plain, plain.length - 32, plain.length, (byte) 0xff);
        try (SecretBytes bytes = SecretBytes.taking(plain)) {
            assertThatThrownBy(() -> Share.readAll(List.of(kind), bytes)).isInstanceOf(CodecException.class);
        }
    }
}
