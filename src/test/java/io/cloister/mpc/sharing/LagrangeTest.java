package io.cloister.mpc.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Values made once by an independent model of the formulas in Python integers. */
class LagrangeTest {
    private static final List<Scalar> COEFFICIENTS = List.of(
            scalar("b61e6ba536824dd6b80469b84b2d451c62f746b484e61ceb95bd447e7184d455"),
            scalar("dc36fc902248cd706ca4a1a9f5b19f71ec7ac8ad1b2ba06b6ae12c972399d29e"),
            scalar("54a5054cda2ec0035e0e14ca778e6176e500bddf37b003074f0f4c3c2052e52c"));

    private static final Map<Integer, Scalar> SHARES = Map.of(
            1, scalar("e6fa6d8232f9db4a82b7202cb86d460679c3f05a287920228fdb5ec4e53b4ade"),
            2, scalar("c12079f8e3cee8c50986003614ca09df9fe338d78c23892c6845b2f6c9614a7e"),
            5, scalar("474edef7307f115d069b99cfc48ce702e38e852b964067b2a6f2c82ab8dd026a"),
            7, scalar("ef35574be972ac8eb136d01ee5494917a4701f56db8a4f1f27bef408b5edd87d"));

    private static Scalar scalar(String hex) {
        return Scalar.decode(Bytes.hex(hex));
    }

    @Test
    void givesTheModelsCoefficientsAtZero() {
        assertThat(Lagrange.atZero(List.of(1, 2, 5)))
                .isEqualTo(new TreeMap<>(Map.of(
                        1, scalar("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a3"),
                        2, scalar("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa9d1c9e899ca306ad27fe1945de0242b7f"),
                        5, scalar("d5555555555555555555555555555554463c62c03cbc85871fd9f975582d3661"))));
    }

    @Test
    void givesTheModelsCoefficientsAtAnotherSlot() {
        assertThat(Lagrange.at(3, List.of(2, 5, 7)))
                .isEqualTo(new TreeMap<>(Map.of(
                        2, scalar("11111111111111111111111111111110fb60fda8fa9e71150cc9c2096336d127"),
                        5, scalar("55555555555555555555555555555554e8e4f44ce51835693ff0ca2ef01215c1"),
                        7, scalar("99999999999999999999999999999998d668eaf0cf91f9bd7317d2547ced5a5a"))));
    }

    @Test
    void interpolatesAnyThreeSharesOfAQuadraticToItsConstant() {
        for (List<Integer> slots : List.of(List.of(1, 2, 5), List.of(1, 2, 7), List.of(2, 5, 7), List.of(7, 1, 5))) {
            Map<Integer, Scalar> chosen = new TreeMap<>();
            slots.forEach(slot -> chosen.put(slot, SHARES.get(slot)));
            assertThat(Lagrange.interpolate(chosen)).isEqualTo(COEFFICIENTS.getFirst());
        }
    }

    @Test
    void evaluatesCommitmentsAsTheModelDoes() {
        List<Point> points = COEFFICIENTS.stream().map(Point::base).toList();
        assertThat(points.getFirst().encode().toHex())
                .isEqualTo("039523e8cbc1bf4cd6ca204c48ac6baab17c7d3623fba292f5b0ada1ec00dc5ede");
        Point atFive = new Commitment(SharingKind.SIMPLE, points).at(5);
        assertThat(atFive.encode().toHex())
                .isEqualTo("02d58e82760b56d863e05165729a55958375491eeaf41a11d97df69cc083689b41");
        assertThat(atFive).isEqualTo(Point.base(SHARES.get(5)));
    }

    @Test
    void refusesSlotZeroRepeatedSlotsAndNone() {
        assertThatThrownBy(() -> Lagrange.atZero(List.of(0, 1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Lagrange.atZero(List.of(1, 2, 1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Lagrange.atZero(List.of(-3))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Lagrange.atZero(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
