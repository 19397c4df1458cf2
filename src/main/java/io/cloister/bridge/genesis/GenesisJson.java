package io.cloister.bridge.genesis;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.attestation.Policy;
import io.cloister.bridge.Asset;
import io.cloister.channel.PeerAddress;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.ledger.membership.Member;
import io.cloister.ledger.membership.MembershipRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The genesis file as JSON. */
final class GenesisJson {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private GenesisJson() {}

    static String write(GenesisFile file) {
        return text(JSON.writer(), document(file));
    }

    static String pretty(GenesisFile file) {
        return text(JSON.writerWithDefaultPrettyPrinter(), document(file)) + "\n";
    }

    private static String text(ObjectWriter writer, ObjectNode document) {
        try {
            return writer.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode document(GenesisFile file) {
        ObjectNode root = JSON.createObjectNode();
        root.put("chainId", file.chainId());
        root.put("timeMillis", file.timeMillis());
        try {
            root.set("policy", JSON.readTree(file.policy().toJson()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        putRules(root.putObject("membership"), file.rules());
        ArrayNode members = root.putArray("members");
        for (int i = 0; i < file.members().size(); i++) {
            members.add(member(file.members().get(i), file.addresses().get(i)));
        }
        putAssets(root, file.assets(), file.checkpoints());
        return root;
    }

    static GenesisFile parse(Bytes json) {
        try {
            JsonObject root = new JsonObject("genesis", JSON.readTree(json.toArray()));
            List<Member> members = new ArrayList<>();
            List<PeerAddress> addresses = new ArrayList<>();
            for (JsonObject each : root.objects("members")) {
                members.add(member(each));
                addresses.add(new PeerAddress(each.bytes("nodeId", 33), each.text("host"), each.port("port")));
                each.end();
            }
            GenesisFile file = new GenesisFile(
                    root.text("chainId"),
                    root.number("timeMillis"),
                    Policy.parse(Bytes.utf8(root.node("policy").toString())),
                    rules(root.object("membership")),
                    members,
                    addresses,
                    assets(root),
                    checkpoints(root.object("checkpoints")));
            root.end();
            return file;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a genesis file: " + e.getOriginalMessage(), e);
        } catch (IOException | CodecException e) {
            throw new IllegalArgumentException("not a genesis file: " + e.getMessage(), e);
        }
    }

    static AssetsFile parseAssets(Bytes json) {
        try {
            JsonObject root = new JsonObject("assets", JSON.readTree(json.toArray()));
            AssetsFile file = new AssetsFile(assets(root), checkpoints(root.object("checkpoints")));
            root.end();
            return file;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not an assets file: " + e.getOriginalMessage(), e);
        } catch (IOException | CodecException e) {
            throw new IllegalArgumentException("not an assets file: " + e.getMessage(), e);
        }
    }

    static String write(AssetsFile file) {
        ObjectNode root = JSON.createObjectNode();
        putAssets(root, file.assets(), file.checkpoints());
        return text(JSON.writerWithDefaultPrettyPrinter(), root) + "\n";
    }

    private static void putAssets(ObjectNode root, List<Asset> assets, Map<String, Long> checkpoints) {
        ArrayNode list = root.putArray("assets");
        assets.forEach(a -> list.add(asset(a)));
        ObjectNode heights = root.putObject("checkpoints");
        new TreeMap<>(checkpoints).forEach(heights::put);
    }

    private static List<Asset> assets(JsonObject root) {
        List<Asset> assets = new ArrayList<>();
        for (JsonObject each : root.objects("assets")) {
            assets.add(asset(each));
            each.end();
        }
        return assets;
    }

    private static Map<String, Long> checkpoints(JsonObject object) {
        Map<String, Long> heights = new TreeMap<>();
        object.names().forEach(name -> heights.put(name, object.number(name)));
        return heights;
    }

    private static void putRules(ObjectNode out, MembershipRules rules) {
        ArrayNode operators = out.putArray("operators");
        rules.operators().forEach(it -> operators.add(it.toHex()));
        out.put("operatorsCapped", rules.operatorsCapped())
                .put("evidenceAgeMillis", rules.evidenceAgeMillis())
                .put("readinessBlocks", rules.readinessBlocks());
    }

    private static MembershipRules rules(JsonObject in) {
        MembershipRules rules = new MembershipRules(
                in.texts("operators").stream().map(Bytes::hex).toList(),
                in.bool("operatorsCapped"),
                in.number("evidenceAgeMillis"),
                in.small("readinessBlocks"));
        in.end();
        return rules;
    }

    private static ObjectNode member(Member member, PeerAddress address) {
        return JSON.createObjectNode()
                .put("slot", member.slot())
                .put("nodeId", member.nodeId().toHex())
                .put("voteKey", member.voteKey().toHex())
                .put("epochKey", member.epochKey().toHex())
                .put("bootShareKey", member.bootShareKey().toHex())
                .put("bootCounter", member.bootCounter())
                .put("grade", member.grade())
                .put("evidenceDigest", member.evidenceDigest().toHex())
                .put("host", address.host())
                .put("port", address.port());
    }

    private static Member member(JsonObject in) {
        return new Member(
                in.small("slot"),
                in.bytes("nodeId", 33),
                in.bytes("voteKey", 33),
                in.bytes("epochKey", 33),
                in.bytes("bootShareKey", 33),
                in.number("bootCounter"),
                0,
                in.text("grade"),
                in.bytes("evidenceDigest", 32));
    }

    private static ObjectNode asset(Asset asset) {
        ObjectNode out = JSON.createObjectNode()
                .put("symbol", asset.symbol())
                .put("chain", asset.chain())
                .put("supply", Long.toString(asset.supply()))
                .put("evmChain", asset.evmChain())
                .put("evmChainId", asset.evmChainId())
                .put("gatewayContract", asset.gatewayContract().to0x())
                .put("tokenContract", asset.tokenContract().to0x())
                .put("mintFeeBps", asset.mintFeeBps())
                .put("burnFeeBps", asset.burnFeeBps())
                .put("minimumDeposit", Long.toString(asset.minimumDeposit()))
                .put("minimumBurn", Long.toString(asset.minimumBurn()))
                .put("dailyCap", Long.toString(asset.dailyCap()))
                .put("feeRateFloor", asset.feeRateFloor())
                .put("feeRateCap", asset.feeRateCap())
                .put("gatewayLifetimeMillis", asset.gatewayLifetimeMillis())
                .put("guardianThreshold", asset.guardianThreshold());
        ArrayNode guardians = out.putArray("guardians");
        asset.guardians().forEach(g -> guardians.add(g.toHex()));
        return out;
    }

    private static Asset asset(JsonObject in) {
        return new Asset(
                in.text("symbol"),
                in.text("chain"),
                in.amount("supply"),
                in.text("evmChain"),
                in.number("evmChainId"),
                in.bytes("gatewayContract", 20),
                in.bytes("tokenContract", 20),
                in.small("mintFeeBps"),
                in.small("burnFeeBps"),
                in.amount("minimumDeposit"),
                in.amount("minimumBurn"),
                in.amount("dailyCap"),
                in.number("feeRateFloor"),
                in.number("feeRateCap"),
                in.number("gatewayLifetimeMillis"),
                in.small("guardianThreshold"),
                in.texts("guardians").stream().map(Bytes::hex).toList());
    }

    /** A JSON object that is read member by member and must have been read whole. */
    private static final class JsonObject {
        private final String path;
        private final JsonNode node;
        private final List<String> unread = new ArrayList<>();

        JsonObject(String path, JsonNode node) {
            if (!node.isObject()) {
                throw new IllegalArgumentException(path + " is not an object");
            }
            this.path = path;
            this.node = node;
            node.fieldNames().forEachRemaining(unread::add);
        }

        List<String> names() {
            return List.copyOf(unread);
        }

        JsonNode node(String name) {
            JsonNode value = node.get(name);
            if (value == null) {
                throw new IllegalArgumentException(path + "." + name + " is missing");
            }
            unread.remove(name);
            return value;
        }

        JsonObject object(String name) {
            return new JsonObject(path + "." + name, node(name));
        }

        List<JsonObject> objects(String name) {
            List<JsonObject> objects = new ArrayList<>();
            for (JsonNode each : array(name)) {
                objects.add(new JsonObject(path + "." + name + "[" + objects.size() + "]", each));
            }
            return objects;
        }

        List<String> texts(String name) {
            List<String> texts = new ArrayList<>();
            for (JsonNode each : array(name)) {
                if (!each.isTextual()) {
                    throw new IllegalArgumentException(path + "." + name + " holds something that is not text");
                }
                texts.add(each.textValue());
            }
            return texts;
        }

        private JsonNode array(String name) {
            JsonNode value = node(name);
            if (!value.isArray()) {
                throw new IllegalArgumentException(path + "." + name + " is not a list");
            }
            return value;
        }

        String text(String name) {
            JsonNode value = node(name);
            if (!value.isTextual()) {
                throw new IllegalArgumentException(path + "." + name + " is not text");
            }
            return value.textValue();
        }

        boolean bool(String name) {
            JsonNode value = node(name);
            if (!value.isBoolean()) {
                throw new IllegalArgumentException(path + "." + name + " is neither true nor false");
            }
            return value.booleanValue();
        }

        long number(String name) {
            JsonNode value = node(name);
            if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
                throw new IllegalArgumentException(path + "." + name + " is not a whole number");
            }
            return value.longValue();
        }

        long amount(String name) {
            String text = text(name);
            if (!text.matches("[0-9]{1,18}")) {
                throw new IllegalArgumentException(path + "." + name + " is not an amount");
            }
            return Long.parseLong(text);
        }

        int small(String name) {
            long number = number(name);
            if (number > 65_535) {
                throw new IllegalArgumentException(path + "." + name + " is above 65535");
            }
            return (int) number;
        }

        int port(String name) {
            long port = number(name);
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException(path + "." + name + " is not a port");
            }
            return (int) port;
        }

        Bytes bytes(String name, int length) {
            Bytes bytes = Bytes.hex(text(name));
            if (bytes.length() != length) {
                throw new IllegalArgumentException(path + "." + name + " has not " + length + " bytes");
            }
            return bytes;
        }

        void end() {
            if (!unread.isEmpty()) {
                throw new IllegalArgumentException(path + " has unknown members " + unread);
            }
        }
    }
}
