package io.cloister.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.CodecException.Reason;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BytesTest {
    @Test
    void copiesWhatItIsGivenAndWhatItGives() {
        byte[] source = {1, 2, 3};
        Bytes bytes = Bytes.of(source);
        source[0] = 9;
        bytes.toArray()[1] = 9;
        assertThat(bytes).isEqualTo(Bytes.hex("010203"));
    }

    @Test
    void readsHexadecimalWithAndWithoutPrefixInEitherCase() {
        assertThat(Bytes.hex("0xAbCd")).isEqualTo(Bytes.hex("abcd"));
        assertThat(Bytes.hex("0x")).isEqualTo(Bytes.EMPTY);
        assertThat(Bytes.hex("00ff").to0x()).isEqualTo("0x00ff");
        assertThat(Bytes.hex("00ff")).hasToString("0x00ff");
    }

    @Test
    void refusesTextThatIsNoHexadecimal() {
        for (String text : new String[] {"abc", "0xzz", "0x 1", "-1", "0X12"}) {
            assertThatThrownBy(() -> Bytes.hex(text))
                    .isInstanceOfSatisfying(
                            CodecException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BAD_TEXT));
        }
    }

    @Test
    void refusesBytesThatAreNoUtf8() {
        assertThat(Bytes.utf8("größe").asUtf8()).isEqualTo("größe");
        assertThatThrownBy(() -> Bytes.hex("c328").asUtf8())
                .isInstanceOfSatisfying(
                        CodecException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BAD_TEXT));
    }

    @Test
    void slicesOnlyInsideItself() {
        Bytes bytes = Bytes.hex("00010203");
        assertThat(bytes.slice(1, 2)).isEqualTo(Bytes.hex("0102"));
        assertThat(bytes.slice(4, 0)).isEqualTo(Bytes.EMPTY);
        for (int[] range : new int[][] {{0, 5}, {4, 1}, {-1, 1}, {1, -1}, {1, Integer.MAX_VALUE}}) {
            assertThatThrownBy(() -> bytes.slice(range[0], range[1])).isInstanceOf(CodecException.class);
        }
    }

    @Test
    void padsAndTurns() {
        assertThat(Bytes.hex("0102").padLeft(4)).isEqualTo(Bytes.hex("00000102"));
        assertThat(Bytes.hex("0102").reversed()).isEqualTo(Bytes.hex("0201"));
        assertThat(Bytes.hex("010203").startsWith(Bytes.hex("0102"))).isTrue();
        assertThat(Bytes.hex("01").startsWith(Bytes.hex("0102"))).isFalse();
        assertThatThrownBy(() -> Bytes.hex("0102").padLeft(1)).isInstanceOf(CodecException.class);
    }

    @Property
    void ordersAsUnsignedBytes(@ForAll byte[] a, @ForAll byte[] b) {
        assertThat(Integer.signum(Bytes.of(a).compareTo(Bytes.of(b))))
                .isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
        assertThat(Bytes.of(a).equals(Bytes.of(b))).isEqualTo(Arrays.equals(a, b));
    }

    @Property
    void concatenatesAndTakesApart(@ForAll byte[] a, @ForAll byte[] b) {
        Bytes joined = Bytes.concat(Bytes.of(a), Bytes.of(b));
        assertThat(joined.slice(0, a.length)).isEqualTo(Bytes.of(a));
        assertThat(joined.slice(a.length, b.length)).isEqualTo(Bytes.of(b));
        assertThat(Bytes.hex(joined.toHex())).isEqualTo(joined);
    }
}
