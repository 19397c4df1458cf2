package io.cloister.attestation.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.cloister.attestation.StrictJson;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * JSON of releases. What is written is RFC 8785: members sorted by name, no space. It holds ASCII strings without
 * escapes and whole numbers up to 2^53 - 1 only, for which the two rules are all of that document.
 */
final class Documents {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private static final int KEY_DIGEST_SIZE = 48;

    private Documents() {}

    /** Reads a document that may be written in any way JSON allows. */
    static <T> T read(Bytes json, int maxSize, Class<T> type, String what) {
        if (json.length() > maxSize) {
            throw new CodecException(Reason.TOO_LONG, "a " + what + " of " + json.length() + " bytes");
        }
        try {
            return present(StrictJson.MAPPER.readValue(json.asUtf8(), type), what);
        } catch (IOException e) {
            throw StrictJson.fault("a " + what, e);
        }
    }

    /** The canonical bytes of a document. */
    static Bytes canonical(Object document) {
        try {
            return Bytes.wrap(StrictJson.MAPPER.writeValueAsBytes(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain records always have a JSON form", e);
        }
    }

    /** The same for people. */
    static String pretty(Object document) {
        try {
            return StrictJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain records always have a JSON form", e);
        }
    }

    static void requireCanonical(Bytes json, Bytes canonical, String what) {
        if (!json.equals(canonical)) {
            throw new CodecException(Reason.NOT_CANONICAL, "the " + what + " is not written in its canonical form");
        }
    }

    static void requireFormat(String found, String expected) {
        if (!found.equals(expected)) {
            throw new CodecException(Reason.UNKNOWN, "a document of another format than " + expected);
        }
    }

    static <T> T present(@Nullable T value, String what) {
        if (value == null) {
            throw new CodecException(Reason.BAD_TEXT, "the " + what + " lacks a value");
        }
        return value;
    }

    /** A name of 1 to 64 lower-case letters, digits, dots, dashes and underscores. */
    static String name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new CodecException(Reason.BAD_TEXT, "not a name of lower-case letters, digits and .-_");
        }
        return text;
    }

    static void requireCount(int count, int max, String what) {
        if (count > max) {
            throw new CodecException(Reason.TOO_LONG, count + " " + what + " where at most " + max + " are allowed");
        }
    }

    static Bytes digest(@Nullable String hex, int length, String what) {
        Bytes digest = Bytes.hex(present(hex, what));
        requireLength(digest, length, what);
        return digest;
    }

    static void requireLength(Bytes value, int length, String what) {
        if (value.length() != length) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a " + what + " of " + value.length() + " bytes");
        }
    }

    /** A key's digest, 48 bytes; zeros are what reports have where there is no key. */
    static void requireKeyDigest(Bytes digest) {
        requireLength(digest, KEY_DIGEST_SIZE, "key digest");
        if (digest.equals(Bytes.zeros(KEY_DIGEST_SIZE))) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a key digest of zeros, which means no key");
        }
    }

    /** A list without repetition. */
    static <S, T extends Comparable<T>> TreeSet<T> set(List<S> list, Function<S, T> each) {
        TreeSet<T> values = new TreeSet<>();
        for (S item : list) {
            if (!values.add(each.apply(item))) {
                throw new CodecException(Reason.NOT_CANONICAL, "a value stands twice in one list");
            }
        }
        return values;
    }

    static List<String> hex(Collection<Bytes> values) {
        return values.stream().map(Bytes::toHex).toList();
    }
}
