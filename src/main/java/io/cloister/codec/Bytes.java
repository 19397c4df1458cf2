package io.cloister.codec;

import io.cloister.codec.CodecException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable byte string with value equality and unsigned lexicographic order. For public data only: secrets live in
 * {@code io.cloister.crypto.SecretBytes}.
 */
public final class Bytes implements Comparable<Bytes> {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private static final HexFormat HEX = HexFormat.of();

    private final byte[] value;
    private int hash;

    private Bytes(byte[] value) {
        this.value = value;
    }

    /** A byte string with a copy of these bytes. */
    public static Bytes of(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone());
    }

    /** A byte string that takes this array over; the caller must not write to it again. */
    public static Bytes wrap(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Bytes(bytes);
    }

    /**
     * Reads hexadecimal digits in either case, with or without {@code 0x}.
     *
     * @throws CodecException BAD_TEXT for an odd number of digits or a character that is no digit
     */
    public static Bytes hex(String text) {
        String digits = text.startsWith("0x") ? text.substring(2) : text;
        try {
            return wrap(HEX.parseHex(digits));
        } catch (IllegalArgumentException e) {
            throw new CodecException(Reason.BAD_TEXT, "not a whole number of hexadecimal bytes", e);
        }
    }

    /** The UTF-8 encoding of a text. */
    public static Bytes utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** All parts, one after the other. */
    public static Bytes concat(Bytes... parts) {
        int length = 0;
        for (Bytes part : parts) {
            length = Math.addExact(length, part.value.length);
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (Bytes part : parts) {
            System.arraycopy(part.value, 0, joined, at, part.value.length);
            at += part.value.length;
        }
        return wrap(joined);
    }

    /** So many zero bytes. */
    public static Bytes zeros(int length) {
        return wrap(new byte[length]);
    }

    public int length() {
        return value.length;
    }

    public boolean isEmpty() {
        return value.length == 0;
    }

    /** The byte at an index, sign-extended as Java has it. */
    public byte at(int index) {
        return value[index];
    }

    /** A copy of the bytes. */
    public byte[] toArray() {
        return value.clone();
    }

    /** Copies {@code length} bytes that begin at {@code from} into an array. */
    public void copyTo(int from, byte[] target, int at, int length) {
        System.arraycopy(value, from, target, at, length);
    }

    /** Writes {@code length} bytes that begin at {@code from}, without a copy of them; the target must not keep them. */
    public void writeTo(OutputStream target, int from, int length) throws IOException {
        target.write(value, from, length);
    }

    /** Gives all bytes to a hash function without a copy of them. */
    public void update(MessageDigest digest) {
        digest.update(value);
    }

    /** A read-only view without copying, for parsers. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(value).asReadOnlyBuffer();
    }

    /**
     * The {@code length} bytes that begin at {@code from}.
     *
     * @throws CodecException TRUNCATED when there are fewer
     */
    public Bytes slice(int from, int length) {
        if (from < 0 || length < 0 || from > value.length - length) {
            throw new CodecException(
                    Reason.TRUNCATED, "no " + length + " bytes at " + from + " of " + value.length + " bytes");
        }
        if (length == value.length) {
            return this;
        }
        return wrap(Arrays.copyOfRange(value, from, from + length));
    }

    /** The same bytes, last one first. */
    public Bytes reversed() {
        byte[] turned = new byte[value.length];
        for (int i = 0; i < turned.length; i++) {
            turned[i] = value[value.length - 1 - i];
        }
        return wrap(turned);
    }

    /**
     * Zero bytes in front up to a width.
     *
     * @throws CodecException TOO_LONG when there are more bytes already
     */
    public Bytes padLeft(int width) {
        if (value.length > width) {
            throw new CodecException(Reason.TOO_LONG, value.length + " bytes do not fit in " + width);
        }
        if (value.length == width) {
            return this;
        }
        byte[] padded = new byte[width];
        System.arraycopy(value, 0, padded, width - value.length, value.length);
        return wrap(padded);
    }

    public boolean startsWith(Bytes prefix) {
        return value.length >= prefix.value.length
                && Arrays.equals(value, 0, prefix.value.length, prefix.value, 0, prefix.value.length);
    }

    /** Lower-case hexadecimal digits without a prefix. */
    public String toHex() {
        return HEX.formatHex(value);
    }

    /** Lower-case hexadecimal digits behind {@code 0x}. */
    public String to0x() {
        return "0x" + toHex();
    }

    /**
     * The text whose UTF-8 encoding this is.
     *
     * @throws CodecException BAD_TEXT when it is not well-formed UTF-8
     */
    public String asUtf8() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CodecException(Reason.BAD_TEXT, "not well-formed UTF-8", e);
        }
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(value, other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            known = Arrays.hashCode(value);
            hash = known;
        }
        return known;
    }

    /** The bytes as {@code 0x} hexadecimal. */
    @Override
    public String toString() {
        return to0x();
    }
}
