package io.cloister.codec.ethereum;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.ethereum.Rlp.Item;
import java.util.List;

/**
 * A contract's event.
 *
 * @param address 20 bytes of the emitter
 * @param topics at most 4 of 32 bytes
 */
public record Log(Bytes address, List<Bytes> topics, Bytes data) {
    public Log {
        if (topics.size() > 4) {
            throw new CodecException(Reason.TOO_LONG, topics.size() + " topics");
        }
        topics = List.copyOf(topics);
    }

    /** The log as RLP, as it stands in a receipt. */
    public Item toRlp() {
        return Rlp.list(
                Rlp.text(address), Rlp.list(topics.stream().map(Rlp::text).toList()), Rlp.text(data));
    }

    static Log fromRlp(Item item) {
        List<Item> fields = item.asList();
        if (fields.size() != 3) {
            throw new CodecException(Reason.UNKNOWN, "a log of " + fields.size() + " fields");
        }
        List<Bytes> topics =
                fields.get(1).asList().stream().map(topic -> topic.asFixed(32)).toList();
        return new Log(fields.getFirst().asFixed(20), topics, fields.get(2).asBytes());
    }
}
