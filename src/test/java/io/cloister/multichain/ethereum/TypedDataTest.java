package io.cloister.multichain.ethereum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.multichain.Vectors;
import io.cloister.multichain.ethereum.TypedData.Field;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypedDataTest {
    private static final Map<String, String> DOMAIN_FIELDS = new LinkedHashMap<>();

    static {
        DOMAIN_FIELDS.put("name", "string");
        DOMAIN_FIELDS.put("version", "string");
        DOMAIN_FIELDS.put("chainId", "uint256");
        DOMAIN_FIELDS.put("verifyingContract", "address");
        DOMAIN_FIELDS.put("salt", "bytes32");
    }

    @Test
    void hashesThePublishedCasesAsTheOthersDo() {
        JsonNode cases = Vectors.json("multichain/ethereum/ethers-typed-data.json.gz");
        assertThat(cases.size()).isEqualTo(65);
        for (JsonNode test : cases) {
            Map<String, List<Field>> types = types(test);
            TypedData data = new TypedData(types);
            Bytes domain = data.hashStruct("EIP712Domain", struct(types, "EIP712Domain", test.path("domain")));
            String primary = test.path("primaryType").asText();
            Bytes message = data.hashStruct(primary, struct(types, primary, test.path("data")));
            assertThat(TypedData.digest(domain, message).to0x())
                    .as(test.path("name").asText())
                    .isEqualTo(test.path("digest").asText());
        }
    }

    @Test
    void refusesValuesThatAreNotOfTheirType() {
        TypedData data = new TypedData(Map.of("T", List.of(new Field("uint8", "a"))));
        List<Object> wrong = List.of(
                BigInteger.valueOf(256),
                BigInteger.valueOf(-1),
                "1",
                Bytes.of((byte) 1),
                true,
                List.of(BigInteger.ONE));
        for (Object value : wrong) {
            assertThatThrownBy(() -> data.hashStruct("T", Map.of("a", value)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> data.hashStruct("T", Map.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> data.hashStruct("U", Map.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static Map<String, List<Field>> types(JsonNode test) {
        Map<String, List<Field>> types = new HashMap<>();
        test.path("types").properties().forEach(type -> {
            List<Field> fields = new ArrayList<>();
            type.getValue()
                    .forEach(field -> fields.add(new Field(
                            field.path("type").asText(), field.path("name").asText())));
            types.put(type.getKey(), fields);
        });
        types.put(
                "EIP712Domain",
                DOMAIN_FIELDS.entrySet().stream()
                        .filter(field -> test.path("domain").has(field.getKey()))
                        .map(field -> new Field(field.getValue(), field.getKey()))
                        .toList());
        return types;
    }

    private static Map<String, Object> struct(Map<String, List<Field>> types, String type, JsonNode json) {
        Map<String, Object> value = new HashMap<>();
        for (Field field : types.get(type)) {
            value.put(field.name(), value(types, field.type(), json.get(field.name())));
        }
        return value;
    }

    private static Object value(Map<String, List<Field>> types, String type, JsonNode json) {
        if (type.endsWith("]")) {
            String element = type.substring(0, type.lastIndexOf('['));
            List<Object> values = new ArrayList<>();
            json.forEach(each -> values.add(value(types, element, each)));
            return values;
        }
        if (types.containsKey(type)) {
            return struct(types, type, json);
        }
        if (type.equals("string")) {
            return json.asText();
        }
        if (type.equals("bool")) {
            return json.asBoolean();
        }
        if (type.startsWith("uint") || type.startsWith("int")) {
            String text = json.asText();
            return text.startsWith("0x") ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
        }
        return Bytes.hex(json.asText());
    }
}
