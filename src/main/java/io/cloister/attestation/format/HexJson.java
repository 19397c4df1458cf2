package io.cloister.attestation.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Trees as JSON, in which bytes are lower-case hexadecimal behind {@code 0x}. */
final class HexJson {
    private static final int MAX_DEPTH = 8;
    private static final int MAX_NUMBER = 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private HexJson() {}

    static Bytes write(ObjectNode tree) {
        try {
            return Bytes.utf8(MAPPER.writeValueAsString(readable(tree)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("trees always have a JSON form", e);
        }
    }

    static JsonNode read(Bytes document) {
        try {
            return MAPPER.readTree(document.asUtf8());
        } catch (IOException e) {
            throw new CodecException(Reason.BAD_TEXT, "not a JSON document of this kind", e);
        }
    }

    static Bytes bytes(JsonNode value) {
        if (!value.isTextual() || !value.textValue().startsWith("0x")) {
            throw new CodecException(Reason.BAD_TEXT, "bytes are hexadecimal behind 0x");
        }
        Bytes bytes = Bytes.hex(value.textValue());
        if (!bytes.to0x().equals(value.textValue())) {
            throw new CodecException(Reason.NOT_CANONICAL, "hexadecimal digits are lower-case");
        }
        return bytes;
    }

    /** The same tree with its bytes as text. */
    static JsonNode readable(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            object.properties().forEach(member -> copy.set(member.getKey(), readable(member.getValue())));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            array.forEach(each -> copy.add(readable(each)));
            return copy;
        }
        return node.isBinary() ? JsonNodeFactory.instance.textNode(binary(node).to0x()) : node;
    }

    static Bytes binary(JsonNode node) {
        try {
            return Bytes.of(node.binaryValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
