package io.cloister.attestation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.io.IOException;
import java.util.stream.Collectors;

/** How documents are read and written: every member once, of its type, and none unknown; members sorted by name. */
public final class StrictJson {
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .addModule(JsonValues.module())
            .build();

    private StrictJson() {}

    /**
     * What to throw for a document that could not be read: what is wrong with a value by that value's own reason, the rest as
     * BAD_TEXT.
     *
     * @param what the kind of document with its article
     */
    public static CodecException fault(String what, IOException failure) {
        if (failure instanceof JsonMappingException mapping && mapping.getCause() instanceof CodecException cause) {
            String member = member(mapping);
            return new CodecException(
                    cause.reason(),
                    "not " + what + ": " + (member.isEmpty() ? "" : member + ": ") + cause.getMessage(),
                    failure);
        }
        return new CodecException(Reason.BAD_TEXT, "not " + what + ": " + why(failure), failure);
    }

    /** What is wrong with a document, without the library's words. */
    public static String why(IOException failure) {
        if (!(failure instanceof JsonProcessingException json)) {
            return "unreadable";
        }
        String line = json.getLocation() == null || json.getLocation().getLineNr() < 1
                ? ""
                : " (line " + json.getLocation().getLineNr() + ")";
        if (!(json instanceof JsonMappingException mapping)) {
            return "no JSON document" + line;
        }
        String member = member(mapping);
        return (member.isEmpty() ? "the document" : member) + " is missing, unknown or of another type" + line;
    }

    /** The way to the member that is wrong, empty for the document itself. */
    static String member(JsonMappingException failure) {
        return failure.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
    }
}
