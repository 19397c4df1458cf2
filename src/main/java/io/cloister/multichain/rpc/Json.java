package io.cloister.multichain.rpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.multichain.rpc.RpcException.Reason;
import java.io.IOException;
import java.math.BigInteger;

/** JSON with exact numbers, and the typed reading of answers. */
final class Json {
    static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private static final int COIN_DECIMALS = 8;

    private Json() {}

    static JsonNode parse(byte[] text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new RpcException(Reason.MALFORMED, "the answer is not JSON", e);
        }
    }

    static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A field that the method promises. */
    static JsonNode field(JsonNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            throw new RpcException(Reason.MALFORMED, "the answer has no " + name);
        }
        return value;
    }

    static String text(JsonNode node) {
        if (!node.isTextual()) {
            throw new RpcException(Reason.MALFORMED, "text expected");
        }
        return node.textValue();
    }

    static Bytes bytes(JsonNode node) {
        try {
            return Bytes.hex(text(node));
        } catch (CodecException e) {
            throw new RpcException(Reason.MALFORMED, "hexadecimal expected", e);
        }
    }

    static Bytes bytes(JsonNode node, int length) {
        Bytes value = bytes(node);
        if (value.length() != length) {
            throw new RpcException(Reason.MALFORMED, length + " bytes expected, not " + value.length());
        }
        return value;
    }

    /** A plain JSON integer. */
    static long integer(JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw new RpcException(Reason.MALFORMED, "an integer expected");
        }
        return node.longValue();
    }

    /** A quantity as Ethereum writes it: {@code 0x} and hexadecimal digits, at most 256 bits. */
    static BigInteger quantity(JsonNode node) {
        String text = text(node);
        if (!text.matches("0x[0-9a-fA-F]{1,64}")) {
            throw new RpcException(Reason.MALFORMED, "a quantity expected");
        }
        return new BigInteger(text.substring(2), 16);
    }

    static long smallQuantity(JsonNode node) {
        BigInteger value = quantity(node);
        if (value.bitLength() > 63) {
            throw new RpcException(Reason.MALFORMED, "a quantity of at most 63 bits expected");
        }
        return value.longValue();
    }

    static String quantity(BigInteger value) {
        return "0x" + value.toString(16);
    }

    static String quantity(long value) {
        return "0x" + Long.toHexString(value);
    }

    /** An amount in coins with up to eight decimals, as smallest units. */
    static long units(JsonNode node) {
        if (!node.isNumber()) {
            throw new RpcException(Reason.MALFORMED, "an amount expected");
        }
        try {
            return node.decimalValue().movePointRight(COIN_DECIMALS).longValueExact();
        } catch (ArithmeticException e) {
            throw new RpcException(Reason.MALFORMED, "an amount with at most eight decimals expected", e);
        }
    }
}
