package io.cloister.evm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.ethereum.EthereumTransaction;
import io.cloister.codec.ethereum.Log;
import io.cloister.evm.SimulationResult.End;
import io.cloister.evm.SimulationResult.Halted;
import io.cloister.evm.SimulationResult.Revert;
import io.cloister.evm.SimulationResult.Success;
import io.cloister.evm.SimulationResult.TouchedAccount;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The small JSON of nitro-revm and sgx-revm: {@code {"sender":"0x..","amount":"0x2a"}}. What it calls the sender is the
 * account that is credited; the caller is fixed and owns 111 wei in an otherwise empty state, gas costs nothing, and
 * the coinbase is address zero. The answer has the shape of revm's ResultAndState.
 */
public final class SeedFormat {
    /** Who pays, 20 bytes. */
    public static final Bytes CALLER = Bytes.hex("4838b106fce9647bdf1e7877bf73ce8b0bad5f97");

    private static final BigInteger FUNDS = BigInteger.valueOf(111);
    private static final long GAS_LIMIT = 1 << 24;
    private static final int MAX_LENGTH = 1024;
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]{40}");
    private static final Pattern AMOUNT = Pattern.compile("0x[0-9a-fA-F]{1,64}");
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(4)
                            .maxDocumentLength(MAX_LENGTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private SeedFormat() {}

    /**
     * The request that a document asks for.
     *
     * @param document UTF-8 JSON with exactly the two fields, at most 1,024 bytes
     * @throws CodecException TOO_LONG, BAD_TEXT (no such JSON) or UNKNOWN (another field)
     */
    public static SimulationRequest request(Bytes document) {
        if (document.length() > MAX_LENGTH) {
            throw new CodecException(Reason.TOO_LONG, "a request of " + document.length() + " bytes");
        }
        JsonNode request = parse(document.asUtf8());
        if (!request.isObject()) {
            throw new CodecException(Reason.BAD_TEXT, "the request is no JSON object");
        }
        for (Map.Entry<String, JsonNode> field : request.properties()) {
            if (!field.getKey().equals("sender") && !field.getKey().equals("amount")) {
                throw new CodecException(Reason.UNKNOWN, "the request has a field beside sender and amount");
            }
        }
        Bytes credited = Bytes.hex(text(request, "sender", ADDRESS));
        BigInteger amount = new BigInteger(text(request, "amount", AMOUNT).substring(2), 16);
        return transfer(credited, amount);
    }

    private static SimulationRequest transfer(Bytes credited, BigInteger amount) {
        BigInteger zero = BigInteger.ZERO;
        BlockEnvironment block = new BlockEnvironment(
                BigInteger.ONE, 0, 1, GAS_LIMIT, Bytes.zeros(20), Bytes.zeros(32), zero, BigInteger.ONE);
        EthereumTransaction transaction = EthereumTransaction.legacy(
                BigInteger.ONE, 0, zero, GAS_LIMIT, Optional.of(credited), amount, Bytes.EMPTY);
        MemoryState state = new MemoryState().put(CALLER, FUNDS, 0, Bytes.EMPTY, Map.of());
        return new SimulationRequest(Fork.PRAGUE, block, CALLER, transaction, state);
    }

    private static JsonNode parse(String document) {
        try {
            return JSON.readTree(document);
        } catch (JsonProcessingException e) { // its message would quote the request
            throw new CodecException(Reason.BAD_TEXT, "the request is no JSON");
        }
    }

    private static String text(JsonNode request, String field, Pattern form) {
        JsonNode value = request.path(field);
        if (!value.isTextual() || !form.matcher(value.textValue()).matches()) {
            throw new CodecException(Reason.BAD_TEXT, field + " is no text of the form " + form);
        }
        return value.textValue();
    }

    /** A result as JSON; accounts in the order of their addresses. */
    public static String render(SimulationResult result) {
        ObjectNode document = JSON.createObjectNode();
        outcome(document.putObject("result"), result);
        ObjectNode state = document.putObject("state");
        result.accounts().forEach((address, account) -> account(state.putObject(address.to0x()), account));
        return document.toString();
    }

    private static void outcome(ObjectNode node, SimulationResult result) {
        switch (result.outcome()) {
            case Success(End end, Bytes output, Optional<Bytes> created) -> {
                ObjectNode success = node.putObject("Success");
                success.put("reason", name(end.name()));
                success.put("gas_used", result.gasUsed());
                success.put("gas_refunded", result.gasRefunded());
                result.logs().forEach(each -> log(success.withArray("/logs").addObject(), each));
                success.withArray("/logs");
                ObjectNode returned = success.putObject("output");
                returned.put(created.isPresent() ? "Create" : "Call", output.to0x());
                created.ifPresent(address -> returned.put("address", address.to0x()));
            }
            case Revert(Bytes output) ->
                node.putObject("Revert").put("gas_used", result.gasUsed()).put("output", output.to0x());
            case Halted(HaltReason reason) ->
                node.putObject("Halt").put("reason", name(reason.name())).put("gas_used", result.gasUsed());
        }
    }

    private static void log(ObjectNode node, Log log) {
        node.put("address", log.address().to0x());
        ArrayNode topics = node.putArray("topics");
        log.topics().forEach(topic -> topics.add(topic.to0x()));
        node.put("data", log.data().to0x());
    }

    private static void account(ObjectNode node, TouchedAccount account) {
        ObjectNode info = node.putObject("info");
        info.put("balance", "0x" + account.balance().toString(16));
        info.put("nonce", new BigInteger(Long.toUnsignedString(account.nonce())));
        info.put("code_hash", account.codeHash().to0x());
        account.code().ifPresent(code -> info.put("code", code.to0x()));
        ObjectNode storage = node.putObject("storage");
        account.storage()
                .forEach((slot, change) -> storage.putObject(slot.to0x())
                        .put("previous", change.before().to0x())
                        .put("present", change.after().to0x()));
        ArrayNode status = node.putArray("status");
        flag(status, account.status().touched(), "Touched");
        flag(status, account.status().loadedAsNotExisting(), "LoadedAsNotExisting");
        flag(status, account.status().created(), "Created");
        flag(status, account.status().selfDestructed(), "SelfDestructed");
    }

    private static void flag(ArrayNode status, boolean set, String name) {
        if (set) {
            status.add(name);
        }
    }

    /** OUT_OF_GAS as OutOfGas. */
    private static String name(String constant) {
        StringBuilder name = new StringBuilder();
        for (String word : constant.split("_")) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }
}
