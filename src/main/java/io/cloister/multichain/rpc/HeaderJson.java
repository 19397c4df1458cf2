package io.cloister.multichain.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.ethereum.BlockHeader;
import io.cloister.codec.ethereum.Log;
import io.cloister.codec.ethereum.Receipt;
import io.cloister.multichain.rpc.RpcException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Headers and receipts rebuilt from the JSON of nodes, so that their hashes can be checked. */
final class HeaderJson {
    private HeaderJson() {}

    /**
     * A header whose RLP hashes to what the node says.
     *
     * @throws RpcException UNVERIFIED when it does not
     */
    static BlockHeader header(JsonNode block) {
        BlockHeader header;
        try {
            header = read(block);
        } catch (CodecException e) {
            throw new RpcException(Reason.UNVERIFIED, "a header was served with a gap in its fields", e);
        }
        if (!header.hash().equals(Json.bytes(Json.field(block, "hash"), 32))) {
            throw new RpcException(Reason.UNVERIFIED, "a header was served that has another hash");
        }
        return header;
    }

    private static BlockHeader read(JsonNode block) {
        return new BlockHeader(
                bytes(block, "parentHash", 32),
                bytes(block, "sha3Uncles", 32),
                bytes(block, "miner", 20),
                bytes(block, "stateRoot", 32),
                bytes(block, "transactionsRoot", 32),
                bytes(block, "receiptsRoot", 32),
                bytes(block, "logsBloom", 256),
                Json.quantity(Json.field(block, "difficulty")),
                number(block, "number"),
                number(block, "gasLimit"),
                number(block, "gasUsed"),
                number(block, "timestamp"),
                Json.bytes(Json.field(block, "extraData")),
                bytes(block, "mixHash", 32),
                bytes(block, "nonce", 8),
                optional(block, "baseFeePerGas", Json::quantity),
                optional(block, "withdrawalsRoot", Json::bytes),
                optional(block, "blobGasUsed", Json::smallQuantity),
                optional(block, "excessBlobGas", Json::smallQuantity),
                optional(block, "parentBeaconBlockRoot", Json::bytes),
                optional(block, "requestsHash", Json::bytes));
    }

    static Receipt receipt(JsonNode receipt) {
        List<Log> logs = new ArrayList<>();
        for (JsonNode log : Json.field(receipt, "logs")) {
            logs.add(log(log));
        }
        return new Receipt(
                Math.toIntExact(optional(receipt, "type", Json::smallQuantity).orElse(0L)),
                number(receipt, "status") == 1,
                number(receipt, "cumulativeGasUsed"),
                bytes(receipt, "logsBloom", 256),
                logs);
    }

    static Log log(JsonNode log) {
        List<Bytes> topics = new ArrayList<>();
        for (JsonNode topic : Json.field(log, "topics")) {
            topics.add(Json.bytes(topic, 32));
        }
        return new Log(bytes(log, "address", 20), topics, Json.bytes(Json.field(log, "data")));
    }

    static Bytes bytes(JsonNode object, String name, int length) {
        return Json.bytes(Json.field(object, name), length);
    }

    static long number(JsonNode object, String name) {
        return Json.smallQuantity(Json.field(object, name));
    }

    private static <T> Optional<T> optional(JsonNode object, String name, Function<JsonNode, T> read) {
        return Optional.ofNullable(object.get(name))
                .filter(value -> !value.isNull())
                .map(read);
    }
}
