package io.cloister.attestation.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes one value of a JSON document, for another of its own or for one that readers stumble over. */
final class JsonMutation {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> STRANGE = List.of(
            "null",
            "true",
            "-1",
            "0",
            "256",
            "4294967296",
            "9223372036854775808",
            "1e999999999",
            "1e-999999999",
            "-0.0",
            "1.5",
            "9".repeat(900),
            "9".repeat(2000),
            "\"\"",
            "\"0x00\"",
            "\"zz\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"" + "00".repeat(1000) + "\"",
            "[]",
            "{}",
            "[null]",
            "[[]]",
            "{\"\":1}",
            "{\"a\":1,\"a\":2}",
            "[".repeat(200) + "]".repeat(200),
            "[".repeat(2000) + "]".repeat(2000));

    private JsonMutation() {}

    static Bytes of(Bytes seed, Bytes other, Random random) {
        try {
            JsonNode root = JSON.readTree(seed.toArray());
            JsonNode donor = JSON.readTree(other.toArray());
            List<ContainerNode<?>> containers = new ArrayList<>();
            collect(root, containers);
            if (containers.isEmpty()) {
                return seed;
            }
            for (int i = 1 + random.nextInt(2); i > 0; i--) {
                change(Mutations.pick(containers, random), donor, random);
            }
            return Bytes.wrap(JSON.writeValueAsBytes(root));
        } catch (JsonProcessingException e) {
            return seed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> containers) {
        if (node instanceof ContainerNode<?> container) {
            containers.add(container);
            container.forEach(child -> collect(child, containers));
        }
    }

    private static void change(ContainerNode<?> chosen, JsonNode donor, Random random) {
        JsonNode value = value(donor, random);
        if (chosen instanceof ArrayNode array) {
            switch (random.nextInt(3)) {
                case 0 -> array.add(value);
                case 1 -> {
                    if (!array.isEmpty()) {
                        array.set(random.nextInt(array.size()), value);
                    }
                }
                default -> {
                    for (int i = random.nextInt(300); i > 0; i--) {
                        array.add("%064x".formatted(i));
                    }
                }
            }
            return;
        }
        ObjectNode object = (ObjectNode) chosen;
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.isEmpty() ? "name" : Mutations.pick(names, random);
        switch (random.nextInt(4)) {
            case 0 -> object.remove(name);
            case 1 -> object.set(name + "x", value);
            default -> object.set(name, value);
        }
    }

    private static JsonNode value(JsonNode donor, Random random) {
        if (random.nextInt(3) == 0) {
            List<ContainerNode<?>> containers = new ArrayList<>();
            collect(donor, containers);
            List<JsonNode> values = new ArrayList<>();
            containers.forEach(container -> container.forEach(values::add));
            if (!values.isEmpty()) {
                return Mutations.pick(values, random).deepCopy();
            }
        }
        return JSON.getNodeFactory().rawValueNode(new RawValue(Mutations.pick(STRANGE, random)));
    }
}
