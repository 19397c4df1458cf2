package io.cloister.attestation.format;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** An object that is read member by member and must have been read whole. */
final class Members {
    private final String place;
    private final Map<String, JsonNode> unread = new HashMap<>();
    private final Function<JsonNode, Bytes> bytes;

    /**
     * @param place where the object stands, for people
     * @param bytes how a byte string is read in this form
     */
    Members(String place, JsonNode node, Function<JsonNode, Bytes> bytes) {
        if (!node.isObject()) {
            throw new CodecException(Reason.BAD_TEXT, place + " is no object");
        }
        this.place = place;
        this.bytes = bytes;
        node.properties().forEach(member -> unread.put(member.getKey(), member.getValue()));
    }

    /** The names that are not read yet. */
    Set<String> names() {
        return new TreeSet<>(unread.keySet());
    }

    private JsonNode take(String name) {
        JsonNode value = unread.remove(name);
        if (value == null) {
            throw new CodecException(Reason.BAD_TEXT, place + "." + name + " is missing");
        }
        return value;
    }

    Members object(String name) {
        return new Members(place + "." + name, take(name), bytes);
    }

    String text(String name) {
        JsonNode value = take(name);
        if (!value.isTextual()) {
            throw new CodecException(Reason.BAD_TEXT, place + "." + name + " is no text");
        }
        return value.textValue();
    }

    long number(String name) {
        JsonNode value = take(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new CodecException(Reason.OUT_OF_RANGE, place + "." + name + " is no whole number below 2^63");
        }
        return value.longValue();
    }

    Bytes bytes(String name) {
        return bytes.apply(take(name));
    }

    Optional<Bytes> optionalBytes(String name) {
        return unread.containsKey(name) ? Optional.of(bytes(name)) : Optional.empty();
    }

    List<Bytes> listOfBytes(String name, int most) {
        JsonNode list = take(name);
        if (!list.isArray()) {
            throw new CodecException(Reason.BAD_TEXT, place + "." + name + " is no list");
        }
        if (list.size() > most) {
            throw new CodecException(Reason.TOO_LONG, place + "." + name + " has more than " + most + " elements");
        }
        List<Bytes> values = new ArrayList<>();
        list.forEach(each -> values.add(bytes.apply(each)));
        return values;
    }

    void end() {
        if (!unread.isEmpty()) {
            throw new CodecException(Reason.UNKNOWN, place + " has members that are not known");
        }
    }
}
