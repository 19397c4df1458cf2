package io.cloister.attestation.format;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Trees as CBOR in the core deterministic encoding (RFC 8949, 4.2.1): definite lengths, shortest numbers, map keys in the
 * order of their encodings. Keys are text, bytes are byte strings, and there are no tags.
 */
final class DeterministicCbor {
    private static final int MAX_DEPTH = 8;

    private static final CBORMapper MAPPER = CBORMapper.builder(CBORFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** A text's encoding begins with its length, so shorter keys come first. */
    private static final Comparator<Bytes> BY_ENCODING =
            Comparator.comparingInt(Bytes::length).thenComparing(Comparator.naturalOrder());

    private DeterministicCbor() {}

    static Bytes write(JsonNode tree) {
        return write(tree, new ByteArrayOutputStream());
    }

    private static Bytes write(JsonNode tree, ByteArrayOutputStream bytes) {
        try (JsonGenerator out = MAPPER.getFactory().createGenerator(bytes)) {
            write(tree, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Bytes.wrap(bytes.toByteArray());
    }

    private static void write(JsonNode node, JsonGenerator out) throws IOException {
        if (node.isObject()) {
            List<Map.Entry<String, JsonNode>> members = node.properties().stream()
                    .sorted(Comparator.comparing(member -> Bytes.utf8(member.getKey()), BY_ENCODING))
                    .toList();
            out.writeStartObject(node, members.size());
            for (Map.Entry<String, JsonNode> member : members) {
                out.writeFieldName(member.getKey());
                write(member.getValue(), out);
            }
            out.writeEndObject();
        } else if (node.isArray()) {
            out.writeStartArray(node, node.size());
            for (JsonNode each : node) {
                write(each, out);
            }
            out.writeEndArray();
        } else if (node.isBinary()) {
            out.writeBinary(node.binaryValue());
        } else if (node.isIntegralNumber() && node.canConvertToLong()) {
            out.writeNumber(node.longValue());
        } else if (node.isTextual()) {
            out.writeString(node.textValue());
        } else {
            throw new CodecException(Reason.UNKNOWN, "a value that has no place in such documents");
        }
    }

    /**
     * The one encoding of a value and nothing else: what is read must be written again as the same bytes. The library's
     * own failures on bytes that are no CBOR are not all of one type. It follows references to earlier strings, by which few
     * bytes stand for many, so what is written ends where it is longer than what was read.
     */
    static JsonNode read(Bytes document) {
        try {
            JsonNode tree = MAPPER.readTree(document.toArray());
            if (write(tree, new NoLonger(document.length())).equals(document)) {
                return tree;
            }
        } catch (CodecException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new CodecException(Reason.BAD_TEXT, "not a CBOR document of this kind", e);
        }
        throw new CodecException(Reason.NOT_CANONICAL, "not the deterministic encoding of CBOR");
    }

    /** Takes so many bytes and no more. */
    private static final class NoLonger extends ByteArrayOutputStream {
        private final int most;

        NoLonger(int most) {
            super(most);
            this.most = most;
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            if (length > most - count) {
                throw new CodecException(Reason.NOT_CANONICAL, "not the deterministic encoding of CBOR");
            }
            super.write(bytes, from, length);
        }
    }

    static Bytes bytes(JsonNode value) {
        if (!value.isBinary()) {
            throw new CodecException(Reason.BAD_TEXT, "bytes are a byte string");
        }
        return HexJson.binary(value);
    }
}
