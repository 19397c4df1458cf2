package io.cloister.multichain.ethereum;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Structured data and its digest (EIP-712). Values: {@link BigInteger} for integers, {@link Bytes} for bytes of every
 * kind and addresses, {@link Boolean}, {@link String}, {@link List} for arrays and {@link Map} by field name for
 * structs.
 */
public final class TypedData {
    private static final Bytes PREFIX = Bytes.of((byte) 0x19, (byte) 0x01);
    private static final Pattern ARRAY = Pattern.compile("(.+)\\[([0-9]*)]");
    private static final Pattern INTEGER = Pattern.compile("(u?)int([0-9]{1,3})");
    private static final Pattern FIXED_BYTES = Pattern.compile("bytes([0-9]{1,2})");
    private static final int WORD = 32;

    /** A member of a struct. */
    public record Field(String type, String name) {}

    private final Map<String, List<Field>> structs;

    /** @param structs members of each struct type by its name */
    public TypedData(Map<String, List<Field>> structs) {
        this.structs = Map.copyOf(structs);
    }

    /** What is signed: keccak256(0x1901 || domain separator || hash of the message). */
    public static Bytes digest(Bytes domainSeparator, Bytes structHash) {
        return Hashes.keccak256(PREFIX, domainSeparator, structHash);
    }

    /** keccak256(type hash || encoded members). */
    public Bytes hashStruct(String type, Map<String, ?> value) {
        List<Bytes> words = new ArrayList<>();
        words.add(Hashes.keccak256(Bytes.utf8(encodeType(type))));
        for (Field field : members(type)) {
            Object member = value.get(field.name());
            if (member == null) {
                throw new IllegalArgumentException(type + " without " + field.name());
            }
            words.add(encode(field.type(), member));
        }
        return Hashes.keccak256(words.toArray(Bytes[]::new));
    }

    /** The type with its members, followed by all struct types it refers to in the order of their names. */
    public String encodeType(String type) {
        SortedSet<String> referenced = new TreeSet<>();
        collect(type, referenced);
        referenced.remove(type);
        StringBuilder text = new StringBuilder(signature(type));
        referenced.forEach(other -> text.append(signature(other)));
        return text.toString();
    }

    private String signature(String type) {
        List<String> parts = members(type).stream()
                .map(field -> field.type() + " " + field.name())
                .toList();
        return type + "(" + String.join(",", parts) + ")";
    }

    private void collect(String type, SortedSet<String> found) {
        if (!structs.containsKey(type) || !found.add(type)) {
            return;
        }
        for (Field field : members(type)) {
            collect(elementOf(field.type()), found);
        }
    }

    private static String elementOf(String type) {
        int bracket = type.indexOf('[');
        return bracket < 0 ? type : type.substring(0, bracket);
    }

    private List<Field> members(String type) {
        List<Field> members = structs.get(type);
        if (members == null) {
            throw new IllegalArgumentException("no struct is called " + type);
        }
        return members;
    }

    private Bytes encode(String type, Object value) {
        Matcher array = ARRAY.matcher(type);
        if (array.matches()) {
            return encodeArray(array.group(1), array.group(2), (List<?>) value);
        }
        return switch (value) {
            case Map<?, ?> struct -> hashStruct(type, named(struct));
            case String text when type.equals("string") -> Hashes.keccak256(Bytes.utf8(text));
            case Bytes bytes -> encodeBytes(type, bytes);
            case Boolean flag
            when type.equals("bool") -> Bytes.of((byte) (flag ? 1 : 0)).padLeft(WORD);
            case BigInteger number -> encodeInteger(type, number);
            default -> throw mismatch(type, value);
        };
    }

    private Bytes encodeArray(String element, String length, List<?> values) {
        if (!length.isEmpty() && Integer.parseInt(length) != values.size()) {
            throw new IllegalArgumentException(values.size() + " elements where " + length + " are declared");
        }
        return Hashes.keccak256(
                values.stream().map(value -> encode(element, value)).toArray(Bytes[]::new));
    }

    private static Map<String, ?> named(Map<?, ?> struct) {
        return struct.entrySet().stream()
                .collect(Collectors.toMap(entry -> (String) entry.getKey(), Map.Entry::getValue));
    }

    private static Bytes encodeBytes(String type, Bytes value) {
        if (type.equals("bytes")) {
            return Hashes.keccak256(value);
        }
        if (type.equals("address") && value.length() == 20) {
            return value.padLeft(WORD);
        }
        Matcher fixed = FIXED_BYTES.matcher(type);
        if (fixed.matches() && Integer.parseInt(fixed.group(1)) == value.length()) {
            return Bytes.concat(value, Bytes.zeros(WORD - value.length()));
        }
        throw mismatch(type, value);
    }

    private static Bytes encodeInteger(String type, BigInteger value) {
        Matcher integer = INTEGER.matcher(type);
        if (!integer.matches()) {
            throw mismatch(type, value);
        }
        boolean unsigned = !integer.group(1).isEmpty();
        int bits = Integer.parseInt(integer.group(2));
        boolean fits = unsigned ? value.signum() >= 0 && value.bitLength() <= bits : value.bitLength() < bits;
        if (!fits) {
            throw new IllegalArgumentException("a number that is no " + type);
        }
        return word(value);
    }

    /** 256 bits, big endian, two's complement. */
    static Bytes word(BigInteger value) {
        BigInteger wrapped = value.signum() < 0 ? value.add(BigInteger.ONE.shiftLeft(256)) : value;
        byte[] magnitude = wrapped.toByteArray();
        int skip = magnitude.length > WORD ? 1 : 0;
        return Bytes.of(magnitude).slice(skip, magnitude.length - skip).padLeft(WORD);
    }

    private static IllegalArgumentException mismatch(String type, Object value) {
        return new IllegalArgumentException(
                "a " + value.getClass().getSimpleName() + " where a " + type + " is declared");
    }
}
