package io.cloister.attestation.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.attestation.Evidence;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;

/** The forms of evidence for others, both with every part readable. */
public enum EvidenceFormat {
    /** RFC 8259; bytes are lower-case hexadecimal behind {@code 0x}. */
    JSON("application/json", 160 * 1024) {
        @Override
        Bytes write(ObjectNode tree) {
            return HexJson.write(tree);
        }

        @Override
        JsonNode parse(Bytes document) {
            return HexJson.read(document);
        }

        @Override
        Bytes bytes(JsonNode value) {
            return HexJson.bytes(value);
        }
    },
    /** RFC 8949 with its core deterministic encoding (4.2.1); any other encoding is refused. */
    CBOR("application/cbor", 80 * 1024) {
        @Override
        Bytes write(ObjectNode tree) {
            return DeterministicCbor.write(tree);
        }

        @Override
        JsonNode parse(Bytes document) {
            return DeterministicCbor.read(document);
        }

        @Override
        Bytes bytes(JsonNode value) {
            return DeterministicCbor.bytes(value);
        }
    };

    private final String mediaType;
    private final int maxSize;

    EvidenceFormat(String mediaType, int maxSize) {
        this.mediaType = mediaType;
        this.maxSize = maxSize;
    }

    public String mediaType() {
        return mediaType;
    }

    /** Bytes of a document, at most. */
    public int maxSize() {
        return maxSize;
    }

    public Bytes write(Evidence evidence) {
        return write(EvidenceTree.of(evidence));
    }

    /**
     * Reads a document to its end: every member once, none unknown, everything within the bounds of the binary form.
     *
     * @throws CodecException for anything else, and for nothing else is any other exception thrown
     */
    public Evidence read(Bytes document) {
        if (document.length() > maxSize) {
            throw new CodecException(Reason.TOO_LONG, "evidence of " + document.length() + " bytes");
        }
        Evidence read = EvidenceTree.read(new Members("evidence", parse(document), this::bytes));
        return Evidence.decode(read.encode()); // the binary form has the bounds of every part
    }

    /** Evidence that stands inside another JSON document, as {@link #JSON} writes it. */
    public static Evidence fromJson(JsonNode tree) {
        Evidence read = EvidenceTree.read(new Members("evidence", tree, HexJson::bytes));
        return Evidence.decode(read.encode());
    }

    /** The document as it stands inside another JSON document. */
    public static JsonNode toJson(Evidence evidence) {
        return HexJson.readable(EvidenceTree.of(evidence));
    }

    abstract Bytes write(ObjectNode tree);

    abstract JsonNode parse(Bytes document);

    abstract Bytes bytes(JsonNode value);
}
