package io.cloister.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.codec.CodecException.Reason;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BinaryCodecTest {
    @Test
    void writesTheDocumentedBytes() {
        Bytes written = new Writer()
                .u8(1)
                .u16(0x0203)
                .u32(0x04050607L)
                .u64(0x08090a0b0c0d0e0fL)
                .bool(true)
                .fixed(Bytes.hex("aa"))
                .bytes(Bytes.hex("bb"))
                .string("c")
                .bigUint(BigInteger.valueOf(0xd0), 3)
                .list(List.of(1, 2), Writer::u8)
                .optional(Optional.of(7), Writer::u8)
                .optional(Optional.<Integer>empty(), Writer::u8)
                .toBytes();
        assertThat(written)
                .isEqualTo(Bytes.hex("01" + "0203" + "04050607" + "08090a0b0c0d0e0f" + "01" + "aa" + "00000001bb"
                        + "0000000163" + "0000d0" + "00000002" + "0102" + "0107" + "00"));
    }

    @Property
    void readsWhatItWrote(
            @ForAll @IntRange(max = 0xffff) int small,
            @ForAll @LongRange(min = 0, max = 0xffffffffL) long medium,
            @ForAll @LongRange(min = 0) long large,
            @ForAll byte[] bytes,
            @ForAll List<byte[]> items) {
        List<Bytes> wrapped = items.stream().map(Bytes::of).toList();
        Writer writer = new Writer().u16(small).u32(medium).u64(large).bytes(Bytes.of(bytes));
        writer.list(wrapped, Writer::bytes).optional(wrapped.stream().findFirst(), Writer::bytes);
        Reader reader = new Reader(writer.toBytes());
        assertThat(reader.u16()).isEqualTo(small);
        assertThat(reader.u32()).isEqualTo(medium);
        assertThat(reader.u64()).isEqualTo(large);
        assertThat(reader.bytes(1 << 20)).isEqualTo(Bytes.of(bytes));
        assertThat(reader.list(1 << 20, r -> r.bytes(1 << 20))).isEqualTo(wrapped);
        assertThat(reader.optional(r -> r.bytes(1 << 20)))
                .isEqualTo(wrapped.stream().findFirst());
        reader.end();
    }

    @Test
    void refusesEveryOtherFormWithItsReason() {
        assertReason(Reason.TRUNCATED, "0001", Reader::u32);
        assertReason(Reason.TRUNCATED, "00000005aabb", reader -> reader.bytes(9));
        assertReason(Reason.TOO_LONG, "00000003aabbcc", reader -> reader.bytes(2));
        assertReason(Reason.TOO_LONG, "ffffffff", reader -> reader.bytes(Integer.MAX_VALUE));
        assertReason(Reason.TOO_LONG, "00000003aabbcc", reader -> reader.list(2, Reader::u8));
        assertReason(Reason.TRUNCATED, "7fffffff", reader -> reader.list(Integer.MAX_VALUE, Reader::u8));
        assertReason(Reason.NOT_CANONICAL, "02", Reader::bool);
        assertReason(Reason.NOT_CANONICAL, "0201", reader -> reader.optional(Reader::u8));
        assertReason(Reason.BAD_TEXT, "00000001ff", reader -> reader.string(9));
        assertReason(Reason.OUT_OF_RANGE, "ffffffffffffffff", Reader::u64);
        assertReason(Reason.TRAILING, "0102", reader -> {
            reader.u8();
            reader.end();
            return reader;
        });
    }

    @Test
    void refusesToWriteWhatAFieldCannotHold() {
        Writer writer = new Writer();
        assertThatThrownBy(() -> writer.u8(256)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.u8(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.u16(1 << 16)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.u32(1L << 32)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.u64(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.bigUint(BigInteger.valueOf(256), 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(writer.toBytes()).isEqualTo(Bytes.EMPTY);
    }

    private static void assertReason(Reason reason, String hex, Function<Reader, Object> read) {
        CodecException refused =
                catchThrowableOfType(CodecException.class, () -> read.apply(new Reader(Bytes.hex(hex))));
        assertThat(refused).as("%s refused", hex).isNotNull();
        assertThat(refused.reason()).as(hex).isEqualTo(reason);
    }
}
