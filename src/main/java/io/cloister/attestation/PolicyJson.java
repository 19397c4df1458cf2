package io.cloister.attestation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of policies. A document is laid over {@code policies/base.json}, which refuses everything, so that it
 * says only what it wants otherwise; the whole is then read strictly: no member unknown, doubled, null or of another
 * type.
 */
final class PolicyJson {
    private static final String FORMAT = "cloister/policy/v1";
    private static final JsonMapper MAPPER = StrictJson.MAPPER;

    /** A document with every member. */
    private static final class Base {
        static final ObjectNode DOCUMENT = load();

        private static ObjectNode load() {
            try (InputStream file = PolicyJson.class.getResourceAsStream("/policies/base.json")) {
                return (ObjectNode) MAPPER.readTree(file);
            } catch (IOException e) {
                throw new IllegalStateException("the base of policies is not on the class path", e);
            }
        }
    }

    private PolicyJson() {}

    static Policy read(Bytes json) {
        if (json.length() > Policy.MAX_SIZE) {
            throw new CodecException(Reason.TOO_LONG, "a policy of " + json.length() + " bytes");
        }
        try {
            if (!(MAPPER.readTree(json.asUtf8()) instanceof ObjectNode given)) {
                throw new CodecException(Reason.BAD_TEXT, "not a policy: the document is no JSON object");
            }
            requireFormat(given.remove("format"));
            requireSets(given);
            ObjectNode whole = Base.DOCUMENT.deepCopy();
            overlay(whole, given);
            return MAPPER.treeToValue(whole, Policy.class);
        } catch (IOException e) {
            throw StrictJson.fault("a policy", e);
        }
    }

    private static void requireFormat(@Nullable JsonNode format) {
        if (format == null || !FORMAT.equals(format.textValue())) {
            throw new CodecException(Reason.UNKNOWN, "a document of another format than " + FORMAT);
        }
    }

    /** Every list of a policy is a set of strings; what else stands in one is refused when the whole is read. */
    private static void requireSets(JsonNode node) {
        if (node.isNull()) {
            throw new CodecException(Reason.BAD_TEXT, "not a policy: a value is null");
        }
        Set<String> seen = new HashSet<>(); // of strings: nodes that share a hash code would cost their square
        for (JsonNode child : node) {
            if (node.isArray() && child.isTextual() && !seen.add(child.textValue())) {
                throw new CodecException(Reason.NOT_CANONICAL, "a value stands twice in one list of the policy");
            }
            requireSets(child);
        }
    }

    private static void overlay(ObjectNode base, ObjectNode given) {
        given.properties().forEach(member -> {
            if (base.get(member.getKey()) instanceof ObjectNode group
                    && !group.isEmpty()
                    && member.getValue() instanceof ObjectNode members) {
                overlay(group, members);
            } else {
                base.set(member.getKey(), member.getValue());
            }
        });
    }

    static String pretty(Policy policy) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document(policy)) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain records always have a JSON form", e);
        }
    }

    static String canonical(Policy policy) {
        try {
            return MAPPER.writeValueAsString(document(policy));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain records always have a JSON form", e);
        }
    }

    /** The whole document, its members sorted by name on every level. */
    static TreeMap<String, JsonNode> document(Policy policy) {
        TreeMap<String, JsonNode> document = new TreeMap<>();
        document.put("format", MAPPER.getNodeFactory().textNode(FORMAT));
        MAPPER.<ObjectNode>valueToTree(policy).properties().forEach(m -> document.put(m.getKey(), m.getValue()));
        return document;
    }
}
